// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import PolicyBundle

@Suite struct BundleSignatureTests {
    private static let keys: [(algorithm: String, signing: String, verifying: String)] = [
        ("HS256", "s3cret", "s3cret"), ("HS384", "s3cret", "s3cret"), ("HS512", "s3cret", "s3cret"),
        ("RS256", SigningKeys.rsaKey, SigningKeys.rsaPublicKey),
        ("RS512", SigningKeys.rsaKey, SigningKeys.rsaPublicKey),
        ("PS256", SigningKeys.rsaKey, SigningKeys.rsaPublicKey),
        ("ES256", SigningKeys.curveKey, SigningKeys.curvePublicKey),
    ]
    private static let files = [
        BundleFile("a.rego", "package a"), BundleFile("data.json", #"{"b": 1, "a": [1, {"c": "<&>"}]}"#),
        BundleFile(".manifest", #"{"revision": "r1"}"#), BundleFile("notes.txt", "x"),
    ]

    private func signer(_ change: (inout BundleSigner) -> Void = { _ in }) throws -> BundleSigner {
        var signer = try BundleSigner(key: Array("s3cret".utf8), algorithm: "HS256", keyIdentifier: "one")
        change(&signer)
        return signer
    }

    private func verification(scope: String? = nil, identifier: String? = nil) throws -> BundleVerification {
        let key = try BundleVerification.Key(Array("s3cret".utf8), algorithm: "HS256")
        return BundleVerification(keys: ["one": key], keyIdentifier: identifier, scope: scope)
    }

    private func read(_ files: [BundleFile], _ verification: BundleVerification) throws -> BundleContent {
        try BundleReader(verification: verification).read(files: files)
    }

    @Test(arguments: keys) func `what is signed is verified`(algorithm: String, signing: String, verifying: String)
        throws
    {
        var signer = try BundleSigner(key: Array(signing.utf8), algorithm: algorithm, keyIdentifier: "one")
        signer.issuedAt = 1_700_000_000
        signer.issuer = "ci"
        let archive = try BundleWriter.archive(Self.files, signer: signer)
        let key = try BundleVerification.Key(Array(verifying.utf8), algorithm: algorithm)
        let reader = BundleReader(verification: BundleVerification(keys: ["one": key]))
        let content = try reader.read(archive: archive, entityTag: "t")
        #expect(content.signature == VerifiedSignature(keyIdentifier: "one", issuer: "ci", issuedAt: 1_700_000_000))
        #expect(content.entityTag == "t")
        #expect(content.manifest.revision == "r1")
    }

    @Test func `hashes are those that OPA makes`() throws {
        let limits = BundleLimits()
        func digest(_ path: String, _ text: String) throws -> String {
            try FileDigest.digest(BundleFile(path, text), .sha256, limits: limits)
        }
        #expect(try digest("a.rego", "package a") == "7663fa2eaf2e6846391a250cc37947941ffda1650e53cdee850c32f56e277971")
        #expect(
            try digest("x/data.json", #"{"b": 1.50, "a": [1, {"c": "<&>"}], "": null}"#)
                == "292cd9e50873a5ce2f921293385b4bec5173c201038d288095a81660ae5914ab")
        #expect(
            try digest("x/other.json", #"{"b": 1}"#)
                == "cae1fd1cafc3a224720d8b52c3615332619526ae2526b2cd7afb72a7405ee526")
    }

    @Test func `the layout of data does not count, its content does`() throws {
        let signature = try signer().signature(over: Self.files)
        var files = Self.files + [signature]
        files[1] = BundleFile("data.json", "{\n\"a\":[1,{\"c\":\"<&>\"}],\"b\":1}")
        _ = try read(files, verification())
        files[1] = BundleFile("data.json", #"{"b": 2, "a": [1, {"c": "<&>"}]}"#)
        #expect(throws: BundleFailure.signature("the file 'data.json' is not the one that was signed")) {
            try read(files, verification())
        }
    }

    @Test func `every file must be signed`() throws {
        let signature = try signer().signature(over: Self.files)
        #expect(throws: BundleFailure.signature("the bundle is not signed, and keys are configured")) {
            try read(Self.files, verification())
        }
        #expect(throws: BundleFailure.signature("the file 'extra.rego' is not signed")) {
            try read(Self.files + [signature, BundleFile("extra.rego", "package a")], verification())
        }
        #expect(throws: BundleFailure.signature("the signed file 'notes.txt' is missing")) {
            try read(Self.files.filter { $0.path != "notes.txt" } + [signature], verification())
        }
        var lenient = try verification()
        lenient.excludedFiles = ["*.txt", "extra/**"]
        let extra = BundleFile("extra/deep/x.rego", "package a")
        _ = try read(Self.files + [signature, extra], lenient)
        #expect(throws: BundleFailure.self) { try read(Self.files + [signature, extra], verification()) }
    }

    @Test func `files cannot trade places`() throws {
        let signed = [BundleFile("a.rego", "package a"), BundleFile("b.rego", "package b")]
        let signature = try signer().signature(over: signed)
        let swapped = [BundleFile("a.rego", "package b"), BundleFile("b.rego", "package a"), signature]
        #expect(throws: BundleFailure.signature("the file 'a.rego' is not the one that was signed")) {
            try read(swapped, verification())
        }
    }

    @Test func `the manifest is signed, roots included`() throws {
        let signed = [BundleFile(".manifest", #"{"roots":["a"]}"#)]
        let signature = try signer().signature(over: signed)
        #expect(throws: BundleFailure.signature("the file '.manifest' is not the one that was signed")) {
            try read([BundleFile(".manifest", #"{"roots":["b"]}"#), signature], verification())
        }
        #expect(throws: BundleFailure.signature("the signed file '.manifest' is missing")) {
            try read([signature], verification())
        }
    }

    @Test func `a signature over other files is refused`() throws {
        let signature = try signer().signature(over: [BundleFile("x.rego", "package x")])
        #expect(throws: BundleFailure.self) { try read(Self.files + [signature], verification()) }
    }

    @Test func `the key, its algorithm and the scope must be right`() throws {
        let signature = try signer().signature(over: Self.files)
        let files = Self.files + [signature]
        let other = try BundleVerification.Key(Array("other".utf8), algorithm: "HS256")
        #expect(throws: BundleFailure.signature("it is not made with the key 'one'")) {
            try read(files, BundleVerification(keys: ["one": other]))
        }
        let longer = try BundleVerification.Key(Array("s3cret".utf8), algorithm: "HS512")
        #expect(throws: BundleFailure.signature("it is not made with the key 'one'")) {
            try read(files, BundleVerification(keys: ["one": longer]))
        }
        #expect(throws: BundleFailure.signature("there is no key 'one'")) {
            try read(files, BundleVerification(keys: ["two": other]))
        }
        #expect(throws: BundleFailure.signature("there is no key 'two'")) {
            try read(files, verification(identifier: "two"))
        }
        #expect(throws: BundleFailure.signature("it is for the scope ''")) {
            try read(files, verification(scope: "write"))
        }
        let scoped = try signer { $0.scope = "write" }.signature(over: Self.files)
        _ = try read(Self.files + [scoped], verification(scope: "write"))
        #expect(throws: BundleFailure.signature("it is for the scope 'write'")) {
            try read(Self.files + [scoped], verification())
        }
    }

    @Test func `a public key is not taken for a secret`() throws {
        let forger = try BundleSigner(
            key: Array(SigningKeys.rsaPublicKey.utf8), algorithm: "HS256", keyIdentifier: "one")
        let key = try BundleVerification.Key(Array(SigningKeys.rsaPublicKey.utf8), algorithm: "RS256")
        let signature = try forger.signature(over: Self.files)
        #expect(throws: BundleFailure.signature("it is not made with the key 'one'")) {
            try read(Self.files + [signature], BundleVerification(keys: ["one": key]))
        }
    }

    @Test(
        arguments: [
            "", "{}", "[]", #"{"signatures":[]}"#, #"{"signatures":["a","b"]}"#, #"{"signatures":[1]}"#,
            #"{"signatures":["a"]}"#, #"{"signatures":["a.b.c"]}"#, #"{"signatures":["e30.e30."]}"#,
            #"{"signatures":["eyJhbGciOiJub25lIn0.eyJmaWxlcyI6W119."]}"#,
        ])
    func `refuses what is no signature`(text: String) {
        #expect(throws: BundleFailure.self) { try read([BundleFile(".signatures.json", text)], verification()) }
    }

    @Test func `refuses keys that are none`() {
        for (text, algorithm) in [("", "HS256"), ("x", "RS256"), (SigningKeys.rsaPublicKey, "ES256"), ("x", "none")] {
            #expect(throws: BundleFailure.self) { try BundleVerification.Key(Array(text.utf8), algorithm: algorithm) }
        }
        #expect(throws: BundleFailure.self) {
            try BundleSigner(key: Array(SigningKeys.rsaPublicKey.utf8), algorithm: "RS256")
        }
    }

    @Test(
        arguments: [
            ("a", "a", true), ("a", "ab", false), ("*", "ab", true), ("*", "a/b", false), ("**", "a/b", true),
            ("a/*/c", "a/b/c", true), ("a/*/c", "a/b/d/c", false), ("a/**", "a/b/c", true), ("?.x", "a.x", true),
            ("?", "/", false), ("*.json", "data.json", true), ("", "", true), ("*", "", true),
            (String(repeating: "*a", count: 50), String(repeating: "a", count: 500) + "b", false),
        ])
    func `patterns of paths`(pattern: String, path: String, expected: Bool) {
        #expect(PathPattern.matches(pattern, path) == expected)
    }
}
