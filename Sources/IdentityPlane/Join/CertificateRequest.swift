// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Crypto
internal import SwiftASN1
internal import X509

/// A certificate signing request (RFC 2986), of which nothing counts but the key and the proof that the caller has it.
enum CertificateRequest {
    /// The longest request, in bytes of its PEM.
    static let longest = 16 * 1024

    /// Reads a request and verifies its signature.
    ///
    /// - Parameter pem: One PEM document `CERTIFICATE REQUEST`.
    /// - Throws: ``JoinError/malformed(_:)``, also for keys other than P-256 and P-384.
    static func publicKey(in pem: String) throws(JoinError) -> Certificate.PublicKey {
        guard pem.utf8.count <= longest else {
            throw .malformed("the certificate request has more than \(longest) bytes")
        }
        guard let documents = try? PEMDocument.parseMultiple(pemString: pem), documents.count == 1,
            let document = documents.first, document.discriminator == "CERTIFICATE REQUEST",
            let request = try? CertificateSigningRequest(derEncoded: document.derBytes)
        else { throw .malformed("csr is not one PEM certificate request") }
        let key = request.publicKey
        guard P256.Signing.PublicKey(key) != nil || P384.Signing.PublicKey(key) != nil else {
            throw .malformed("the key is neither P-256 nor P-384")
        }
        guard key.isValidSignature(request.signature, for: request) else {
            throw .malformed("the certificate request is not signed with its own key")
        }
        return key
    }
}
