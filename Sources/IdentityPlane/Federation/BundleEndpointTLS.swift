// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity
internal import NIOCore
internal import NIOSSL
internal import PKI
internal import Synchronization

/// What the bundle endpoint shows to whoever connects.
public struct BundleEndpointTLS: Sendable {
    let protect: @Sendable (any Channel) throws -> Void

    /// `https_spiffe`: the gate's own X509-SVID, as it is at each handshake. Nobody needs a certificate to ask.
    public static func spiffe(_ source: any IdentitySource) -> BundleEndpointTLS {
        let tls = SVIDServerTLS(source: source, clients: .optional)
        return BundleEndpointTLS(protect: tls.add)
    }

    /// `https_web`: a certificate of the web's authorities.
    public static func web(_ certificate: WebCertificate) -> BundleEndpointTLS {
        BundleEndpointTLS { channel in
            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: certificate.context))
        }
    }
}

/// A certificate of the web's authorities with its key. It ends sooner than the gate, so it can be replaced.
public final class WebCertificate: Sendable {
    private let present: Mutex<NIOSSLContext>

    /// Reads a chain, leaf first, and its key, both in PEM.
    ///
    /// - Throws: ``WebCertificateError``.
    public init(certificate: [UInt8], key: [UInt8]) throws(WebCertificateError) {
        present = Mutex(try Self.context(certificate, key))
    }

    /// Puts another one in place for new connections; after an error the present one stays.
    ///
    /// - Throws: ``WebCertificateError``.
    public func replace(certificate: [UInt8], key: [UInt8]) throws(WebCertificateError) {
        let next = try Self.context(certificate, key)
        present.withLock { $0 = next }
    }

    var context: NIOSSLContext { present.withLock { $0 } }

    private static func context(_ certificate: [UInt8], _ key: [UInt8]) throws(WebCertificateError) -> NIOSSLContext {
        guard let chain = try? NIOSSLCertificate.fromPEMBytes(certificate), !chain.isEmpty else { throw .certificate }
        guard let key = try? NIOSSLPrivateKey(bytes: key, format: .pem) else { throw .key }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        guard let context = try? NIOSSLContext(configuration: configuration) else { throw .otherKey }
        return context
    }
}

/// Why a certificate of the web cannot be used.
public enum WebCertificateError: Error, Hashable, Sendable, CustomStringConvertible {
    /// There is no PEM certificate.
    case certificate
    /// There is no unencrypted PEM private key.
    case key
    /// The key is another certificate's.
    case otherKey

    /// What is wrong; nothing of the key.
    public var description: String {
        switch self {
        case .certificate: "the certificate holds no PEM certificate"
        case .key: "the key is no unencrypted PEM private key"
        case .otherKey: "the key does not belong to the certificate"
        }
    }
}
