// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Rego

/// A question for a document of the policy, as OPA's REST API asks it.
public struct DocumentQuery: Sendable {
    /// Where the document stands below `data`; digits alone are a position in an array. Absent for the default decision.
    public var path: [String]?
    /// The input as JSON; absent for none.
    public var input: [UInt8]?
    /// Whether the first failure of a builtin function ends the evaluation.
    public var isStrict = false
    /// Whether the result is indented, for an answer that is an object with the result as a member.
    public var isIndented = false

    /// Asks for a document.
    public init(path: [String]?, input: [UInt8]? = nil) {
        self.path = path
        self.input = input
    }
}

/// What stands at a document's place.
public struct DocumentAnswer: Sendable {
    /// Where it was looked for, below `data`.
    public var path: [String]
    /// The document as JSON; absent when it is undefined.
    public var result: [UInt8]?
    /// Names the evaluation in the decision log, when there is one.
    public var decision: String?
    /// Times in nanoseconds, and counts, by OPA's names.
    public var metrics: [(name: String, value: Int64)] = []
    /// The program's version.
    public var version = ""
    /// The bundles of the policy.
    public var bundles: [(name: String, revision: String)] = []

    /// Describes an answer.
    public init(path: [String], result: [UInt8]?) {
        self.path = path
        self.result = result
    }
}

/// A file of the policy.
public struct PolicyText: Sendable {
    /// Its name.
    public var id: String
    /// Its bytes.
    public var bytes: [UInt8]

    /// Describes a file.
    public init(id: String, bytes: [UInt8]) {
        self.id = id
        self.bytes = bytes
    }
}

/// Why there is no answer, in the form of OPA's REST API.
public struct DocumentError: Error, Sendable {
    /// The HTTP status.
    public var status: Int
    /// OPA's code.
    public var code: String
    /// What happened.
    public var message: String
    /// What the evaluation says.
    public var errors: [EvaluationError]

    /// Describes an error.
    public init(status: Int, code: String, message: String, errors: [EvaluationError] = []) {
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors
    }

    /// The request cannot be read.
    public static func malformed(_ message: String) -> DocumentError {
        DocumentError(status: 400, code: "invalid_parameter", message: message)
    }

    /// What is asked for cannot be done here.
    public static func refused(_ message: String) -> DocumentError {
        DocumentError(status: 405, code: "invalid_parameter", message: message)
    }

    /// A query has mistakes.
    public static func query(_ mistakes: Diagnostics) -> DocumentError {
        DocumentError(
            status: 400, code: "invalid_parameter", message: "error(s) occurred while parsing query",
            errors: mistakes.list.map { mistake in
                EvaluationError(
                    code: mistake.code.rawValue, message: mistake.message, file: "", location: mistake.location,
                    limit: nil)
            })
    }

    /// The evaluation ended without a result.
    public static func evaluation(_ error: EvaluationError) -> DocumentError {
        DocumentError(
            status: 500, code: "internal_error", message: "error(s) occurred while evaluating query", errors: [error])
    }

    /// There is no such thing.
    public static func missing(_ message: String) -> DocumentError {
        DocumentError(status: 404, code: "resource_not_found", message: message)
    }
}
