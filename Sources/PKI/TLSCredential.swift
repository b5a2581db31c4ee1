// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Identity
internal import NIOSSL

/// What a program presents in TLS handshakes: a chain and the key that proves it.
struct TLSCredential: Sendable {
    let chain: [NIOSSLCertificate]
    let key: NIOSSLPrivateKey

    init(chain: [NIOSSLCertificate], key: NIOSSLPrivateKey) {
        self.chain = chain
        self.key = key
    }

    /// The credential of an X509-SVID.
    init(_ svid: X509SVID) throws(TLSMaterialError) {
        do {
            chain = try svid.chain.map { try NIOSSLCertificate(bytes: $0.der, format: .der) }
        } catch {
            throw TLSMaterialError(part: "identity", problem: "holds a certificate that TLS cannot use")
        }
        do {
            key = try NIOSSLPrivateKey(bytes: svid.key.secretPKCS8(), format: .der)
        } catch {
            throw TLSMaterialError(part: "identity", problem: "holds a private key that TLS cannot use")
        }
    }

    /// Reads PEM.
    init(certificate: [UInt8], key: [UInt8]) throws(TLSMaterialError) {
        chain = try TLSContextFactory.certificates(certificate, part: "certificate")
        do {
            self.key = try NIOSSLPrivateKey(bytes: key, format: .pem)
        } catch {
            throw TLSMaterialError(part: "key", problem: "is not an unencrypted PEM private key")
        }
    }
}
