// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Addresses
public import Protocols

/// Why a fetch of the gate's own failed. The texts are for the operator: they name addresses, and nothing of a body.
public enum OutboundError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The URL cannot be used; whoever gave it is at fault.
    case url(String)
    /// The request cannot be sent; the caller is at fault.
    case request(String)
    /// TLS could not be set up; the configuration or the own identity is at fault.
    case tls(String)
    /// The name has no addresses, or nobody says which.
    case name(String)
    /// The address guard refuses one of the name's addresses: this is no place that the gate fetches from.
    case address(AddressRefusal)
    /// No address takes connections, or the connection broke.
    case unreachable(String)
    /// The server is not who it should be, or speaks no TLS.
    case untrusted(String)
    /// The answer is no strict HTTP/1.1.
    case broken(HTTP1Refusal)
    /// The body is in a coding that was not asked for.
    case coding
    /// The answer is longer than the limit.
    case tooLarge(limit: Int)
    /// The server says that the answer is elsewhere, and it is not to be looked for there.
    case redirect(UInt16)
    /// It took too long.
    case timeout
    /// The task was cancelled.
    case cancelled

    /// What happened.
    public var description: String {
        switch self {
        case .url(let why): "the URL cannot be used: \(why)"
        case .request(let why): "the request cannot be sent: \(why)"
        case .tls(let why): "TLS cannot be set up: \(why)"
        case .name(let why): "the name cannot be looked up: \(why)"
        case .address(let refusal): "the address is refused: \(refusal); an exception would have to name it"
        case .unreachable(let why): "the server cannot be reached: \(why)"
        case .untrusted(let why): "the server is not trusted: \(why)"
        case .broken(let refusal): "the server's answer is refused: \(refusal)"
        case .coding: "the server's answer is in a coding that was not asked for"
        case .tooLarge(let limit): "the server's answer has more than \(limit) bytes"
        case .redirect(let status): "the server redirects (status \(status)), which is not followed"
        case .timeout: "the server did not answer in time"
        case .cancelled: "the fetch was cancelled"
        }
    }

    /// A text of a library or a server, fit for a log line.
    static func legible(_ error: some Any) -> String {
        let bytes = "\(error)".utf8.prefix(200).map { (0x20...0x7e).contains($0) ? $0 : UInt8(ascii: "?") }
        return String(decoding: bytes, as: UTF8.self)
    }
}
