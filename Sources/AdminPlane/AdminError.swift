// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Why an admin request was not done.
public struct AdminError: Error, Sendable, CustomStringConvertible {
    /// The kinds of errors, each with its HTTP status.
    public enum Kind: Int, Sendable {
        /// The request is not well-formed.
        case malformed = 400
        /// Nobody knows who is asking.
        case unauthorized = 401
        /// The caller may not do it.
        case forbidden = 403
        /// What the request names does not exist.
        case unknown = 404
        /// What the request names cannot be asked for in this way.
        case method = 405
        /// The state of the gate does not allow it.
        case conflict = 409
        /// The request is for somebody else.
        case misdirected = 421
        /// The request is too long.
        case tooLarge = 413
        /// The request did not come in time.
        case tooSlow = 408
        /// Too many ask.
        case tooMany = 429
        /// The gate itself is at fault.
        case failed = 500
        /// The gate cannot do it now.
        case unavailable = 503

        var name: String {
            switch self {
            case .malformed: "malformed"
            case .unauthorized: "unauthorized"
            case .forbidden: "forbidden"
            case .unknown: "unknown"
            case .method: "method"
            case .conflict: "conflict"
            case .misdirected: "misdirected"
            case .tooLarge: "too_large"
            case .tooSlow: "too_slow"
            case .tooMany: "too_many"
            case .failed: "failed"
            case .unavailable: "unavailable"
            }
        }

        var title: String {
            switch self {
            case .malformed: "The request is not well-formed"
            case .unauthorized: "Nobody is signed in"
            case .forbidden: "The caller may not do this"
            case .unknown: "There is no such thing"
            case .method: "This cannot be asked for in this way"
            case .conflict: "The state of the gate does not allow this"
            case .misdirected: "The request is for somebody else"
            case .tooLarge: "The request is too long"
            case .tooSlow: "The request did not come in time"
            case .tooMany: "Too many ask at once"
            case .failed: "The gate failed"
            case .unavailable: "The gate cannot do this now"
            }
        }
    }

    /// The kind.
    public var kind: Kind
    /// What happened.
    public var detail: String
    /// What to do or to type next.
    public var remedy: String?

    /// Records an error.
    public init(_ kind: Kind, _ detail: String, remedy: String? = nil) {
        self.kind = kind
        self.detail = detail
        self.remedy = remedy
    }

    /// What happened and what to do next.
    public var description: String { remedy.map { "\(detail); \($0)" } ?? detail }

    /// The error as it travels.
    var problem: Problem {
        Problem(
            type: "urn:yett:problem:\(kind.name)", title: kind.title, status: kind.rawValue, detail: detail,
            remedy: remedy)
    }
}
