// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Why an evaluation has no result; undefined is a result.
public struct EvaluationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// OPA's code (`eval_conflict_error`, `eval_type_error`, `eval_builtin_error`, …), or `eval_limit_error`.
    public var code: String
    /// What happened.
    public var message: String
    /// The source and place of the statement.
    public var file: String
    /// Line and column of the statement.
    public var location: Location
    /// The limit that was reached, for `eval_limit_error`.
    public var limit: Limit?

    /// Describes an error.
    public init(code: String, message: String, file: String, location: Location, limit: Limit? = nil) {
        self.code = code
        self.message = message
        self.file = file
        self.location = location
        self.limit = limit
    }

    /// `file:row: code: message`, as OPA writes it.
    public var description: String {
        let place =
            file.isEmpty
            ? (location.row > 0 ? "\(location.row):\(location.column): " : "") : "\(file):\(location.row): "
        return "\(place)\(code): \(message)"
    }
}
