// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation

/// The source texts of the Rego corpus.
struct SyntaxCorpus {
    struct File: Decodable {
        var category: String
        var cases: [Case]
    }

    struct Case: Decodable {
        var id: String?
        var note: String?
        var query: String?
        var modules: [String]?
        var input_term: String?
        var want_errors: [Mistake]?
        var source: String?
        var want_formatted: String?
        var want_error: FailureMark?

        var name: String { id ?? note ?? "" }
    }

    struct Mistake: Decodable {
        var code: String
        var module: Int?
        var row: Int
    }

    /// `true` in the cases for layouts, a text in the others.
    struct FailureMark: Decodable {
        init(from decoder: any Decoder) throws {}
    }

    /// The files, without the words; nothing where there is no corpus.
    static let files: [File] = {
        guard let folder else { return [] }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".json") }.sorted().compactMap { name in
            guard let data = try? Data(contentsOf: folder.appendingPathComponent(name)) else { return nil }
            return try? JSONDecoder().decode(File.self, from: data)
        }
    }()

    /// The paths of the files.
    static let paths: [String] = {
        guard let folder else { return [] }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".json") }.sorted().map { folder.appendingPathComponent($0).path }
    }()

    private static let folder: URL? = {
        let environment = ProcessInfo.processInfo.environment
        let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let named = environment["YETT_CONFORMANCE_DIR"].flatMap { $0.isEmpty ? nil : URL(fileURLWithPath: $0) }
        let root = named ?? repository.deletingLastPathComponent().appendingPathComponent("shared/conformance")
        let folder = root.appendingPathComponent("rego")
        return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
    }()

    /// Whether a missing corpus is a mistake.
    static let isRequired = ProcessInfo.processInfo.environment["CI"] == "true"

    static var cases: [(category: String, Case)] {
        files.flatMap { file in file.cases.map { (file.category, $0) } }
    }
}
