// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Crypto
import CryptoExtras
import SwiftASN1

/// How a certificate is signed, by the numbers that Go gives to the algorithms.
enum CertificateSignature: Int64, Sendable {
    case unknown = 0
    case md2WithRSA = 1
    case md5WithRSA = 2
    case sha1WithRSA = 3
    case sha256WithRSA = 4
    case sha384WithRSA = 5
    case sha512WithRSA = 6
    case sha1WithDSA = 7
    case sha256WithDSA = 8
    case sha1WithECDSA = 9
    case sha256WithECDSA = 10
    case sha384WithECDSA = 11
    case sha512WithECDSA = 12
    case sha256WithRSAPSS = 13
    case sha384WithRSAPSS = 14
    case sha512WithRSAPSS = 15
    case ed25519 = 16

    /// Reads an algorithm identifier.
    init(_ node: ASN1Node) {
        let parts = node.sequence ?? []
        switch parts.first?.objectIdentifier {
        case [1, 2, 840, 113_549, 1, 1, 2]: self = .md2WithRSA
        case [1, 2, 840, 113_549, 1, 1, 4]: self = .md5WithRSA
        case [1, 2, 840, 113_549, 1, 1, 5], [1, 3, 14, 3, 2, 29]: self = .sha1WithRSA
        case [1, 2, 840, 113_549, 1, 1, 11]: self = .sha256WithRSA
        case [1, 2, 840, 113_549, 1, 1, 12]: self = .sha384WithRSA
        case [1, 2, 840, 113_549, 1, 1, 13]: self = .sha512WithRSA
        case [1, 2, 840, 113_549, 1, 1, 10]: self = Self.pss(parts.dropFirst().first)
        case [1, 2, 840, 10_040, 4, 3]: self = .sha1WithDSA
        case [2, 16, 840, 1, 101, 3, 4, 3, 2]: self = .sha256WithDSA
        case [1, 2, 840, 10_045, 4, 1]: self = .sha1WithECDSA
        case [1, 2, 840, 10_045, 4, 3, 2]: self = .sha256WithECDSA
        case [1, 2, 840, 10_045, 4, 3, 3]: self = .sha384WithECDSA
        case [1, 2, 840, 10_045, 4, 3, 4]: self = .sha512WithECDSA
        case [1, 3, 101, 112]: self = .ed25519
        default: self = .unknown
        }
    }

    private static func pss(_ parameters: ASN1Node?) -> CertificateSignature {
        let hash = parameters?.sequence?.first { $0.isContext(0) }?.parts.first?.sequence?.first?.objectIdentifier
        switch hash {
        case [2, 16, 840, 1, 101, 3, 4, 2, 1]: return .sha256WithRSAPSS
        case [2, 16, 840, 1, 101, 3, 4, 2, 2]: return .sha384WithRSAPSS
        case [2, 16, 840, 1, 101, 3, 4, 2, 3]: return .sha512WithRSAPSS
        default: return .unknown
        }
    }

    /// Whether a key made a signature. Hashes that can be forged (MD5, SHA-1) are never taken.
    func isValid(_ signature: ArraySlice<UInt8>, over message: ArraySlice<UInt8>, _ key: PublicKey) -> Bool {
        let signature = Array(signature)
        func isRight(_ algorithm: SignatureAlgorithm) -> Bool {
            message.withUnsafeBufferPointer { key.isValid(signature, over: $0, algorithm) }
        }
        switch self {
        case .sha256WithRSA: return isRight(.rs256)
        case .sha384WithRSA: return isRight(.rs384)
        case .sha512WithRSA: return isRight(.rs512)
        case .sha256WithRSAPSS: return isRight(.ps256)
        case .sha384WithRSAPSS: return isRight(.ps384)
        case .sha512WithRSAPSS: return isRight(.ps512)
        case .ed25519: return isRight(.edDSA)
        case .sha256WithECDSA: return Self.isValid(signature, SHA256.hash(data: message), key)
        case .sha384WithECDSA: return Self.isValid(signature, SHA384.hash(data: message), key)
        case .sha512WithECDSA: return Self.isValid(signature, SHA512.hash(data: message), key)
        default: return false
        }
    }

    private static func isValid(_ signature: [UInt8], _ digest: some Digest, _ key: PublicKey) -> Bool {
        switch key {
        case .p256(let key):
            guard let signature = try? P256.Signing.ECDSASignature(derRepresentation: signature) else { return false }
            return key.isValidSignature(signature, for: digest)
        case .p384(let key):
            guard let signature = try? P384.Signing.ECDSASignature(derRepresentation: signature) else { return false }
            return key.isValidSignature(signature, for: digest)
        case .p521(let key):
            guard let signature = try? P521.Signing.ECDSASignature(derRepresentation: signature) else { return false }
            return key.isValidSignature(signature, for: digest)
        default: return false
        }
    }
}
