// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Crypto
import CryptoExtras
import Identity
import Testing
import X509

@Suite struct X509SVIDVerifierTests {
    private static let now = CertificateTemplate.now
    private static let id = "spiffe://example.org/agent/a"

    private func verify(
        _ chain: [EncodedCertificate], _ bundles: TrustBundles, now: Int64 = Self.now,
        purpose: CertificatePurpose = .clientAuthentication, limits: SVIDLimits = .standard
    ) -> X509SVIDError? {
        do throws(X509SVIDError) {
            _ = try X509SVIDVerifier.verify(
                chain.map(\.der), bundles: bundles, purpose: purpose, now: now, limits: limits)
            return nil
        } catch {
            return error
        }
    }

    @Test("follows a chain of intermediates in any order to the leaf's own trust domain")
    func accepts() throws {
        let root = try TestAuthority(.authority("root", uri: "spiffe://example.org"))
        let upper = try TestAuthority(.authority("upper", uri: "spiffe://example.org"), issuedBy: root)
        let lower = try TestAuthority(.authority("lower", maximumPathLength: 0), issuedBy: upper)
        let leaf = try lower.issue(.leaf(Self.id))
        let bundles = try TrustBundles.only("example.org", [root])
        for intermediates in [[lower, upper], [upper, lower]] {
            #expect(verify([leaf] + intermediates.map(\.certificate), bundles) == nil)
        }
        let verified = try X509SVIDVerifier.verify(
            [leaf, lower.certificate, upper.certificate].map(\.der), bundles: bundles, purpose: .clientAuthentication,
            now: Self.now)
        #expect(verified.id.description == Self.id)
        #expect(verified.path == [leaf, lower.certificate, upper.certificate, root.certificate])
        #expect(verified.thumbprint == Array(SHA256.hash(data: leaf.der)))
        #expect(verify([leaf, upper.certificate], bundles) == .path(.noIssuer))
    }

    @Test("F-22: authorities of one trust domain never vouch for another")
    func domains() throws {
        let home = try TestAuthority(.authority("home"))
        let foreign = try TestAuthority(.authority("foreign"))
        let bundles = try TrustBundles.only("example.org", [home])
        let both = TrustBundles(bundles.all + (try TrustBundles.only("foreign.org", [foreign]).all), version: 1)
        let impostor = try foreign.issue(.leaf(Self.id))
        #expect(verify([impostor], both) == .path(.noIssuer))
        #expect(verify([try foreign.issue(.leaf("spiffe://foreign.org/a"))], both) == nil)
        let stranger = try foreign.issue(.leaf("spiffe://foreign.org/a"))
        #expect(verify([stranger], bundles) == .untrustedDomain(try TrustDomain(parsing: "foreign.org")))
        // A foreign authority that our root cross-signed still names its own trust domain.
        let cross = try TestAuthority(
            .authority("foreign", uri: "spiffe://foreign.org"), issuedBy: home, key: foreign.key)
        #expect(verify([impostor, cross.certificate], both) == .path(.issuerTrustDomain))
        // A bundle without keys revokes everything.
        let empty = TrustBundles([TrustBundle(empty: try TrustDomain(parsing: "example.org"))], version: 2)
        #expect(verify([try home.issue(.leaf(Self.id))], empty) == .path(.noIssuer))
    }

    @Test("refuses a certificate by the second")
    func validity() throws {
        let root = try TestAuthority()
        let bundles = try TrustBundles.only("example.org", [root])
        var template = CertificateTemplate.leaf(Self.id)
        (template.notBefore, template.notAfter) = (Self.now - 60, Self.now + 60)
        let leaf = try root.issue(template)
        #expect(verify([leaf], bundles, now: Self.now + 60) == nil)
        #expect(verify([leaf], bundles, now: Self.now + 61) == .path(.expired))
        #expect(verify([leaf], bundles, now: Self.now - 60) == nil)
        #expect(verify([leaf], bundles, now: Self.now - 61) == .path(.notYetValid))
    }

