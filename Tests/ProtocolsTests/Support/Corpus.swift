// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Testing

/// One case of a conformance corpus.
struct CorpusCase: Decodable, CustomTestStringConvertible {
    var id: String
    var group: String
    var mode: String?
    var verdict: String
    var bytes_b64: String?
    var upstream_response_b64: String?
    var after_connect_b64: String?
    var target: String?
    var via: String?
    var expect: Expectation?

    struct Expectation: Decodable {
        var policy_path: String?
    }

    var testDescription: String { id }

    /// What the client writes, unless the corpus has it compressed only.
    var clientBytes: [UInt8]? { decode(bytes_b64) ?? decode(after_connect_b64) }

    /// What the upstream answers.
    var upstreamBytes: [UInt8]? { decode(upstream_response_b64) }

    private func decode(_ text: String?) -> [UInt8]? { text.flatMap { Data(base64Encoded: $0) }.map { Array($0) } }
}

/// The corpora, where they exist.
enum Corpus {
    private struct File: Decodable {
        var cases: [CorpusCase]
    }

    /// The cases of a file such as `http-attacks/http1.json`; none when the directory is absent.
    static func cases(_ path: String) -> [CorpusCase] {
        data(path).compactMap { try? JSONDecoder().decode(File.self, from: $0) }.first?.cases ?? []
    }

    /// The contents of a file in every directory that has it, the one that was asked for first.
    static func data(_ path: String) -> [Data] {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().resolvingSymlinksInPath()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let directories = [
            ProcessInfo.processInfo.environment["YETT_CONFORMANCE_DIR"].map { URL(fileURLWithPath: $0) },
            root.appendingPathComponent("Tests/Conformance/Corpora"),
            root.deletingLastPathComponent().appendingPathComponent("shared/conformance"),
        ]
        return directories.compactMap { $0 }.compactMap { try? Data(contentsOf: $0.appendingPathComponent(path)) }
    }
}
