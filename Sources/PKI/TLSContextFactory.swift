// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import NIOSSL

/// The one place that makes TLS contexts: TLS 1.3 only, client certificates demanded and verified.
public enum TLSContextFactory {
    /// A server context for a listener that demands client certificates.
    ///
    /// - Parameters:
    ///   - certificate: PEM of the listener's chain, leaf first.
    ///   - key: PEM of its private key.
    ///   - clientAuthorities: PEM of the certificates that client chains must end in.
    /// - Throws: ``TLSMaterialError`` that names the part that cannot be used.
    public static func server(
        certificate: [UInt8], key: [UInt8], clientAuthorities: [UInt8]
    ) throws(TLSMaterialError) -> NIOSSLContext {
        let chain = try certificates(certificate, part: "certificate")
        let authorities = try certificates(clientAuthorities, part: "client_ca")
        let privateKey: NIOSSLPrivateKey
        do {
            privateKey = try NIOSSLPrivateKey(bytes: key, format: .pem)
        } catch {
            throw TLSMaterialError(part: "key", problem: "is not an unencrypted PEM private key")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(privateKey))
        configuration.minimumTLSVersion = .tlsv13
        configuration.maximumTLSVersion = .tlsv13
        configuration.trustRoots = .certificates(authorities)
        // A client has no host name to check; its SPIFFE ID is read from the verified certificate.
        configuration.certificateVerification = .noHostnameVerification
        configuration.applicationProtocols = ["http/1.1"]
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw TLSMaterialError(part: "key", problem: "does not belong to the certificate")
        }
    }

    static func certificates(
        _ pem: [UInt8], part: String
    ) throws(TLSMaterialError) -> [NIOSSLCertificate] {
        do {
            let certificates = try NIOSSLCertificate.fromPEMBytes(pem)
            if !certificates.isEmpty { return certificates }
        } catch {
            // Falls through: nothing that could be read is the same as nothing.
        }
        throw TLSMaterialError(part: part, problem: "holds no PEM certificate")
    }
}

/// Why TLS could not be set up.
public struct TLSMaterialError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The configuration key.
    public let part: String
    /// What is wrong with it.
    public let problem: String

    /// What is wrong; never any of the material.
    public var description: String { "\(part) \(problem)" }
}
