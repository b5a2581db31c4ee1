// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension HTTP1FieldName {
    /// What a field name means. `hasUnderscore` tells that the name holds at least one `_`.
    static func classify(_ name: UnsafeRawBufferPointer, hasUnderscore: Bool) -> HTTP1FieldName {
        guard hasUnderscore else { return classify(name) }
        return withUnsafeTemporaryAllocation(byteCount: 48, alignment: 1) { dashed in
            // The longest name of interest is shorter; a longer one can matter only by its prefix.
            let count = min(name.count, dashed.count)
            for index in 0..<count { dashed[index] = name[index] == 0x5f ? 0x2d : name[index] }
            let meaning = classify(UnsafeRawBufferPointer(rebasing: dashed[0..<count]))
            return meaning == .other ? .other : .alias
        }
    }

    private static func classify(_ name: UnsafeRawBufferPointer) -> HTTP1FieldName {
        guard name.count >= 2 else { return .other }
        switch name[0] | 0x20 {
        case 0x62, 0x66: return forwardingOrBase(name)  // b, f
        case 0x63: return connectionOrContent(name)  // c
        case 0x65: return name.is("expect") ? .expect : .other  // e
        case 0x68: return name.is("host") ? .host : name.is("http2-settings") ? .http2Settings : .other  // h
        case 0x6b: return name.is("keep-alive") ? .keepAlive : .other  // k
        case 0x70: return proxy(name)  // p
        case 0x72: return name.starts("remote-") ? .identity : .other  // r
        case 0x73: return name.starts("ssl-client-") ? .identity : .other  // s
        case 0x74: return transferOrTrailer(name)  // t
        case 0x75: return name.is("upgrade") ? .upgrade : .other  // u
        case 0x76: return name.is("via") ? .via : .other  // v
        case 0x78: return name[1] == 0x2d ? extended(name) : .other  // x-
        case 0x79: return name.starts("yett-") ? .gateway : .other  // y
        default: return .other
        }
    }

    private static func forwardingOrBase(_ name: UnsafeRawBufferPointer) -> HTTP1FieldName {
        if name.is("forwarded") || name.is("fastly-client-ip") { return .forwarding }
        return name.is("base-url") ? .override : .other
    }

    private static func connectionOrContent(_ name: UnsafeRawBufferPointer) -> HTTP1FieldName {
        if name.is("connection") { return .connection }
        if name.is("content-length") { return .contentLength }
        if name.is("client-ip") || name.is("cf-connecting-ip") { return .forwarding }
        return name.is("client-cert") || name.is("client-cert-chain") ? .identity : .other
    }

    private static func proxy(_ name: UnsafeRawBufferPointer) -> HTTP1FieldName {
        guard name.starts("proxy") else { return .other }
        if name.is("proxy-connection") { return .proxyConnection }
        if name.is("proxy-authorization") { return .proxyAuthorization }
        if name.is("proxy-authenticate") { return .proxyAuthenticate }
        if name.is("proxy-authentication-info") { return .proxyAuthenticationInfo }
        return name.is("proxy") ? .override : .other
    }

    private static func transferOrTrailer(_ name: UnsafeRawBufferPointer) -> HTTP1FieldName {
        if name.is("te") { return .te }
        if name.is("transfer-encoding") { return .transferEncoding }
        if name.is("trailer") { return .trailer }
        return name.is("true-client-ip") ? .forwarding : .other
    }

    private static func extended(_ name: UnsafeRawBufferPointer) -> HTTP1FieldName {
        let rest = UnsafeRawBufferPointer(rebasing: name[2...])
        for prefix in gatewayNames where rest.starts(prefix) { return .gateway }
        for prefix in identityPrefixes where rest.starts(prefix) { return .identity }
        for prefix in overridePrefixes where rest.starts(prefix) { return .override }
        for prefix in forwardingPrefixes where rest.starts(prefix) { return .forwarding }
        for exact in identityNames where rest.is(exact) { return .identity }
        if rest.is("host") { return .override }
        return .other
    }

    /// All below follow `X-`.
    private static let gatewayNames: [StaticString] = ["yett-"]
    private static let identityPrefixes: [StaticString] = [
        "forwarded-user", "forwarded-email", "forwarded-groups", "forwarded-preferred-username",
        "forwarded-access-token", "forwarded-client-cert", "forwarded-tls-client-cert", "auth-request-", "remote-",
        "agent-", "identity-", "spiffe", "ssl-client-", "client-cert", "authenticated-", "webauth-", "amzn-oidc-",
        "goog-authenticated-user-", "goog-iap-", "ms-client-principal", "envoy-",
    ]
    private static let identityNames: [StaticString] = ["user", "user-id", "email", "groups"]
    private static let overridePrefixes: [StaticString] = [
        "http-method", "method-override", "original-url", "original-uri", "original-method", "original-host",
        "rewrite-url", "forwarded-uri", "forwarded-method", "forwarded-path", "forwarded-prefix", "http-host-override",
        "http-path-override",
    ]
    private static let forwardingPrefixes: [StaticString] = [
        "forwarded", "real-ip", "client-ip", "cluster-client-ip", "original-forwarded-", "proxyuser-ip",
    ]
}

extension UnsafeRawBufferPointer {
    /// Whether these bytes are a lower-case literal, without regard to the case of ASCII letters.
    @inline(__always)
    fileprivate func `is`(_ literal: StaticString) -> Bool { ByteScan.equalsIgnoringCase(self, literal) }

    /// Whether these bytes start with a lower-case literal, without regard to the case of ASCII letters.
    @inline(__always)
    fileprivate func starts(_ literal: StaticString) -> Bool { ByteScan.hasPrefixIgnoringCase(self, literal) }
}
