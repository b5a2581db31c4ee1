// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Rego

/// Why a command about policies has no result: what OPA would list under `errors`.
public struct PolicyProblem: Error {
    /// One mistake.
    public struct Entry: Sendable, Hashable {
        /// OPA's code; empty for files that cannot be read.
        public var code: String
        /// What is wrong.
        public var message: String
        /// The source, and its line and column.
        public var place: SourcePlace?
        /// The line of the source at fault and the byte of it, for mistakes of parsing.
        public var excerpt: SourceExcerpt?
    }

    /// The mistakes.
    public var entries: [Entry]
    /// Whether files could not be loaded, which comes before everything else.
    public var isLoading: Bool
    /// What to type next.
    public var remedy: String?

    /// Describes mistakes.
    public init(_ entries: [Entry], isLoading: Bool = false, remedy: String? = nil) {
        self.entries = entries
        self.isLoading = isLoading
        self.remedy = remedy
    }

    /// Describes a file that cannot be loaded.
    public init(loading message: String, remedy: String? = nil) {
        self.init([Entry(code: "", message: message)], isLoading: true, remedy: remedy)
    }

    /// Describes what cannot be done with what was asked for.
    public init(asked message: String, remedy: String? = nil) {
        self.init([Entry(code: "", message: message)], remedy: remedy)
    }

    /// Describes mistakes in sources.
    init(_ diagnostics: Diagnostics, sources: [PolicySource]) {
        self.init(
            diagnostics.list.map { diagnostic in
                let number = Int(diagnostic.location.file)
                let source = sources.indices.contains(number) ? sources[number] : nil
                let place = SourcePlace(
                    file: source?.name ?? "", row: Int(diagnostic.location.row),
                    column: Int(diagnostic.location.column))
                return Entry(
                    code: diagnostic.code.rawValue, message: diagnostic.message,
                    place: diagnostic.location.row > 0 ? place : nil,
                    excerpt: diagnostic.code == .parse ? source.flatMap { SourceExcerpt($0.bytes, at: place) } : nil)
            })
    }

    /// Describes mistakes in a query.
    init(_ diagnostics: Diagnostics, query: String) {
        self.init(diagnostics, sources: [])
        for index in entries.indices where entries[index].code == Diagnostic.Code.parse.rawValue {
            entries[index].excerpt = entries[index].place.flatMap { SourceExcerpt(Array(query.utf8), at: $0) }
        }
    }

    /// Describes why an evaluation has no result.
    init(_ error: EvaluationError) {
        let place = SourcePlace(
            file: error.file, row: Int(error.location.row), column: Int(error.location.column))
        self.init([Entry(code: error.code, message: error.message, place: error.location.row > 0 ? place : nil)])
    }

    /// As OPA writes it for people: a count, then each mistake with its place.
    public var text: String {
        let kind = isLoading ? " during loading" : ""
        let list = entries.map(\.text).joined(separator: "\n")
        return entries.count == 1
            ? "1 error occurred\(kind): \(list)" : "\(entries.count) errors occurred\(kind):\n\(list)"
    }

    /// As OPA writes it for programs: `{"errors": […]}`.
    public var json: SyntaxValue {
        .fields([("errors", .array(entries.map(\.json)))])
    }
}

/// A place in a source that messages name.
public struct SourcePlace: Sendable, Hashable {
    /// The name of the source; empty for a query.
    public var file: String
    /// The line from 1.
    public var row: Int
    /// The character in the line from 1.
    public var column: Int

    var json: SyntaxValue {
        .fields([("file", .text(file)), ("row", .integer(row)), ("col", .integer(column))])
    }
}

/// A line of a source.
public struct SourceExcerpt: Sendable, Hashable {
    /// The line.
    public var line: String
    /// The position in it, from 0.
    public var index: Int

    init?(_ source: [UInt8], at place: SourcePlace) {
        let lines = source.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.indices.contains(place.row - 1) else { return nil }
        line = String(decoding: lines[place.row - 1], as: UTF8.self)
        index = max(0, place.column - 1)
    }

    var text: String {
        let trimmed = line.drop { $0 == "\t" }
        let indent = max(0, index - (line.count - trimmed.count))
        return "\n\t\(trimmed)\n\t\(String(repeating: " ", count: indent))^"
    }
}

extension PolicyProblem.Entry {
    var text: String {
        var result = ""
        if let place {
            result = place.file.isEmpty ? "\(place.row):\(place.column): " : "\(place.file):\(place.row): "
        }
        if !code.isEmpty { result += "\(code): " }
        return result + message + (excerpt?.text ?? "")
    }

    var json: SyntaxValue {
        var fields: [(String, SyntaxValue)] = [("message", .text(message))]
        if !code.isEmpty { fields.append(("code", .text(code))) }
        if let place { fields.append(("location", place.json)) }
        if let excerpt {
            fields.append(("details", .fields([("line", .text(excerpt.line)), ("idx", .integer(excerpt.index))])))
        }
        return .fields(fields)
    }
}
