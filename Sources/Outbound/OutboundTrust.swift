// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import NIOSSL
internal import PKI

/// Whom a fetch takes for the server.
public struct OutboundTrust: Sendable {
    /// Makes the TLS of one connection. The name is what the server may choose a certificate by; nil for an address.
    public typealias MakeHandler = @Sendable (_ serverName: String?) throws -> NIOSSLClientHandler

    let handler: MakeHandler

    /// Own verification, such as that of a SPIFFE ID.
    public init(handler: @escaping MakeHandler) { self.handler = handler }

    /// The web's: a chain to one of the system's authorities, or to one of these, and the host's name in the leaf.
    ///
    /// - Parameter authorities: PEM; nil for the system's.
    /// - Throws: ``OutboundError/tls(_:)``.
    public static func web(authorities: [UInt8]? = nil) throws(OutboundError) -> OutboundTrust {
        let context: NIOSSLContext
        do {
            var configuration = try TLSContextFactory.client(authorities: authorities)
            configuration.applicationProtocols = ["http/1.1"]
            context = try NIOSSLContext(configuration: configuration)
        } catch {
            throw .tls("the authorities cannot be read")
        }
        return OutboundTrust { name in try NIOSSLClientHandler(context: context, serverHostname: name) }
    }
}
