// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Why a call ended.
public enum CallFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// Nobody takes connections on the socket, or the connection broke.
    case unreachable(String)
    /// The server ended the call with a gRPC status that is not OK, and said this about it.
    case status(Code, String)
    /// The server closed a stream that has no end, and gave no reason. Agents that restart do.
    case closed
    /// Nothing came in time.
    case silent
    /// What came is no gRPC.
    case broken(String)

    /// The codes of the gRPC specification.
    public enum Code: Int, Sendable, Hashable, CaseIterable {
        /// The call succeeded.
        case ok
        /// Somebody gave the call up.
        case cancelled
        /// Nobody knows what happened.
        case unknown
        /// The request is wrong; asking again changes nothing.
        case invalidArgument
        /// It took too long.
        case deadlineExceeded
        /// There is no such thing.
        case notFound
        /// There is such a thing already.
        case alreadyExists
        /// The caller may not have what it asks for.
        case permissionDenied
        /// A quota or a limit is exhausted.
        case resourceExhausted
        /// The system is not in the state that the call needs.
        case failedPrecondition
        /// Something else happened at the same time.
        case aborted
        /// The request lies outside of a range.
        case outOfRange
        /// The server does not have this method.
        case notOffered
        /// The server broke.
        case internalError
        /// The server is not ready, or overloaded.
        case unavailable
        /// Something was lost.
        case dataLoss
        /// The server wants credentials.
        case unauthenticated
    }

    /// Whether asking again is of no use until somebody changes something: the specification of the SPIFFE Workload
    /// Endpoint says so of these, and of no others.
    package var isFinal: Bool {
        switch self {
        case .status(.invalidArgument, _), .status(.notOffered, _): true
        default: false
        }
    }

    /// What happened, and whose fault it is.
    public var description: String {
        switch self {
        case .unreachable(let why): "the server cannot be reached: \(why)"
        case .status(let code, let text): "the server answers \(code)\(text.isEmpty ? "" : ": \(text)")"
        case .closed: "the server closed the stream"
        case .silent: "the server does not answer"
        case .broken(let why): "the server does not speak gRPC: \(why)"
        }
    }

    /// A text of the server's, fit for a log line: visible ASCII and spaces, at most 256 bytes.
    package static func legible(_ text: String) -> String {
        let bytes = text.utf8.prefix(256).map { (0x20...0x7e).contains($0) ? $0 : UInt8(ascii: "?") }
        return String(decoding: bytes, as: UTF8.self)
    }
}
