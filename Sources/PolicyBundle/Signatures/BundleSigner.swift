// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Rego

/// Signs bundles.
public struct BundleSigner: Sendable {
    private let key: SignatureKey
    private let keyIdentifier: String
    /// What the signature is for.
    public var scope: String?
    /// Who makes it.
    public var issuer: String?
    /// When, in seconds since 1970.
    public var issuedAt: Int64?

    /// Signs with a key: the secret itself for `HS*`, else a private key in PEM.
    ///
    /// - Throws: if the algorithm is unknown or the text is no key for it.
    public init(key: [UInt8], algorithm: String = "RS256", keyIdentifier: String = "default") throws(BundleFailure) {
        guard let key = SignatureKey(algorithm: algorithm, text: key, for: .signing) else {
            throw .signature("the text is no private key for \(algorithm)")
        }
        self.key = key
        self.keyIdentifier = keyIdentifier
    }

    /// The file `.signatures.json` over some files.
    public func signature(over files: [BundleFile], limits: BundleLimits = BundleLimits()) throws(BundleFailure)
        -> BundleFile
    {
        let heap = Heap()
        defer { withExtendedLifetime(heap) {} }
        let list = heap.emptyArray(capacity: files.count)
        for file in files.sorted(by: { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) })
        where !file.path.utf8.elementsEqual(BundleSignature.path.utf8) {
            let entry = heap.emptyObject()
            let digest = try FileDigest.digest(file, .sha256, limits: limits)
            insert("name", heap.string(file.path), into: entry, heap)
            insert("hash", heap.string(digest), into: entry, heap)
            insert("algorithm", heap.string(FileDigest.Algorithm.sha256.rawValue), into: entry, heap)
            heap.append(entry, to: list)
        }
        let claims = heap.emptyObject()
        insert("files", list, into: claims, heap)
        insert("keyid", heap.string(keyIdentifier), into: claims, heap)
        if let scope { insert("scope", heap.string(scope), into: claims, heap) }
        if let issuer { insert("iss", heap.string(issuer), into: claims, heap) }
        if let issuedAt { insert("iat", .integer(issuedAt), into: claims, heap) }
        guard let token = key.sign(JSONWriter.bytes(claims), keyIdentifier: keyIdentifier) else {
            throw .signature("the key cannot sign")
        }
        let content = heap.emptyObject()
        insert("signatures", heap.array([heap.string(token)]), into: content, heap)
        return BundleFile(path: BundleSignature.path, bytes: JSONWriter.bytes(content))
    }

    private func insert(_ name: String, _ value: Value, into object: Value, _ heap: Heap) {
        heap.insert(heap.string(name), value, into: object)
    }
}
