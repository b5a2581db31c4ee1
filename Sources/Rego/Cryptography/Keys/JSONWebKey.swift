// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Crypto
import CryptoExtras

/// A key as JSON (RFC 7517, RFC 7518, RFC 8037).
struct JSONWebKey {
    /// What is wrong with a key.
    struct Malformed: Error {
        let message: String
    }

    private let members: Value
    private let type: Value
    /// The algorithm that the key is for; empty if any.
    let algorithm: [UInt8]
    /// The key's name; empty if it has none.
    let identifier: [UInt8]

    /// The keys of a set, or the one key.
    static func set(_ document: Value) throws(Malformed) -> [JSONWebKey] {
        guard document.tag == .object else { throw Malformed(message: "a key must be an object") }
        let keys = document.named("keys")
        if keys.isUndefined { return [try JSONWebKey(document)] }
        guard keys.tag == .array else { throw Malformed(message: "'keys' must be an array") }
        var result: [JSONWebKey] = []
        for key in keys.elements { result.append(try JSONWebKey(key)) }
        return result
    }

    private init(_ members: Value) throws(Malformed) {
        guard members.tag == .object else { throw Malformed(message: "a key must be an object") }
        self.members = members
        type = members.named("kty")
        algorithm = Array(members.named("alg").utf8)
        identifier = Array(members.named("kid").utf8)
        switch type {
        case _ where type.isText("RSA"): try require(["n", "e"])
        case _ where type.isText("EC"): try require(["crv", "x", "y"])
        case _ where type.isText("OKP"): try require(["crv", "x"])
        case _ where type.isText("oct"): try require(["k"])
        default: throw Malformed(message: "invalid key type from JSON (\(type.string))")
        }
    }

    private func require(_ names: [StaticString]) throws(Malformed) {
        for name in names where !members.named(name).isString {
            throw Malformed(message: "required field \(name) is missing")
        }
    }

    /// What verifies with the key.
    func publicKey() throws(Malformed) -> PublicKey {
        if type.isText("oct") { return .secret(try bytes("k")) }
        if type.isText("RSA") {
            return PublicKey(modulus: try bytes("n"), exponent: try bytes("e")) ?? .unusable
        }
        if type.isText("EC") {
            let (curve, size) = try curve()
            let point = [4] + (try coordinate("x", size)) + (try coordinate("y", size))
            guard let key = PublicKey(curve: curve, point: point) else {
                throw Malformed(message: "the point is not on the curve")
            }
            return key
        }
        guard members.named("crv").isText("Ed25519") else { return .unusable }
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: try bytes("x")) else {
            throw Malformed(message: "invalid Ed25519 key")
        }
        return .ed25519(key)
    }

    /// What signs with the key.
    func privateKey() throws(Malformed) -> PrivateKey {
        if type.isText("oct") { return .secret(try bytes("k")) }
        guard members.named("d").isString else { throw Malformed(message: "the key has no private part") }
        if type.isText("RSA") { return try rsaKey() }
        if type.isText("EC") {
            guard let key = PrivateKey(curve: try curve().identifier, secret: try bytes("d")) else {
                throw Malformed(message: "invalid private key of a curve")
            }
            return key
        }
        guard members.named("crv").isText("Ed25519"),
            let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: try bytes("d"))
        else { throw Malformed(message: "invalid Ed25519 key") }
        return .ed25519(key)
    }

    private func rsaKey() throws(Malformed) -> PrivateKey {
        func number(_ name: StaticString) throws(Malformed) -> [UInt8] { Array(try bytes(name).drop { $0 == 0 }) }
        let numbers = PrivateKey.RSANumbers(
            modulus: try number("n"), exponent: try number("e"), privateExponent: try number("d"),
            primes: [try number("p"), try number("q")], precomputed: [])
        guard let key = PrivateKey(numbers) else { throw Malformed(message: "invalid RSA private key") }
        return key
    }

    private func curve() throws(Malformed) -> (identifier: [UInt], size: Int) {
        let name = members.named("crv")
        if name.isText("P-256") { return (SubjectPublicKey.p256, 32) }
        if name.isText("P-384") { return (SubjectPublicKey.p384, 48) }
        if name.isText("P-521") { return (SubjectPublicKey.p521, 66) }
        throw Malformed(message: "unknown curve \(name.string)")
    }

    private func coordinate(_ name: StaticString, _ size: Int) throws(Malformed) -> [UInt8] {
        let digits = try bytes(name).drop { $0 == 0 }
        guard digits.count <= size else { throw Malformed(message: "\(name) is too long") }
        return [UInt8](repeating: 0, count: size &- digits.count) + digits
    }

    private func bytes(_ name: StaticString) throws(Malformed) -> [UInt8] {
        do throws(Base64.Corrupt) {
            return try Base64.url.decodeUnpadded(members.named(name).utf8)
        } catch {
            throw Malformed(message: "invalid \(name): \(error.message)")
        }
    }
}
