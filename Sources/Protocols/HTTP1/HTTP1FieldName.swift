// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Field names that mean something to a gateway, found while parsing so that forwarding needs no comparison of strings.
///
/// Names are compared without regard to case. A name that becomes one of these when `_` is read as `-` is ``alias``,
/// because CGI-style servers make the same variable of both spellings; it is never forwarded and never obeyed.
public enum HTTP1FieldName: UInt8, Sendable, Hashable {
    /// A field that is none of the others and passes end to end.
    case other
    /// `Host`.
    case host
    /// `Content-Length`.
    case contentLength
    /// `Transfer-Encoding`.
    case transferEncoding
    /// `Connection`.
    case connection
    /// `Proxy-Connection`.
    case proxyConnection
    /// `Keep-Alive`.
    case keepAlive
    /// `TE`.
    case te
    /// `Trailer`.
    case trailer
    /// `Upgrade`.
    case upgrade
    /// `Proxy-Authorization`.
    case proxyAuthorization
    /// `Proxy-Authenticate`.
    case proxyAuthenticate
    /// `Proxy-Authentication-Info`.
    case proxyAuthenticationInfo
    /// `HTTP2-Settings`.
    case http2Settings
    /// `Expect`.
    case expect
    /// `Via`.
    case via
    /// `Forwarded`, `X-Forwarded-*`, `X-Real-IP` and their relatives: claims about the client's address and connection.
    case forwarding
    /// `Yett-*` and `X-Yett-*`: fields that only the gate sets.
    case gateway
    /// `Remote-User`, `X-Auth-Request-*`, `X-Agent-*`, `Client-Cert` and their relatives: claims about who is asking.
    case identity
    /// `X-HTTP-Method-Override`, `X-Original-URL`, `Proxy` and their relatives: fields that change what the request
    /// means after it was judged.
    case override
    /// A name with `_` that reads as one of the names above with `-`.
    case alias

    /// The bit of this name in a set of names.
    @inline(__always) var bit: UInt32 { 1 &<< UInt32(rawValue) }

    /// Names that are for one connection only and are never forwarded as they are (RFC 9110 section 7.6.1), together
    /// with `Host` and the framing fields, which are always written anew, and aliases.
    static let perHop: UInt32 =
        HTTP1FieldName.host.bit | contentLength.bit | transferEncoding.bit | connection.bit | proxyConnection.bit
        | keepAlive.bit | te.bit | trailer.bit | upgrade.bit | proxyAuthorization.bit | proxyAuthenticate.bit
        | proxyAuthenticationInfo.bit | http2Settings.bit | gateway.bit | alias.bit

    /// True for a field that is never forwarded as it came.
    public var isPerHop: Bool { Self.perHop & bit != 0 }
}
