// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A file that a foreign system reads.
public struct Manifest: Sendable, Hashable {
    /// The name of the file, without a directory.
    public let name: String
    /// What stands in it, ended by a line feed.
    public let text: String

    /// Names a text.
    public init(name: String, text: String) {
        self.name = name
        self.text = text
    }
}

/// What a configuration became for one foreign system.
public struct Rendering: Sendable, Hashable {
    /// The files, in the order in which they are applied.
    public var documents: [Manifest] = []
    /// What the files cannot say, and what has to be done by hand: one sentence each.
    public var notes: [String] = []

    /// All files one after the other: documents of YAML as one stream, others below a comment with their names.
    public var stream: String {
        guard documents.count > 1 else { return documents.first?.text ?? "" }
        let isYAML = documents.allSatisfy { $0.name.hasSuffix(".yaml") }
        return isYAML
            ? documents.map(\.text).joined(separator: "---\n")
            : documents.map { "# \($0.name)\n\n\($0.text)" }.joined(separator: "\n")
    }
}

/// Why a configuration has no equal in a foreign system.
public struct ManifestError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What happened, and whose fault it is.
    public let description: String
    /// What to do about it.
    public let remedy: String

    /// Describes a mistake.
    init(_ description: String, remedy: String) {
        self.description = description
        self.remedy = remedy
    }
}
