// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Rego

/// The keys that vouch for bundles. Once there are any, a bundle must be signed, and every file of it.
public struct BundleVerification: Sendable {
    /// A key of the configuration.
    public struct Key: Sendable {
        let key: SignatureKey
        let scope: String?

        /// Reads a key: the secret itself for `HS*`, else a public key or a certificate in PEM.
        ///
        /// - Throws: if the algorithm is unknown or the text is no key for it.
        public init(_ text: [UInt8], algorithm: String = "RS256", scope: String? = nil) throws(BundleFailure) {
            guard let key = SignatureKey(algorithm: algorithm, text: text, for: .verifying) else {
                throw .signature("the configured text is no key for \(algorithm)")
            }
            self.key = key
            self.scope = scope
        }
    }

    /// The keys by their names.
    public var keys: [String: Key]
    /// Which key it must be; nil: the one that the signature names.
    public var keyIdentifier: String?
    /// What the signature must be for; nil: what the key says.
    public var scope: String?
    /// Patterns of paths that need not be signed.
    public var excludedFiles: [String] = []

    /// Verifies with some keys.
    public init(keys: [String: Key], keyIdentifier: String? = nil, scope: String? = nil) {
        self.keys = keys
        self.keyIdentifier = keyIdentifier
        self.scope = scope
    }

    /// Verifies the files of a bundle.
    func verify(_ files: [BundleFile], limits: BundleLimits) throws(BundleFailure) -> VerifiedSignature {
        guard let file = files.first(where: { $0.path.utf8.elementsEqual(BundleSignature.path.utf8) }) else {
            throw .signature("the bundle is not signed, and keys are configured")
        }
        let signature = try BundleSignature(file.bytes)
        let name = keyIdentifier ?? signature.keyIdentifier
        guard let name, let key = keys[name] else {
            throw .signature("there is no key '\(name ?? "")'")
        }
        guard key.key.verifies(signature.token) else { throw .signature("it is not made with the key '\(name)'") }
        guard (scope ?? key.scope ?? "").utf8.elementsEqual(signature.scope.utf8) else {
            throw .signature("it is for the scope '\(signature.scope)'")
        }
        try check(files, signature, limits)
        return VerifiedSignature(
            keyIdentifier: name, issuer: signature.issuer, issuedAt: signature.issuedAt)
    }

    private func check(
        _ files: [BundleFile], _ signature: BundleSignature, _ limits: BundleLimits
    ) throws(BundleFailure) {
        var listed = signature.files
        for file in files where !file.path.utf8.elementsEqual(BundleSignature.path.utf8) {
            let entry = listed.removeValue(forKey: Array(file.path.utf8))
            if excludedFiles.contains(where: { PathPattern.matches($0, file.path) }) { continue }
            guard let entry = entry else { throw .signature("the file '\(file.path)' is not signed") }
            guard try FileDigest.digest(file, entry.algorithm, limits: limits).utf8.elementsEqual(entry.digest.utf8)
            else {
                throw .signature("the file '\(file.path)' is not the one that was signed")
            }
        }
        if let missing = listed.keys.min(by: { $0.lexicographicallyPrecedes($1) }) {
            throw .signature("the signed file '\(String(decoding: missing, as: UTF8.self))' is missing")
        }
    }
}

/// What a verified signature says.
public struct VerifiedSignature: Sendable, Hashable {
    /// The name of the key that made it.
    public let keyIdentifier: String
    /// Who made it, if it says.
    public let issuer: String?
    /// When it was made, in seconds since 1970, if it says. It protects from older bundles only if it is compared.
    public let issuedAt: Int64?
}

/// Patterns of paths: `*` and `?` stay within a part of the path, `**` does not.
enum PathPattern {
    static func matches(_ pattern: String, _ path: String) -> Bool {
        matches(Array(pattern.utf8)[...], Array(path.utf8)[...])
    }

    /// Follows one choice at a time: states are places in the pattern, so time is the product of both lengths.
    private static func matches(_ pattern: ArraySlice<UInt8>, _ path: ArraySlice<UInt8>) -> Bool {
        let pattern = Array(pattern)
        var states: Set<Int> = closure([0], pattern)
        for byte in path {
            var next: Set<Int> = []
            for state in states where state < pattern.count {
                switch pattern[state] {
                case UInt8(ascii: "*"):
                    let isDouble = state &+ 1 < pattern.count && pattern[state &+ 1] == UInt8(ascii: "*")
                    let isInside = state > 0 && pattern[state &- 1] == UInt8(ascii: "*")
                    if byte != UInt8(ascii: "/") || isDouble || isInside { next.insert(state) }
                case UInt8(ascii: "?"):
                    if byte != UInt8(ascii: "/") { next.insert(state &+ 1) }
                default:
                    if pattern[state] == byte { next.insert(state &+ 1) }
                }
            }
            states = closure(next, pattern)
            if states.isEmpty { return false }
        }
        return states.contains(pattern.count)
    }

    /// The states that are reached without a byte: past each star.
    private static func closure(_ states: Set<Int>, _ pattern: [UInt8]) -> Set<Int> {
        var result = states
        for state in states {
            var following = state
            while following < pattern.count, pattern[following] == UInt8(ascii: "*") {
                following &+= 1
                result.insert(following)
            }
        }
        return result
    }
}
