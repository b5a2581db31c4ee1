// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Protocols

/// A set of public keys (RFC 7517 section 5), read strictly.
///
/// A key of an unknown kind is passed over, as the RFC says. A set with private or symmetric material, or with one `kid`
/// twice, is refused as a whole: whoever wrote it did not know what it is for.
public struct JSONWebKeySet: Sendable, Hashable {
    /// The keys that could be read.
    public let keys: [JSONWebKey]

    /// Limits on the text of a set.
    public static let limits = JSONLimits(bytes: 256 * 1024, depth: 16, values: 8192, stringBytes: 64 * 1024)
    private static let maximumKeys = 256

    /// A set of these keys.
    public init(_ keys: [JSONWebKey]) { self.keys = keys }

    /// Reads a set.
    ///
    /// - Throws: ``KeySetError``.
    public init(parsing bytes: [UInt8]) throws(KeySetError) {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: bytes, limits: Self.limits)
        } catch {
            throw .json(error)
        }
        try self.init(value)
    }

    /// Takes a set that was read as JSON.
    ///
    /// - Throws: ``KeySetError``.
    public init(_ value: JSONValue) throws(KeySetError) {
        guard let entries = value["keys"]?.array else { throw .noKeys }
        guard entries.count <= Self.maximumKeys else { throw .tooManyKeys }
        var keys: [JSONWebKey] = []
        var names: Set<String> = []
        for entry in entries {
            let key: JSONWebKey
            do throws(JSONWebKeyError) {
                key = try JSONWebKey(entry)
            } catch {
                switch error {
                case .secretMaterial: throw .secretMaterial
                case .notAnObject: throw .malformedKey
                case .unknownType, .member: continue
                }
            }
            if let name = key.keyID, !names.insert(name).inserted { throw .duplicateKeyID }
            keys.append(key)
        }
        self.keys = keys
    }

    /// The set as JSON.
    public var json: JSONValue {
        var object = JSONObject()
        object["keys"] = .array(keys.map(\.json))
        return .object(object)
    }
}

/// Why a text is no set of public keys.
public enum KeySetError: Error, Hashable, Sendable, CustomStringConvertible {
    /// It is no JSON.
    case json(JSONError)
    /// There is no array `keys`.
    case noKeys
    /// There are more than 256 keys.
    case tooManyKeys
    /// An element is no object.
    case malformedKey
    /// A key holds private or symmetric material.
    case secretMaterial
    /// Two keys have the same `kid`.
    case duplicateKeyID

    /// What is wrong; nothing of the keys.
    public var description: String {
        switch self {
        case .json(let error): "the key set is no JSON: \(error)"
        case .noKeys: "the key set has no array keys"
        case .tooManyKeys: "the key set has too many keys"
        case .malformedKey: "the key set has an element that is no object"
        case .secretMaterial: "the key set holds private or symmetric material"
        case .duplicateKeyID: "the key set has one kid twice"
        }
    }
}
