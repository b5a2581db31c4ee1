// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Identity
import SwiftASN1
import Testing
import X509

@Suite struct LeafProfileTests {
    private static let id = "spiffe://example.org/agent/a"

    private func judge(
        _ template: CertificateTemplate, for purpose: CertificatePurpose? = nil
    ) throws -> Result<SPIFFEID, X509SVIDError> {
        let leaf = try TestAuthority().issue(template)
        return Result { () throws(X509SVIDError) in try LeafProfile.identity(of: leaf, for: purpose) }
    }

    private func failure(
        _ change: (inout CertificateTemplate) -> Void, for purpose: CertificatePurpose? = nil
    ) throws -> X509SVIDError? {
        var template = CertificateTemplate.leaf(Self.id)
        change(&template)
        guard case .failure(let error) = try judge(template, for: purpose) else { return nil }
        return error
    }

    @Test("reads the ID of a leaf that keeps the profile, with names of hosts beside it or an empty subject")
    func accepts() throws {
        #expect(try judge(.leaf(Self.id)).get().description == Self.id)
        #expect(try judge(.leaf(Self.id, names: [.dnsName("a.test")])).get().description == Self.id)
        #expect(try failure { ($0.subject, $0.namesAreCritical) = ("", true) } == nil)
        #expect(try failure { $0.constraints = nil } == nil)
        #expect(try failure({ $0.purposes = nil }, for: .clientAuthentication) == nil)
    }

    @Test("needs exactly one URI, a SPIFFE ID with a path")
    func uris() throws {
        #expect(try failure { $0.names = [.dnsName("a.test")] } == .uriNames(0))
        #expect(try failure { $0.names.append(.uniformResourceIdentifier("spiffe://example.org/b")) } == .uriNames(2))
        #expect(try failure { $0.names.append(.uniformResourceIdentifier("https://example.org")) } == .uriNames(2))
        #expect(try failure { $0.names = [.uniformResourceIdentifier("spiffe://example.org")] } == .noPath)
        #expect(try failure { $0.names = [.uniformResourceIdentifier("spiffe://example.org/")] } == .id(.emptySegment))
        #expect(try failure { $0.names = [.uniformResourceIdentifier("SPIFFE://example.org/a")] } == .id(.scheme))
    }

    @Test("F-10: a name of a host is no URI, and a URI no name of a host")
    func typedNames() throws {
        #expect(try failure { $0.names = [.dnsName("spiffe://example.org/agent/a")] } == .uriNames(0))
        #expect(try failure { $0.names = [.rfc822Name("spiffe://example.org/agent/a")] } == .uriNames(0))
        #expect(try failure { $0.names = [.uniformResourceIdentifier("example.org")] } == .id(.scheme))
    }

    @Test("refuses authorities and keys that sign certificates or lists")
    func authorities() throws {
        #expect(try failure { $0.constraints = .isCertificateAuthority(maxPathLength: nil) } == .leafIsAuthority)
        #expect(try failure { $0.usage = nil } == .keyUsage)
        #expect(try failure { $0.usage = KeyUsage(keyAgreement: true) } == .keyUsage)
        #expect(try failure { $0.usage = KeyUsage(digitalSignature: true, keyCertSign: true) } == .keyUsage)
        #expect(try failure { $0.usage = KeyUsage(digitalSignature: true, cRLSign: true) } == .keyUsage)
    }

    @Test("holds the extended key usage against what the leaf is presented for")
    func purposes() throws {
        #expect(
            try failure({ $0.purposes = [.serverAuth] }, for: .clientAuthentication) == .purpose(.clientAuthentication))
        #expect(
            try failure({ $0.purposes = [.clientAuth] }, for: .serverAuthentication) == .purpose(.serverAuthentication))
        #expect(try failure({ $0.purposes = [.clientAuth] }, for: .clientAuthentication) == nil)
        #expect(try failure { $0.purposes = [.codeSigning] } == nil)
    }

    @Test("an empty subject needs a critical subject alternative name")
    func emptySubject() throws {
        #expect(try failure { $0.subject = "" } == .namesNotCritical)
    }

    @Test("F-6: nothing may stand before, behind or between certificates")
    func trailingBytes() throws {
        let leaf = try TestAuthority().issue(.leaf(Self.id))
        #expect(throws: CertificateError.unreadable) { try EncodedCertificate(der: leaf.der + [0]) }
        #expect(throws: CertificateError.unreadable) { try EncodedCertificate(der: leaf.der + leaf.der) }
        #expect(throws: CertificateError.unreadable) {
            try EncodedCertificate.sequence(der: leaf.der + [5, 0] + leaf.der, atMost: 8)
        }
        #expect(throws: CertificateError.unreadable) {
            try EncodedCertificate.sequence(der: leaf.der.dropLast(), atMost: 8)
        }
        #expect(throws: CertificateError.tooMany) {
            try EncodedCertificate.sequence(der: leaf.der + leaf.der + leaf.der, atMost: 2)
        }
        #expect(try EncodedCertificate.sequence(der: leaf.der + leaf.der, atMost: 2) == [leaf, leaf])
    }

    @Test("a certificate with ten thousand names is refused for its size before it is read")
    func manyNames() throws {
        let names = (0..<10_000).map { GeneralName.dnsName("host-\($0).example.org") }
        let leaf = try TestAuthority().issue(.leaf(Self.id, names: Array(names.prefix(100))))
        #expect(try LeafProfile.identity(of: leaf).description == Self.id)
        // Made by hand: the fixture itself refuses to be that long.
        var serializer = DER.Serializer()
        try serializer.appendConstructedNode(identifier: .sequence) { coder in
            for name in names { try coder.serialize(name) }
        }
        let duration = ProcessorTime.measure {
            #expect(throws: CertificateError.tooLong) { try EncodedCertificate(der: serializer.serializedBytes) }
        }
        #expect(duration < .milliseconds(250))
    }
}
