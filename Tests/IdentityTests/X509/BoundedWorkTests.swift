// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Identity
import Testing
import X509

@Suite struct BoundedWorkTests {
    private static let now = CertificateTemplate.now
    private static let id = "spiffe://example.org/agent/a"
    private static let generous = SVIDLimits(certificates: 512, bytes: 1 << 20, pathLength: 8, intermediates: 8)

    private func refusal(
        _ chain: [EncodedCertificate], _ bundles: TrustBundles, limits: SVIDLimits = .standard
    ) -> (X509SVIDError?, Duration) {
        var refusal: X509SVIDError?
        let duration = ProcessorTime.measure {
            do throws(X509SVIDError) {
                _ = try X509SVIDVerifier.verify(
                    chain.map(\.der), bundles: bundles, purpose: .clientAuthentication, now: Self.now, limits: limits)
            } catch {
                refusal = error
            }
        }
        return (refusal, duration)
    }

    @Test("F-7: counts certificates and bytes before it reads any")
    func sizes() throws {
        let root = try TestAuthority()
        let bundles = try TrustBundles.only("example.org", [root])
        let leaf = try root.issue(.leaf(Self.id))
        #expect(refusal([EncodedCertificate](repeating: leaf, count: 9), bundles).0 == .tooManyCertificates)
        let long = [[UInt8]](repeating: [UInt8](repeating: 0x30, count: 16_384), count: 5)
        #expect(throws: X509SVIDError.tooManyBytes) {
            try X509SVIDVerifier.verify(long, bundles: bundles, purpose: .clientAuthentication, now: Self.now)
        }
    }

    @Test("two hundred intermediates of one name and key end the search within its limit of signatures")
    func sameSubject() throws {
        let root = try TestAuthority()
        let bundles = try TrustBundles.only("example.org", [root])
        let stranger = try TestAuthority(.authority("stranger"))
        let key = SigningKey.generate()
        let many = try (0..<200).map { _ in
            try TestAuthority(.authority("same"), issuedBy: stranger, key: key).certificate
        }
        let issuer = try TestAuthority(.authority("same"), issuedBy: stranger, key: key)
        let leaf = try issuer.issue(.leaf(Self.id))
        let (error, duration) = refusal([leaf] + many, bundles, limits: Self.generous)
        #expect(error == .path(.tooMuchWork))
        #expect(duration < .seconds(1))
    }

    @Test("a cycle of authorities that issued each other ends the search")
    func cycle() throws {
        let bundles = try TrustBundles.only("example.org", [try TestAuthority()])
        let first = try TestAuthority(.authority("first"))
        let second = try TestAuthority(.authority("second"), issuedBy: first)
        let back = try TestAuthority(.authority("first"), issuedBy: second, key: first.key)
        let leaf = try first.issue(.leaf(Self.id))
        let chain = [leaf, back.certificate, second.certificate, first.certificate]
        let (error, duration) = refusal(chain, bundles)
        #expect(error == .path(.noIssuer))
        #expect(duration < .milliseconds(250))
    }

    @Test("a chain that is longer than five certificates is refused")
    func longChain() throws {
        let root = try TestAuthority()
        let bundles = try TrustBundles.only("example.org", [root])
        var authorities = [root]
        for number in 1...7 {
            guard let last = authorities.last else { continue }
            authorities.append(try TestAuthority(.authority("authority \(number)"), issuedBy: last))
        }
        for count in 0...7 {
            let leaf = try authorities[count].issue(.leaf(Self.id))
            let chain = [leaf] + authorities[1...].prefix(count).reversed().map(\.certificate)
            #expect(refusal(chain, bundles).0 == (count <= 3 ? nil : .path(.tooLong)))
        }
    }

    @Test("many names against many constraints end at the limit of comparisons")
    func constraints() throws {
        var template = CertificateTemplate.authority("root")
        template.nameConstraints = NameConstraints(excludedDNSDomains: (0..<400).map { "host-\($0).test" })
        let root = try TestAuthority(template)
        let bundles = try TrustBundles.only("example.org", [root])
        let leaf = try root.issue(.leaf(Self.id, names: (0..<400).map { .dnsName("n\($0).example.org") }))
        let (error, duration) = refusal([leaf], bundles)
        #expect(error == .path(.tooMuchWork))
        #expect(duration < .milliseconds(250))
    }
}
