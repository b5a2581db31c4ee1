// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Identity
import Protocols
import Testing

@Suite struct SecrecyTests {
    /// Every text form that Swift makes of a value.
    private func texts(_ value: Any) -> [String] {
        var dumped = ""
        dump(value, to: &dumped)
        return [
            "\(value)", String(describing: value), String(reflecting: value), "\([value])", "\(["k": value])", dumped,
        ]
    }

    private func needles(_ secret: [UInt8]) -> [String] {
        [StrictBase64.url.text(secret.suffix(24)), StrictBase64.standard.text(secret.suffix(24))]
            + [secret.suffix(24).map { "\($0)" }.joined(separator: ", ")]
    }

    @Test("F-9: no text form of a key, an SVID, a signer or a token shows any of it")
    func values() throws {
        let key = SigningKey.generate()
        let secret = key.secretPKCS8()
        let root = try TestAuthority()
        let leaf = try root.issue(.leaf("spiffe://example.org/agent/a"), publicKey: key.publicKey)
        let svid = try X509SVID(chain: [leaf], key: key)
        let signer = try KeySigner(key)
        let token = try JWTSVID.issue(
            svid.id, audience: ["gate"], lifetime: 60, tokenID: [1], now: TokenFixture.now, signer: signer)
        let parsed = try CompactJWS(parsing: token.secretToken())
        let verified = try parsed.verified(with: signer.verificationKey)
        let state = IdentityState(svid: svid, bundles: try .only("example.org", [root]), version: 1)
        let text = String(decoding: token.secretToken(), as: UTF8.self)
        let signature = String(text.suffix(40))
        for value in [key, svid, signer, token, parsed, verified, state] as [Any] {
            for text in texts(value) {
                for needle in needles(secret) + [signature, "BEGIN"] { #expect(!text.contains(needle)) }
            }
        }
        #expect("\(key)" == "[redacted]")
        #expect("\(svid)" == "X509-SVID spiffe://example.org/agent/a")
        #expect("\(leaf)" == "certificate of \(leaf.der.count) bytes")
    }

    @Test("F-9: no refusal repeats what was refused")
    func errors() throws {
        let needle = "c2VjcmV0LXNlY3JldC1zZWNyZXQ"
        let bytes = TokenFixture.bytes(needle)
        var texts: [String] = []
        do { _ = try SigningKey(pkcs8: bytes) } catch { texts += self.texts(error) }
        do { _ = try EncodedCertificate(der: bytes) } catch { texts += self.texts(error) }
        do { _ = try CompactJWS(parsing: bytes + [46] + bytes + [46] + bytes) } catch { texts += self.texts(error) }
        do { _ = try JSONWebKeySet(parsing: TokenFixture.bytes(#"{"keys":[{"kty":"oct","k":"\#(needle)"}]}"#)) } catch {
            texts += self.texts(error)
        }
        do { _ = try BundleDocument(parsing: TokenFixture.bytes(#"{"keys":"\#(needle)"}"#)) } catch {
            texts += self.texts(error)
        }
        #expect(texts.count == 30)
        for text in texts { #expect(!text.contains(needle)) }
    }

    @Test("an SVID takes its own key and no other, and nothing but SVIDs")
    func pairs() throws {
        let key = SigningKey.generate()
        let root = try TestAuthority()
        let leaf = try root.issue(.leaf("spiffe://example.org/agent/a"), publicKey: key.publicKey)
        #expect(throws: X509SVIDError.key(.otherKey)) { try X509SVID(chain: [leaf], key: .generate()) }
        #expect(throws: X509SVIDError.path(.notAnAuthority)) { try X509SVID(chain: [leaf, leaf], key: key) }
        #expect(throws: X509SVIDError.leafIsAuthority) {
            let authority = try TestAuthority(.authority("root", uri: "spiffe://example.org/a"))
            return try X509SVID(chain: [authority.certificate], key: authority.key)
        }
        let svid = try X509SVID(certificates: leaf.der, pkcs8: key.secretPKCS8(), hint: "internal")
        #expect(svid.hint == "internal")
        #expect(svid.certificateBytes == leaf.der)
        #expect(svid.validity == leaf.notBefore...leaf.notAfter)
    }
}
