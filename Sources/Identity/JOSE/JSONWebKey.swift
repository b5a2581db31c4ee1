// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Protocols

/// A public key as JWK writes it (RFC 7517), read strictly; the numbers are not judged yet.
public struct JSONWebKey: Sendable, Hashable {
    /// The numbers of the key.
    public enum Parameters: Sendable, Hashable {
        /// A point on a curve: `P-256`, `P-384` or `P-521`.
        case ellipticCurve(curve: Curve, x: [UInt8], y: [UInt8])
        /// A modulus and an exponent, most significant byte first.
        case rsa(modulus: [UInt8], exponent: [UInt8])
        /// An Ed25519 point.
        case ed25519([UInt8])
    }

    /// A curve of `kty: EC`.
    public enum Curve: String, Sendable, Hashable, CaseIterable {
        /// NIST P-256.
        case p256 = "P-256"
        /// NIST P-384.
        case p384 = "P-384"
        /// NIST P-521.
        case p521 = "P-521"

        /// Bytes of a coordinate.
        var coordinateBytes: Int {
            switch self {
            case .p256: 32
            case .p384: 48
            case .p521: 66
            }
        }
    }

    /// The numbers.
    public let parameters: Parameters
    /// `kid`.
    public var keyID: String?
    /// `use`.
    public var use: String?
    /// `alg`; the only algorithm that the key may be used with when it is there.
    public var algorithm: String?
    /// `key_ops`.
    public var operations: [String]?

    /// Names of members that hold private or symmetric material.
    static let secretMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"]
    private static let maximumKeyID = 256

    /// A key of these numbers.
    public init(_ parameters: Parameters, keyID: String? = nil, use: String? = nil, algorithm: String? = nil) {
        self.parameters = parameters
        self.keyID = keyID
        self.use = use
        self.algorithm = algorithm
    }

    /// Reads a public key.
    ///
    /// - Throws: ``JSONWebKeyError`` that names the member which is wrong.
    public init(_ value: JSONValue) throws(JSONWebKeyError) {
        guard let object = value.object else { throw .notAnObject }
        guard let type = object["kty"]?.string else { throw .member("kty") }
        guard !Self.secretMembers.contains(where: { object[$0] != nil }) else { throw .secretMaterial }
        keyID = try Self.optionalText("kid", of: object)
        use = try Self.optionalText("use", of: object)
        algorithm = try Self.optionalText("alg", of: object)
        operations = try Self.operations(of: object)
        if type.isExactly("EC") {
            let curve = Curve.allCases.first { object["crv"]?.string?.isExactly($0.rawValue) == true }
            guard let curve else { throw .member("crv") }
            parameters = .ellipticCurve(
                curve: curve, x: try Self.bytes("x", of: object, count: curve.coordinateBytes),
                y: try Self.bytes("y", of: object, count: curve.coordinateBytes))
        } else if type.isExactly("RSA") {
            parameters = .rsa(modulus: try Self.bytes("n", of: object), exponent: try Self.bytes("e", of: object))
        } else if type.isExactly("OKP") {
            guard object["crv"]?.string?.isExactly("Ed25519") == true else { throw .member("crv") }
            parameters = .ed25519(try Self.bytes("x", of: object, count: 32))
        } else {
            throw .unknownType
        }
    }

    private static func optionalText(_ name: String, of object: JSONObject) throws(JSONWebKeyError) -> String? {
        guard let value = object[name] else { return nil }
        guard let text = value.string, text.utf8.count <= maximumKeyID else { throw .member(name) }
        return text
    }

    private static func operations(of object: JSONObject) throws(JSONWebKeyError) -> [String]? {
        guard let value = object["key_ops"] else { return nil }
        guard let elements = value.array else { throw .member("key_ops") }
        let names = elements.compactMap(\.string)
        guard names.count == elements.count else { throw .member("key_ops") }
        return names
    }

    private static func bytes(
        _ name: String, of object: JSONObject, count: Int? = nil
    ) throws(JSONWebKeyError) -> [UInt8] {
        guard let text = object[name]?.string, let bytes = StrictBase64.url.decode(text.utf8), !bytes.isEmpty else {
            throw .member(name)
        }
        // RFC 7518 section 6.2.1.2: a coordinate has the full length; section 2: an integer has no leading zero.
        if let count {
            guard bytes.count == count else { throw .member(name) }
        } else if bytes.first == 0 {
            throw .member(name)
        }
        return bytes
    }
}

extension JSONWebKey {
    /// The members that RFC 7638 takes for the thumbprint.
    private var requiredMembers: JSONObject {
        var object = JSONObject()
        switch parameters {
        case .ellipticCurve(let curve, let x, let y):
            object["kty"] = "EC"
            object["crv"] = .string(curve.rawValue)
            object["x"] = .string(StrictBase64.url.text(x))
            object["y"] = .string(StrictBase64.url.text(y))
        case .rsa(let modulus, let exponent):
            object["kty"] = "RSA"
            object["n"] = .string(StrictBase64.url.text(modulus))
            object["e"] = .string(StrictBase64.url.text(exponent))
        case .ed25519(let point):
            object["kty"] = "OKP"
            object["crv"] = "Ed25519"
            object["x"] = .string(StrictBase64.url.text(point))
        }
        return object
    }

    /// What is hashed for the thumbprint (RFC 7638 section 3).
    public var thumbprintInput: [UInt8] { JSONValue.object(requiredMembers).canonicalBytes }

    /// The key as JSON.
    public var json: JSONValue {
        var object = requiredMembers
        object["kid"] = keyID.map { .string($0) }
        object["use"] = use.map { .string($0) }
        object["alg"] = algorithm.map { .string($0) }
        object["key_ops"] = operations.map { .array($0.map { .string($0) }) }
        return .object(object)
    }
}

/// Why a JSON value is no public key.
public enum JSONWebKeyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// It is no object.
    case notAnObject
    /// `kty` is none that is known.
    case unknownType
    /// It holds private or symmetric material.
    case secretMaterial
    /// A member is missing or has the wrong form.
    case member(String)

    /// What is wrong, without any value of the key.
    public var description: String {
        switch self {
        case .notAnObject: "a key is a JSON object"
        case .unknownType: "the key's kty is not EC, RSA or OKP"
        case .secretMaterial: "the key holds private or symmetric material"
        case .member(let name): "the key's member \(name) is missing or malformed"
        }
    }
}

extension String {
    /// Whether both have the same bytes; Unicode's canonical equivalence plays no part.
    func isExactly(_ other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
