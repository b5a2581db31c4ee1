// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import X509

/// An X.509 identity that this program holds: the chain that it presents, and the key that proves it.
public struct X509SVID: Sendable {
    /// The identity that the leaf names.
    public let id: SPIFFEID
    /// The leaf, then what it was issued by; never a root.
    public let chain: [EncodedCertificate]
    /// The leaf's private key.
    public let key: SigningKey
    /// What the issuer calls this identity, to tell several apart; at most 1024 bytes.
    public let hint: String

    /// Unix seconds between which the leaf holds.
    public let validity: ClosedRange<Int64>

    /// Takes a chain and its key after the leaf was judged.
    ///
    /// - Throws: ``X509SVIDError``: the leaf breaks the profile, or the key is another's.
    public init(chain: [EncodedCertificate], key: SigningKey, hint: String = "") throws(X509SVIDError) {
        guard let leaf = chain.first else { throw .emptyChain }
        guard chain.count <= SVIDLimits.standard.certificates else { throw .tooManyCertificates }
        let id = try LeafProfile.identity(of: leaf)
        for authority in chain.dropFirst() {
            do throws(PathError) {
                try AuthorityProfile.check(authority, trustDomain: id.trustDomain)
            } catch {
                throw .path(error)
            }
        }
        self.id = id
        guard leaf.notBefore <= leaf.notAfter else { throw .validity }
        guard leaf.certificate.publicKey == key.publicKey else { throw .key(.otherKey) }
        validity = leaf.notBefore...leaf.notAfter
        self.chain = chain
        self.key = key
        self.hint = hint
    }

    /// Reads what the Workload API delivers: concatenated DER, leaf first, and a PKCS#8 key.
    ///
    /// - Throws: ``X509SVIDError``.
    public init(certificates der: [UInt8], pkcs8: [UInt8], hint: String = "") throws(X509SVIDError) {
        let chain: [EncodedCertificate]
        do throws(CertificateError) {
            chain = try EncodedCertificate.sequence(der: der, atMost: SVIDLimits.standard.certificates)
        } catch {
            throw .certificate(error)
        }
        let key: SigningKey
        do throws(SigningKeyError) {
            key = try SigningKey(pkcs8: pkcs8)
        } catch {
            throw .key(error)
        }
        try self.init(chain: chain, key: key, hint: hint)
    }

    /// The chain as the Workload API has it: concatenated DER.
    public var certificateBytes: [UInt8] { chain.flatMap(\.der) }
}

extension X509SVID: CustomStringConvertible, CustomReflectable {
    /// The identity; nothing of the key.
    public var description: String { "X509-SVID \(id)" }
    /// The identity and nothing else.
    public var customMirror: Mirror { Mirror(self, children: ["id": id]) }
}
