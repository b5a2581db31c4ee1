// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// One mistake, or something that is probably one, in a configuration file.
public struct Diagnostic: Sendable, Hashable, CustomStringConvertible {
    /// Whether the file can be used in spite of it.
    public var severity: Severity
    /// The file's name as the caller gave it.
    public var file: String
    /// Where in the file.
    public var place: Place
    /// What is wrong and what is allowed there.
    public var message: String
    /// What the writer probably meant.
    public var hint: String?

    /// How bad it is.
    public enum Severity: String, Sendable, Hashable {
        /// The file cannot be used.
        case error
        /// The file can be used, but part of it has no effect or an unexpected one.
        case warning
    }

    /// `file:line:column: severity: message`, and the hint behind a semicolon.
    public var description: String {
        let tail = hint.map { "; \($0)" } ?? ""
        return "\(file):\(place): \(severity.rawValue): \(message)\(tail)"
    }
}

/// A place in a file; lines and columns count from 1, columns in Unicode scalars.
public struct Place: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The line.
    public var line: Int
    /// The column.
    public var column: Int

    /// The start of the file.
    public static let start = Place(line: 1, column: 1)

    /// Makes a place.
    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// Orders places as they are read.
    public static func < (left: Place, right: Place) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }

    /// `line:column`.
    public var description: String { "\(line):\(column)" }
}
