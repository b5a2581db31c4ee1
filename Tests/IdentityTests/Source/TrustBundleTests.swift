// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Identity
import Protocols
import Testing

@Suite struct TrustBundleTests {
    private func bundle(sequence: UInt64? = nil) throws -> TrustBundle {
        let signer = try KeySigner(.generate(), use: "jwt-svid")
        let domain = try TrustDomain(parsing: "example.org")
        let root = try TestAuthority(.authority("root", uri: "spiffe://example.org"))
        let bundle = TrustBundle(
            x509: X509Bundle(trustDomain: domain, authorities: [root.certificate, root.certificate]),
            jwt: JWTBundle(trustDomain: domain, authorities: [signer.verificationKey]), sequence: sequence,
            refreshHint: 300)
        return try #require(bundle)
    }

    @Test("reads what it wrote, as a document and as the Workload API's key set")
    func roundTrip() throws {
        let bundle = try bundle(sequence: .max)
        #expect(bundle.x509.authorities.count == 1)
        #expect(try TrustBundle(parsing: bundle.document.bytes, trustDomain: bundle.trustDomain) == bundle)
        let keys = try JWTBundle(parsing: bundle.jwt.keySetBytes, trustDomain: bundle.trustDomain)
        #expect(keys.authorities.map(\.jsonWebKey.keyID) == bundle.jwt.authorities.map(\.jsonWebKey.keyID))
        #expect(bundle.document["keys"]?[0]?["use"] == "x509-svid")
        let map: JSONValue = ["trust_domains": ["example.org": bundle.document]]
        #expect(try TrustBundles(parsing: map.bytes, version: 1).all == [bundle])
    }

    @Test(
        "a document without keys is a domain that revoked everything",
        arguments: [
            "{}", #"{"keys":[]}"#, #"{"keys":null}"#, #"{"keys":[{"use":"x509-svid","kty":"EC"}]}"#,
        ])
    func empty(_ text: String) throws {
        let bundle = try TrustBundle(
            parsing: TokenFixture.bytes(text), trustDomain: TrustDomain(parsing: "example.org"))
        #expect(bundle.x509.authorities.isEmpty && bundle.jwt.authorities.isEmpty)
    }

    @Test(
        "refuses what is no bundle document",
        arguments: [
            ("[]", .notAnObject), (#"{"keys":{}}"#, .keys), (#"{"keys":[1]}"#, .keys),
            (#"{"spiffe_sequence":-1}"#, .sequence),
            (#"{"spiffe_sequence":"1"}"#, .sequence), (#"{"spiffe_sequence":1.5}"#, .sequence),
            (#"{"spiffe_sequence":18446744073709551616}"#, .sequence), (#"{"spiffe_refresh_hint":-1}"#, .refreshHint),
            (#"{"spiffe_refresh_hint":"1"}"#, .refreshHint),
        ] as [(String, BundleDocumentError)])
    func refusals(_ text: String, _ error: BundleDocumentError) {
        #expect(throws: error) { try BundleDocument(parsing: TokenFixture.bytes(text)) }
    }

    @Test(
        "one trust domain or one member twice is refused with the whole text",
        arguments: [
            #"{"trust_domains":{"a":{},"a":{}}}"#, #"{"trust_domains":{"a":{},"spiffe://a":{}}}"#,
            #"{"trust_domains":{"A":{}}}"#, #"{"trust_domains":[]}"#, #"{}"#,
            #"{"trust_domains":{"a":{"keys":[],"keys":[]}}}"#,
        ])
    func maps(_ text: String) {
        #expect(throws: BundleDocumentError.self) { try TrustBundles(parsing: TokenFixture.bytes(text), version: 1) }
    }

    @Test("F-22: an older document never replaces a newer one, and each change has its own version")
    func sequences() throws {
        let bundles = TrustBundles([try bundle(sequence: 5)], version: 1)
        #expect(try bundles.replacing(bundle(sequence: 4)) == nil)
        #expect(try bundles.replacing(bundle()) == nil)
        let newer = try #require(try bundles.replacing(bundle(sequence: 6)))
        #expect(newer.version == 2)
        #expect(newer.all.first?.sequence == 6)
        #expect(newer.replacing(newer.all[0])?.version == 2)
    }

    @Test("F-22: a certificate counts only with the numbers that stand beside it, and keys only once")
    func entries() throws {
        let bundle = try bundle()
        var document = bundle.document.object ?? JSONObject()
        let other = try self.bundle().document["keys"]?[0]?["x"]
        guard var entry = document["keys"]?[0]?.object, let key = document["keys"]?[1] else {
            Issue.record("there are no keys")
            return
        }
        entry["x"] = other
        document["keys"] = [.object(entry), key]
        let mixed = try? TrustBundle(parsing: JSONValue.object(document).bytes, trustDomain: bundle.trustDomain)
        #expect(mixed?.x509.authorities.isEmpty == true)
        #expect(mixed?.jwt.authorities.count == 1)
        document["keys"] = [key, key]
        #expect(throws: BundleDocumentError.duplicateKeyID) { try BundleDocument(.object(document)) }
    }

    @Test("parts of two trust domains make no bundle")
    func parts() throws {
        let one = try TrustDomain(parsing: "one.org")
        let other = try TrustDomain(parsing: "other.org")
        #expect(
            TrustBundle(
                x509: X509Bundle(trustDomain: one, authorities: []), jwt: JWTBundle(trustDomain: other, authorities: [])
            ) == nil)
    }
}
