// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// An algorithm of JSON web signatures (RFC 7518, RFC 8037).
enum SignatureAlgorithm: String, CaseIterable, Sendable {
    case hs256 = "HS256"
    case hs384 = "HS384"
    case hs512 = "HS512"
    case rs256 = "RS256"
    case rs384 = "RS384"
    case rs512 = "RS512"
    case ps256 = "PS256"
    case ps384 = "PS384"
    case ps512 = "PS512"
    case es256 = "ES256"
    case es384 = "ES384"
    case es512 = "ES512"
    case edDSA = "EdDSA"

    /// Which kind of key an algorithm takes. A key of another kind is never tried.
    enum Family: Sendable {
        case secret
        case rsa
        case ellipticCurve
        case edwardsCurve
    }

    /// The hash of the signed bytes.
    enum Hash: Sendable {
        case sha256
        case sha384
        case sha512
    }

    /// The algorithm that a header names.
    init?(name: some Collection<UInt8>) {
        // Five letters at most; compared as numbers, since every token names one.
        guard name.count == 5 else { return nil }
        var word: UInt64 = 0
        for byte in name { word = word << 8 | UInt64(byte) }
        switch word {
        case 0x48_5332_3536: self = .hs256
        case 0x48_5333_3834: self = .hs384
        case 0x48_5335_3132: self = .hs512
        case 0x52_5332_3536: self = .rs256
        case 0x52_5333_3834: self = .rs384
        case 0x52_5335_3132: self = .rs512
        case 0x50_5332_3536: self = .ps256
        case 0x50_5333_3834: self = .ps384
        case 0x50_5335_3132: self = .ps512
        case 0x45_5332_3536: self = .es256
        case 0x45_5333_3834: self = .es384
        case 0x45_5335_3132: self = .es512
        case 0x45_6444_5341: self = .edDSA
        default: return nil
        }
    }

    /// Which kind of key it takes.
    var family: Family {
        switch self {
        case .hs256, .hs384, .hs512: .secret
        case .rs256, .rs384, .rs512, .ps256, .ps384, .ps512: .rsa
        case .es256, .es384, .es512: .ellipticCurve
        case .edDSA: .edwardsCurve
        }
    }

    /// The hash of the signed bytes; that of `EdDSA` is its own business.
    var hash: Hash {
        switch self {
        case .hs256, .rs256, .ps256, .es256: .sha256
        case .hs384, .rs384, .ps384, .es384: .sha384
        case .hs512, .rs512, .ps512, .es512, .edDSA: .sha512
        }
    }

    /// Whether the RSA padding is PSS.
    var isPSS: Bool { self == .ps256 || self == .ps384 || self == .ps512 }
}
