// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import NIOSSL

extension TLSContextFactory {
    /// How browsers are served: TLS 1.2 or later, no client certificate.
    ///
    /// - Parameters:
    ///   - certificate: PEM of the chain, leaf first.
    ///   - key: PEM of its private key.
    /// - Throws: ``TLSMaterialError`` that names the part that cannot be used.
    public static func pages(certificate: [UInt8], key: [UInt8]) throws(TLSMaterialError) -> TLSConfiguration {
        let chain = try certificates(certificate, part: "certificate")
        do {
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) },
                privateKey: .privateKey(try NIOSSLPrivateKey(bytes: key, format: .pem)))
            configuration.minimumTLSVersion = .tlsv12
            configuration.applicationProtocols = ["http/1.1"]
            configuration.renegotiationSupport = .none
            _ = try NIOSSLContext(configuration: configuration)
            return configuration
        } catch {
            throw TLSMaterialError(part: "key", problem: "is no unencrypted PEM private key of the certificate")
        }
    }
}
