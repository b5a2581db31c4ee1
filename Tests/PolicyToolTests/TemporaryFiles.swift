// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import PolicyTool

/// A directory of its own that goes away with the test.
final class TemporaryFiles {
    let path: String

    init(_ files: [String: String] = [:]) throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "yett-policy-\(UUID().uuidString)")
        path = directory.path
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        for (name, text) in files { try write(text, to: name) }
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func write(_ text: String, to name: String) throws {
        let file = URL(filePath: path).appending(path: name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    func text(_ name: String) throws -> String {
        try String(contentsOf: URL(filePath: path).appending(path: name), encoding: .utf8)
    }
}

/// The message of the problem that a body throws, without the directory of the test.
func message(in files: TemporaryFiles, _ body: () throws -> Void) -> String? {
    do {
        try body()
        return nil
    } catch let problem as PolicyProblem {
        return problem.text.replacingOccurrences(of: files.path + "/", with: "").replacingOccurrences(
            of: files.path, with: "DIR")
    } catch {
        return "\(error)"
    }
}
