// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Identity
import SwiftASN1
import Testing
import X509

@Suite struct NameConstraintTests {
    private static let now = CertificateTemplate.now

    /// Whether a leaf with a name passes below an authority with constraints.
    private func passes(_ names: [GeneralName], _ constraints: NameConstraints) throws -> Bool {
        var template = CertificateTemplate.authority("root")
        template.nameConstraints = constraints
        let root = try TestAuthority(template)
        let leaf = try root.issue(.leaf("spiffe://example.org/a", names: names))
        do throws(PathError) {
            _ = try PathFinder.path(from: leaf, through: [], to: [root.certificate], now: Self.now)
            return true
        } catch {
            #expect(error == .nameConstraint)
            return false
        }
    }

    @Test(
        "hosts lie below whole labels, whatever the case",
        arguments: [
            ("a.test", "a.test", true), ("b.a.test", "a.test", true), ("ba.test", "a.test", false),
            ("A.TEST", "a.test", true),
            ("test", "a.test", false), ("a.test", "", true), ("*.a.test", "a.test", true),
            ("*.a.test", "b.a.test", false),
            ("a..test", "test", false), ("a.test.", "test", false), ("-a.test", "test", false),
            ("a.*.test", "test", false),
        ])
    func permittedHosts(_ name: String, _ constraint: String, _ isPermitted: Bool) throws {
        let constraints = NameConstraints(permittedDNSDomains: [constraint])
        #expect(try passes([.dnsName(name)], constraints) == isPermitted)
    }

    @Test(
        "a wildcard is excluded when anything it stands for is",
        arguments: [
            ("a.test", "a.test", true), ("*.a.test", "b.a.test", true), ("*.a.test", "c.b.a.test", false),
            ("*.a.test", "a.test", true), ("*.a.test", "b.test", false), ("b.test", "a.test", false),
            ("a..test", "b.test", true),
        ])
    func excludedHosts(_ name: String, _ constraint: String, _ isExcluded: Bool) throws {
        let constraints = NameConstraints(excludedDNSDomains: [constraint])
        #expect(try passes([.dnsName(name)], constraints) != isExcluded)
    }

    @Test(
        "mailboxes lie in a host, below a dot, or are one",
        arguments: [
            ("a@b.test", "b.test", true), ("a@c.b.test", "b.test", false), ("a@c.b.test", ".b.test", true),
            ("a@b.test", ".b.test", false), ("a@b.test", "a@b.test", true), ("A@b.test", "a@b.test", false),
            ("a@B.test", "a@b.test", true), ("a@b@b.test", "b.test", false), ("a", "b.test", false),
        ])
    func mailboxes(_ name: String, _ constraint: String, _ isPermitted: Bool) throws {
        let constraints = NameConstraints(permittedEmailAddresses: [constraint])
        #expect(try passes([.rfc822Name(name)], constraints) == isPermitted)
    }

    @Test(
        "addresses lie in a range of their own family",
        arguments: [
            ([192, 0, 2, 1], [192, 0, 2, 0, 255, 255, 255, 0], true),
            ([192, 0, 3, 1], [192, 0, 2, 0, 255, 255, 255, 0], false),
            ([192, 0, 2, 1], [0, 0, 0, 0, 0, 0, 0, 0], true), ([192, 0, 2], [0, 0, 0, 0, 0, 0, 0, 0], false),
            ([192, 0, 2, 1], [192, 0, 2, 0, 255, 0, 255, 0], false), ([192, 0, 2, 1], [192, 0, 2, 0], false),
            ([192, 0, 2, 129], [192, 0, 2, 128, 255, 255, 255, 128], true),
        ] as [([UInt8], [UInt8], Bool)])
    func addresses(_ name: [UInt8], _ constraint: [UInt8], _ isPermitted: Bool) throws {
        let range = ASN1OctetString(contentBytes: constraint[...])
        let constraints = NameConstraints(permittedSubtrees: [.ipAddress(range)])
        #expect(try passes([.ipAddress(ASN1OctetString(contentBytes: name[...]))], constraints) == isPermitted)
    }

    @Test(
        "a constraint that is malformed refuses everything",
        arguments: [
            GeneralName.dnsName("*.a.test"), .dnsName(".a.test"), .dnsName("a..test"), .rfc822Name("a@b@c"),
            .rfc822Name(""),
            .uniformResourceIdentifier("https://a.test"), .uniformResourceIdentifier(""),
        ])
    func malformed(_ constraint: GeneralName) throws {
        #expect(try !passes([], NameConstraints(excludedSubtrees: [constraint])))
    }

    @Test("a name in a form that nobody compares is refused only where such names are constrained")
    func forms() throws {
        let name = GeneralName.registeredID([1, 2, 3])
        #expect(try passes([name], NameConstraints(excludedDNSDomains: ["a.test"])))
        #expect(try !passes([name], NameConstraints(excludedSubtrees: [.registeredID([1, 2, 4])])))
        #expect(try !passes([name], NameConstraints(permittedSubtrees: [.registeredID([1, 2, 3])])))
    }

    @Test("the subject is a directory name, compared without regard to case and to how its text is written")
    func directories() throws {
        let permitted = NameConstraints(permittedSubtrees: [
            .directoryName(try DistinguishedName { CommonName("LEAF") })
        ])
        #expect(try passes([], permitted))
        let other = NameConstraints(permittedSubtrees: [.directoryName(try DistinguishedName { CommonName("other") })])
        #expect(try !passes([], other))
        let excluded = NameConstraints(excludedSubtrees: [.directoryName(try DistinguishedName { CommonName("leaf") })])
        #expect(try !passes([], excluded))
    }
}