    @Test(
        "refuses issuers that may not issue",
        arguments: [
            ("version 1", .notAnAuthority), ("no keyCertSign", .keyUsage), ("no key usage", .keyUsage),
            ("no authority", .notAnAuthority), ("no basicConstraints", .notAnAuthority),
            ("basicConstraints not critical", .criticality(.basicConstraints)), ("other purposes", .keyUsage),
            ("no subject key", .malformed(.subjectKeyIdentifier)), ("URI with path", .issuerTrustDomain),
        ] as [(String, PathError)])
    func issuers(_ fault: String, _ error: PathError) throws {
        let root = try TestAuthority()
        var template = CertificateTemplate.authority("intermediate")
        switch fault {
        case "version 1": template.version = .v1
        case "no keyCertSign": template.usage = KeyUsage(digitalSignature: true)
        case "no key usage": template.usage = nil
        case "no authority": (template.constraints, template.usage) = (.notCertificateAuthority, nil)
        case "no basicConstraints": (template.constraints, template.usage) = (nil, nil)
        case "basicConstraints not critical": template.constraintsAreCritical = false
        case "other purposes": template.purposes = [.codeSigning]
        case "no subject key": template.hasSubjectKey = false
        default: template.names = [.uniformResourceIdentifier("spiffe://example.org/path")]
        }
        let intermediate = try TestAuthority(template, issuedBy: root)
        let leaf = try intermediate.issue(.leaf(Self.id))
        let bundles = try TrustBundles.only("example.org", [root])
        #expect(verify([leaf, intermediate.certificate], bundles) == .path(error))
        // A trusted certificate has to be an authority's too; its purposes were judged by whoever trusts it.
        if fault != "other purposes" {
            let trusted = try TestAuthority(template)
            let bundles = try TrustBundles.only("example.org", [trusted])
            #expect(verify([try trusted.issue(.leaf(Self.id))], bundles) == .path(error))
        }
    }

    @Test("refuses a trusted authority that presents itself as a leaf")
    func rootAsLeaf() throws {
        let root = try TestAuthority(.authority("root", uri: "spiffe://example.org/root"))
        let bundles = try TrustBundles.only("example.org", [root])
        #expect(verify([root.certificate], bundles) == .leafIsAuthority)
    }

    @Test("refuses a signature that another key made")
    func signature() throws {
        let root = try TestAuthority()
        let impostor = try TestAuthority()
        var template = CertificateTemplate.leaf(Self.id)
        template.hasAuthorityKey = false
        let bundles = try TrustBundles.only("example.org", [root])
        #expect(verify([try impostor.issue(.leaf(Self.id))], bundles) == .path(.noIssuer))
        #expect(verify([try impostor.issue(template)], bundles) == .path(.malformed(.authorityKeyIdentifier)))
        // The same names and key identifiers, another key.
        var bytes = try root.issue(.leaf(Self.id)).der
        bytes[bytes.count - 1] ^= 1
        let tampered = try? EncodedCertificate(der: bytes)
        if let tampered { #expect(verify([tampered], bundles) == .path(.signature)) }
    }

    @Test(
        "holds URIs against constraints on hosts exactly, and below a leading dot",
        arguments: [
            ("example.org", true), (".example.org", false), ("example.com", false), ("org", false), (".org", true),
        ])
    func uriConstraints(_ constraint: String, _ isPermitted: Bool) throws {
        let root = try TestAuthority()
        var template = CertificateTemplate.authority("intermediate")
        template.nameConstraints = NameConstraints(permittedURIDomains: [constraint])
        let intermediate = try TestAuthority(template, issuedBy: root)
        let bundles = try TrustBundles.only("example.org", [root])
        let chain = [try intermediate.issue(.leaf(Self.id)), intermediate.certificate]
        #expect(verify(chain, bundles) == (isPermitted ? nil : .path(.nameConstraint)))
        template.nameConstraints = NameConstraints(forbiddenURIDomains: [constraint])
        let excluding = try TestAuthority(template, issuedBy: root)
        let other = [try excluding.issue(.leaf(Self.id)), excluding.certificate]
        #expect(verify(other, bundles) == (isPermitted ? .path(.nameConstraint) : nil))
    }

    @Test("a constraint on a host does not admit what is below it")
    func uriConstraintIsNoSubtree() throws {
        var template = CertificateTemplate.authority("root")
        template.nameConstraints = NameConstraints(permittedURIDomains: ["example.org"])
        let root = try TestAuthority(template)
        let bundles = try TrustBundles.only("evil.example.org", [root])
        #expect(verify([try root.issue(.leaf("spiffe://evil.example.org/a"))], bundles) == .path(.nameConstraint))
    }

    @Test("refuses RSA keys below 2048 bits")
    func weakKeys() throws {
        let root = try TestAuthority()
        let bundles = try TrustBundles.only("example.org", [root])
        let weak = try _RSA.Signing.PrivateKey(unsafeKeySize: .init(bitCount: 1024))
        let leaf = try root.issue(.leaf(Self.id), publicKey: .init(weak.publicKey))
        #expect(verify([leaf], bundles) == .certificate(.unreadable))
        let strong = try root.issue(
            .leaf(Self.id), publicKey: .init(_RSA.Signing.PrivateKey(keySize: .bits2048).publicKey))
        #expect(verify([strong], bundles) == nil)
    }

    @Test("names every refusal")
    func descriptions() throws {
        #expect(verify([], try TrustBundles.only("example.org", [])) == .emptyChain)
        let purpose = X509SVIDError.purpose(.clientAuthentication)
        #expect(purpose.description == "the leaf's extended key usage has no clientAuth")
    }
}
