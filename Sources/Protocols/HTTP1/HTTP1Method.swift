// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A request method. Methods are case-sensitive: `get` is ``other``.
public enum HTTP1Method: UInt8, Sendable, Hashable {
    /// `GET`.
    case get
    /// `HEAD`.
    case head
    /// `POST`.
    case post
    /// `PUT`.
    case put
    /// `DELETE`.
    case delete
    /// `PATCH`.
    case patch
    /// `OPTIONS`.
    case options
    /// `CONNECT`.
    case connect
    /// `TRACE`.
    case trace
    /// Any other token; its bytes are in the head.
    case other

    /// The method of a name, which is case-sensitive (RFC 9110 section 9.1).
    public init(_ name: String) {
        var name = name
        self = name.withUTF8 { HTTP1Method(UnsafeRawBufferPointer($0)) }
    }

    init(_ bytes: UnsafeRawBufferPointer) {
        self =
            switch bytes.count {
            case 3: ByteScan.equals(bytes, "GET") ? .get : ByteScan.equals(bytes, "PUT") ? .put : .other
            case 4: ByteScan.equals(bytes, "POST") ? .post : ByteScan.equals(bytes, "HEAD") ? .head : .other
            case 5: ByteScan.equals(bytes, "PATCH") ? .patch : ByteScan.equals(bytes, "TRACE") ? .trace : .other
            case 6: ByteScan.equals(bytes, "DELETE") ? .delete : .other
            case 7: ByteScan.equals(bytes, "CONNECT") ? .connect : ByteScan.equals(bytes, "OPTIONS") ? .options : .other
            default: .other
            }
    }
}

extension HTTP1Method {
    /// Whether asking twice comes to the same as asking once (RFC 9110 section 9.2.2).
    public var isIdempotent: Bool {
        switch self {
        case .get, .head, .put, .delete, .options, .trace: true
        case .post, .patch, .connect, .other: false
        }
    }

    /// The method's name, or the empty string for a method that is none of the known ones.
    public var name: String {
        switch self {
        case .get: "GET"
        case .head: "HEAD"
        case .post: "POST"
        case .put: "PUT"
        case .delete: "DELETE"
        case .patch: "PATCH"
        case .options: "OPTIONS"
        case .connect: "CONNECT"
        case .trace: "TRACE"
        case .other: ""
        }
    }
}
