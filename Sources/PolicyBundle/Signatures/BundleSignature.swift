// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Rego

/// The content of `.signatures.json`, not verified.
struct BundleSignature {
    /// Where it stands in a bundle.
    static let path = ".signatures.json"

    /// What is listed of a file.
    struct Entry {
        let algorithm: FileDigest.Algorithm
        let digest: String
    }

    /// The signed text in compact form.
    let token: [UInt8]
    let keyIdentifier: String?
    let scope: String
    let issuer: String?
    let issuedAt: Int64?
    /// The files by the bytes of their paths.
    let files: [[UInt8]: Entry]

    /// Reads the one signature.
    init(_ bytes: [UInt8]) throws(BundleFailure) {
        let document = try JSONDocument(bytes) { .signature($0) }
        defer { document.hold() }
        let list = document.member("signatures", of: document.root)
        guard list.tag == .array, list.count == 1, let text = list.elements.first, text.isString else {
            throw .signature("there must be one signature")
        }
        token = Array(text.utf8)
        guard let (header, payload) = SignatureKey.decode(token) else { throw .signature("it is no JSON web token") }
        let heading = try JSONDocument(header) { .signature($0) }
        let claims = try JSONDocument(payload) { .signature($0) }
        defer {
            heading.hold()
            claims.hold()
        }
        func claim(_ name: String) -> String? {
            let value = claims.member(name, of: claims.root)
            return value.isString ? value.string : nil
        }
        let named = heading.member("kid", of: heading.root)
        keyIdentifier = named.isString && !named.utf8.isEmpty ? named.string : claim("keyid")
        scope = claim("scope") ?? ""
        issuer = claim("iss")
        issuedAt = claims.member("iat", of: claims.root).exactInteger
        files = try Self.files(claims)
    }

    private static func files(_ claims: JSONDocument) throws(BundleFailure) -> [[UInt8]: Entry] {
        let list = claims.member("files", of: claims.root)
        guard list.tag == .array else { throw .signature("it lists no files") }
        var files: [[UInt8]: Entry] = [:]
        for item in list.elements {
            let name = claims.member("name", of: item)
            guard name.isString else { throw .signature("a file has no name") }
            let algorithm = claims.member("algorithm", of: item).string
            guard let algorithm = FileDigest.Algorithm(rawValue: algorithm) else {
                throw .signature("the hash '\(algorithm)' is unknown or too weak")
            }
            let digest = claims.member("hash", of: item)
            let path = Array(name.utf8.drop { $0 == UInt8(ascii: "/") })
            guard files.updateValue(Entry(algorithm: algorithm, digest: digest.string), forKey: path) == nil else {
                throw .signature("the file '\(name.string)' is listed twice")
            }
        }
        return files
    }
}
