// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore
public import NIOSSL
public import PKI

/// How a service is spoken to.
public enum UpstreamSecurity: Sendable {
    /// Plain TCP.
    case off
    /// TLS with a server that is known by its name.
    case web(NIOSSLContext, serverName: String?)
    /// TLS with a server that is known by its SPIFFE ID; the gate presents its own.
    case svid(SVIDClientTLS, serverName: String?)

    /// Whether bytes are encrypted.
    var isOn: Bool {
        if case .off = self { false } else { true }
    }

    /// The same under another name of the server.
    func named(_ name: String?) -> UpstreamSecurity {
        switch self {
        case .off: .off
        case .web(let context, _): .web(context, serverName: name)
        case .svid(let tls, _): .svid(tls, serverName: name)
        }
    }

    /// What stands before a new connection, and whether whom it leads to still stands, asked before each use.
    func handler() throws -> (handler: (any ChannelHandler)?, stands: (() -> Bool)?) {
        switch self {
        case .off: return (nil, nil)
        case .web(let context, let name):
            return (try NIOSSLClientHandler(context: context, serverHostname: name), nil)
        case .svid(let tls, let name):
            // A token is bound to the certificate that is presented now: a connection with an older one is of no use.
            let presented = tls.presentedVersion
            let (handler, server) = try tls.connection(serverName: name)
            return (
                handler,
                {
                    tls.presentedVersion == presented
                        && server.identity.map { tls.standing(of: $0) != nil } ?? false
                }
            )
        }
    }
}
