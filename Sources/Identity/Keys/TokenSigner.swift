// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Crypto
internal import CryptoExtras
internal import FoundationEssentials
internal import Protocols

/// What signs tokens: a key in memory, or one that another process or device keeps.
public protocol TokenSigner: Sendable {
    /// `alg` of the tokens.
    var algorithm: JWSAlgorithm { get }
    /// `kid` of the tokens.
    var keyID: String { get }
    /// The signature in the form of JWS (RFC 7518 section 3.4 for ECDSA: both numbers one after the other).
    ///
    /// - Throws: ``SigningError``.
    func signature(of message: [UInt8]) throws(SigningError) -> [UInt8]
}

extension TokenSigner {
    /// Signs a payload.
    ///
    /// - Parameter type: `typ` of the header.
    /// - Returns: the compact form.
    /// - Throws: ``SigningError``.
    public func sign(_ payload: [UInt8], type: String) throws(SigningError) -> [UInt8] {
        var header = JSONObject()
        header["alg"] = .string(algorithm.rawValue)
        header["kid"] = .string(keyID)
        header["typ"] = .string(type)
        var token = StrictBase64.url.encode(JSONValue.object(header).bytes)
        token.append(UInt8(ascii: "."))
        token.append(contentsOf: StrictBase64.url.encode(payload))
        let signature = try signature(of: token)
        token.append(UInt8(ascii: "."))
        token.append(contentsOf: StrictBase64.url.encode(signature))
        return token
    }
}

/// Signs with a key in memory; `kid` is its thumbprint.
public struct KeySigner: TokenSigner {
    /// `alg`.
    public let algorithm: JWSAlgorithm
    /// `kid`: the key's thumbprint.
    public let keyID: String
    /// The public half, for the key set.
    public let verificationKey: VerificationKey
    private let key: SigningKey

    /// A signer with the key's own algorithm: ES256, ES384, EdDSA, or RS256 for RSA.
    ///
    /// - Parameter use: `use` of the public half.
    /// - Throws: ``VerificationKeyError`` when the key is too weak.
    public init(_ key: SigningKey, use: String? = "sig") throws(VerificationKeyError) {
        verificationKey = try VerificationKey(key, use: use)
        keyID = verificationKey.jsonWebKey.keyID ?? ""
        algorithm =
            switch key.material {
            case .p256: .es256
            case .p384: .es384
            case .rsa: .rs256
            case .ed25519: .edDSA
            }
        self.key = key
    }

    /// The signature in the form of JWS.
    ///
    /// - Throws: ``SigningError/failed``.
    public func signature(of message: [UInt8]) throws(SigningError) -> [UInt8] {
        do {
            switch key.material {
            case .p256(let key): return Array(try key.signature(for: SHA256.hash(data: message)).rawRepresentation)
            case .p384(let key): return Array(try key.signature(for: SHA384.hash(data: message)).rawRepresentation)
            case .rsa(let key):
                let digest = SHA256.hash(data: message)
                return Array(try key.signature(for: digest, padding: .insecurePKCS1v1_5).rawRepresentation)
            case .ed25519(let key): return Array(try key.signature(for: message))
            }
        } catch {
            throw .failed
        }
    }
}

extension KeySigner: CustomStringConvertible, CustomReflectable {
    /// The name of the key.
    public var description: String { "signer \(keyID)" }
    /// The name of the key and nothing else.
    public var customMirror: Mirror { Mirror(self, children: ["keyID": keyID]) }
}

/// Why nothing was signed.
public enum SigningError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The key or the device that keeps it failed.
    case failed
    /// What is to be signed breaks a rule; the text says which.
    case invalid(String)

    /// What happened.
    public var description: String {
        switch self {
        case .failed: "the signing key failed"
        case .invalid(let why): "nothing is signed: \(why)"
        }
    }
}
