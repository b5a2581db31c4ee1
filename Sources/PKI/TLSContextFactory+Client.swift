// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import NIOSSL

extension TLSContextFactory {
    /// How a client of the gate's own speaks to a server: TLS 1.2 or later, the server's certificate and name verified.
    ///
    /// - Parameters:
    ///   - authorities: PEM of the certificates that the server's chain must end in; `nil` for the system's.
    ///   - identity: PEM of the gate's own chain, leaf first, and of its private key; `nil` for none.
    /// - Throws: ``TLSMaterialError`` that names the part that cannot be used.
    public static func client(
        authorities: [UInt8]? = nil, identity: (certificate: [UInt8], key: [UInt8])? = nil
    ) throws(TLSMaterialError) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        if let authorities {
            configuration.trustRoots = .certificates(try certificates(authorities, part: "ca"))
        }
        guard let identity else { return configuration }
        configuration.certificateChain = try certificates(identity.certificate, part: "certificate").map {
            .certificate($0)
        }
        do {
            configuration.privateKey = .privateKey(try NIOSSLPrivateKey(bytes: identity.key, format: .pem))
            _ = try NIOSSLContext(configuration: configuration)
        } catch {
            throw TLSMaterialError(part: "key", problem: "is no unencrypted PEM private key of the certificate")
        }
        return configuration
    }
}
