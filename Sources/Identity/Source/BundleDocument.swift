// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Protocols

/// A SPIFFE bundle as it is published (SPIFFE Trust Domain and Bundle, section 4): a JWK set with two members more.
///
/// This is what the text says; certificates and keys are not judged yet. Entries that are of no use are passed over one by
/// one, as the specification says. A document without keys is valid: its trust domain has revoked everything.
public struct BundleDocument: Sendable, Hashable {
    /// `spiffe_sequence`.
    public var sequence: UInt64?
    /// `spiffe_refresh_hint`, in seconds.
    public var refreshHint: Int64?
    /// Entries for X509-SVIDs: the certificate and, when the entry has them, the numbers of its key.
    public var x509Authorities: [X509Authority]
    /// Entries for JWT-SVIDs; each has a `kid`.
    public var jwtAuthorities: [JSONWebKey]

    /// One entry with `use: x509-svid`.
    public struct X509Authority: Sendable, Hashable {
        /// The certificate.
        public let der: [UInt8]
        /// The numbers beside it.
        public let parameters: JSONWebKey.Parameters

        /// An entry.
        public init(der: [UInt8], parameters: JSONWebKey.Parameters) {
            self.der = der
            self.parameters = parameters
        }
    }

    private static let maximumEntries = 256
    private static let maximumHint: Int64 = 10 * 365 * 86400

    /// Reads a document of at most 256 KiB.
    ///
    /// - Throws: ``BundleDocumentError``.
    public init(parsing bytes: [UInt8]) throws(BundleDocumentError) {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: bytes, limits: JSONWebKeySet.limits)
        } catch {
            throw .json(error)
        }
        try self.init(value)
    }

    /// Takes a document that was read as JSON.
    ///
    /// - Throws: ``BundleDocumentError``.
    public init(_ value: JSONValue) throws(BundleDocumentError) {
        guard let object = value.object else { throw .notAnObject }
        sequence = try Self.sequence(object["spiffe_sequence"])
        refreshHint = try Self.hint(object["spiffe_refresh_hint"])
        x509Authorities = []
        jwtAuthorities = []
        guard let keys = object["keys"], !keys.isNull else { return }
        guard let entries = keys.array else { throw .keys }
        guard entries.count <= Self.maximumEntries else { throw .tooManyKeys }
        var names: Set<String> = []
        for entry in entries {
            guard let object = entry.object else { throw .keys }
            // Unknown and missing uses, unknown kinds, private keys and malformed numbers: of no use.
            guard let use = object["use"]?.string, let key = try? JSONWebKey(entry) else { continue }
            if use.isExactly("x509-svid") {
                guard let der = Self.certificate(object["x5c"]) else { continue }
                x509Authorities.append(X509Authority(der: der, parameters: key.parameters))
            } else if use.isExactly("jwt-svid") {
                guard let name = key.keyID, !name.isEmpty else { continue }
                guard names.insert(name).inserted else { throw .duplicateKeyID }
                jwtAuthorities.append(key)
            }
        }
    }

    /// The first element of `x5c`; a SPIFFE bundle has one certificate in each entry.
    private static func certificate(_ value: JSONValue?) -> [UInt8]? {
        guard let text = value?[0]?.string else { return nil }
        return StrictBase64.standard.decode(text.utf8)
    }

    private static func sequence(_ value: JSONValue?) throws(BundleDocumentError) -> UInt64? {
        guard let value, !value.isNull else { return nil }
        guard let number = value.number, number.isInteger, let sequence = UInt64(number.text) else { throw .sequence }
        return sequence
    }

    private static func hint(_ value: JSONValue?) throws(BundleDocumentError) -> Int64? {
        guard let value, !value.isNull else { return nil }
        guard let hint = value.integer, (0...maximumHint).contains(hint) else { throw .refreshHint }
        return hint
    }
}

/// Why a text is no bundle document.
public enum BundleDocumentError: Error, Hashable, Sendable, CustomStringConvertible {
    /// It is no JSON, or too large.
    case json(JSONError)
    /// It is no JSON object.
    case notAnObject
    /// `keys` is no array of objects.
    case keys
    /// There are more than 256 entries.
    case tooManyKeys
    /// Two JWT entries have the same `kid`.
    case duplicateKeyID
    /// `spiffe_sequence` is no whole number of 64 bits.
    case sequence
    /// `spiffe_refresh_hint` is no number of seconds.
    case refreshHint
    /// `trust_domains` is no object of bundles under names of trust domains.
    case trustDomains

    /// What is wrong; nothing of the keys.
    public var description: String {
        switch self {
        case .json(let error): "the bundle is no JSON: \(error)"
        case .notAnObject: "the bundle is no JSON object"
        case .keys: "the bundle's keys are no array of objects"
        case .tooManyKeys: "the bundle has too many keys"
        case .duplicateKeyID: "the bundle has one kid twice"
        case .sequence: "spiffe_sequence is no whole number"
        case .refreshHint: "spiffe_refresh_hint is no number of seconds"
        case .trustDomains: "trust_domains is no object of bundles under names of trust domains"
        }
    }
}
