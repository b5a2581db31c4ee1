// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Protocols

/// The protected header of a JWS. Keys that a header brings along (`jwk`, `jku`, `x5c`, `x5u`) are not looked at here.
public struct JWSHeader: Sendable, Hashable {
    /// `alg`.
    public let algorithm: JWSAlgorithm
    /// `kid`.
    public let keyID: String?
    /// `typ`.
    public let type: String?
    /// Every member.
    public let members: JSONObject

    private static let limits = JSONLimits(bytes: 4096, depth: 4, values: 64, stringBytes: 4096, numberBytes: 32)
    private static let maximumKeyID = 256

    /// Reads a header.
    ///
    /// - Throws: ``JWSError``: no JSON object, a name twice, no acceptable `alg`, or a member that changes what is signed.
    init(parsing bytes: [UInt8]) throws(JWSError) {
        guard let value = try? JSONValue(parsing: bytes, limits: Self.limits), let object = value.object else {
            throw .header
        }
        guard object["crit"] == nil else { throw .critical }
        for name in ["b64", "zip", "enc"] where object[name] != nil { throw .payloadForm }
        guard let name = object["alg"]?.string, let algorithm = JWSAlgorithm(name: name) else { throw .algorithm }
        self.algorithm = algorithm
        keyID = try Self.text("kid", of: object, otherwise: .keyID)
        type = try Self.text("typ", of: object, otherwise: .type)
        members = object
    }

    private static func text(
        _ name: String, of object: JSONObject, otherwise error: JWSError
    ) throws(JWSError) -> String? {
        guard let value = object[name] else { return nil }
        guard let text = value.string, text.utf8.count <= maximumKeyID else { throw error }
        return text
    }

    /// Whether there are no members but these.
    public func hasOnly(_ names: [String]) -> Bool {
        members.names.allSatisfy { name in names.contains { $0.isExactly(name) } }
    }

    /// Whether `typ` is this media type, with or without `application/` in front; case does not matter (RFC 7515 section
    /// 4.1.9).
    public func isType(_ name: String) -> Bool {
        guard let type else { return false }
        let given = type.utf8.map(Self.lowercased)
        let wanted = name.utf8.map(Self.lowercased)
        return given == wanted || given == Array("application/".utf8) + wanted
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
