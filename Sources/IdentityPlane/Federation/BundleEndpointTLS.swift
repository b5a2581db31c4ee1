// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity
internal import NIOCore
internal import NIOSSL
public import PKI

/// What the bundle endpoint shows to whoever connects.
public struct BundleEndpointTLS: Sendable {
    let protect: @Sendable (any Channel) throws -> Void

    /// `https_spiffe`: the gate's own X509-SVID, as it is at each handshake. Nobody needs a certificate to ask.
    public static func spiffe(_ source: any IdentitySource) -> BundleEndpointTLS {
        let tls = SVIDServerTLS(source: source, clients: .optional)
        return BundleEndpointTLS(protect: tls.add)
    }

    /// `https_web`: a certificate of the web's authorities.
    ///
    /// - Parameters:
    ///   - certificate: PEM of the chain, leaf first.
    ///   - key: PEM of its private key.
    /// - Throws: `TLSMaterialError` that names the part that cannot be used.
    public static func web(certificate: [UInt8], key: [UInt8]) throws(TLSMaterialError) -> BundleEndpointTLS {
        let configuration = try TLSContextFactory.pages(certificate: certificate, key: key)
        return BundleEndpointTLS { channel in
            try channel.pipeline.syncOperations.addHandler(
                NIOSSLServerHandler(context: try NIOSSLContext(configuration: configuration)))
        }
    }
}
