// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Rego

/// A source file and its canonical layout.
public struct FormattedFile: Sendable {
    /// The path; `-` for standard input.
    public let path: String
    /// The bytes as they are.
    public let original: [UInt8]
    /// The bytes as they should be.
    public let formatted: [UInt8]

    /// Whether both are the same.
    public var isCanonical: Bool { original == formatted }

    /// Lays out the sources at and below paths; throws at the first that is no module.
    public static func files(
        at paths: [String], ignoring ignored: [String] = []
    ) throws(PolicyProblem) -> [FormattedFile] {
        var result: [FormattedFile] = []
        for path in paths {
            let isFile = path.utf8.elementsEqual("-".utf8) ? true : try FileTree.kind(of: path) == .file
            for file in isFile ? [path] : try FileTree.files(below: path, ignoring: ignored) {
                guard isFile || file.utf8.reversed().starts(with: ".rego".utf8.reversed()) else { continue }
                result.append(try FormattedFile(path: file))
            }
        }
        return result
    }

    /// Lays out a file.
    public init(path: String) throws(PolicyProblem) {
        self.path = path
        original = try FileTree.read(path)
        do throws(Diagnostics) {
            formatted = try Formatter.format(source: original, file: 0)
        } catch {
            throw PolicyProblem(error, sources: [PolicySource(name: path, bytes: original)])
        }
    }

    /// Writes the canonical layout into the file.
    public func write() throws(PolicyProblem) {
        try FileTree.write(formatted, to: path)
    }

    /// What would change, as a unified diff.
    public var difference: String {
        LineDifference.text(from: original, to: formatted, name: path)
    }
}
