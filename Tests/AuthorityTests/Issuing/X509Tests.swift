// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Identity
import Synchronization
import Testing
import X509

@testable import Authority

/// What the authority issues, judged by ourselves and by programs that know nothing of us.
@Suite struct X509Tests {
    private let workspace: Workspace

    init() throws { workspace = try Workspace() }

    private func pem(_ certificates: [EncodedCertificate]) -> String {
        certificates.map {
            "-----BEGIN CERTIFICATE-----\n" + Data($0.der).base64EncodedString(options: .lineLength64Characters)
                + "\n-----END CERTIFICATE-----\n"
        }.joined()
    }

    private func files(_ authority: Authority, _ svid: X509SVID) throws -> [String] {
        [
            try workspace.write(Array(pem(authority.state.bundle.x509.authorities).utf8), to: "roots.pem"),
            try workspace.write(Array(pem(Array(svid.chain.dropFirst())).utf8), to: "chain.pem"),
            try workspace.write(Array(pem(Array(svid.chain.prefix(1))).utf8), to: "leaf.pem"),
        ]
    }

    private func openssl(_ purpose: String, _ files: [String], at time: Int64) -> (status: Int32, output: String) {
        Shell.run([
            "openssl", "verify", "-x509_strict", "-purpose", purpose, "-attime", "\(time)", "-CAfile", files[0],
            "-untrusted", files[1], files[2],
        ])
    }

    private func issue(_ authority: Authority) async throws -> IssuedX509SVID {
        try await authority.add(
            entry("/agent/coder", ["unix:uid:7"], hint: "main", dnsNames: ["coder.example.test", "c2.example.test"]))
        return try #require(try authority.x509SVIDs(for: caller("unix:uid:7")).first)
    }

    @Test func `what was voided is issued again, until the second is over in which that was`() async throws {
        let authority = try workspace.authority()
        let issued = try await issue(authority)
        let version = authority.state.version
        try await authority.void(issued.svid.id)
        #expect(!authority.isCurrent(issued) && authority.state.version > version)
        // In the same second nobody can tell it from what was voided, so that it is replaced with the next.
        let early = try #require(try authority.x509SVIDs(for: caller("unix:uid:7")).first)
        #expect(!authority.isCurrent(early) && early.renewal == workspace.clock.now + 1)
        workspace.clock.advance(1)
        let later = try #require(try authority.x509SVIDs(for: caller("unix:uid:7")).first)
        #expect(authority.isCurrent(later) && !authority.isCurrent(issued) && !authority.isCurrent(early))
        #expect(later.renewal > workspace.clock.now + 60)
    }

    @Test func `openssl accepts the chain as client and as server, from its beginning to its end`() async throws {
        let authority = try workspace.authority()
        let svid = try await issue(authority).svid
        let files = try files(authority, svid)
        for purpose in ["sslclient", "sslserver"] {
            // OpenSSL takes the last second for the first one after the end.
            for time in [svid.validity.lowerBound, workspace.clock.now, svid.validity.upperBound - 1] {
                let result = openssl(purpose, files, at: time)
                #expect(result.status == 0, "\(result.output)")
            }
        }
        #expect(openssl("sslclient", files, at: svid.validity.upperBound + 1).status != 0)
        #expect(openssl("sslclient", files, at: svid.validity.lowerBound - 1).status != 0)
    }

    @Test func `openssl refuses the chain once its root is revoked`() async throws {
        let authority = try workspace.authority()
        let issued = try await issue(authority)
        try await authority.activate(.x509, authority.prepare(.x509).id)
        #expect(openssl("sslclient", try files(authority, issued.svid), at: workspace.clock.now).status == 0)
        try await authority.taint(.x509, issued.root)
        try await authority.revoke(.x509, issued.root)
        #expect(openssl("sslclient", try files(authority, issued.svid), at: workspace.clock.now).status != 0)
    }

    @Test func `openssl reads of the leaf exactly what the profile asks for`() async throws {
        let authority = try workspace.authority()
        let files = try files(authority, try await issue(authority).svid)
        let text = Shell.run(["openssl", "x509", "-in", files[2], "-noout", "-text"]).output
        let lines = text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        func after(_ line: String) -> String? {
            lines.firstIndex(of: line).flatMap { lines.indices.contains($0 + 1) ? lines[$0 + 1] : nil }
        }
        #expect(lines.contains("Version: 3 (0x2)"))
        #expect(lines.contains("Subject:"))
        #expect(lines.contains("ASN1 OID: prime256v1"))
        #expect(lines.contains("Signature Algorithm: ecdsa-with-SHA256"))
        #expect(after("X509v3 Basic Constraints: critical") == "CA:FALSE")
        #expect(after("X509v3 Key Usage: critical") == "Digital Signature")
        #expect(
            after("X509v3 Extended Key Usage:")
                == "TLS Web Server Authentication, TLS Web Client Authentication")
        #expect(
            after("X509v3 Subject Alternative Name: critical")
                == "URI:spiffe://example.test/agent/coder, DNS:coder.example.test, DNS:c2.example.test")
        #expect(lines.contains("X509v3 Subject Key Identifier:"))
        #expect(lines.contains("X509v3 Authority Key Identifier:"))
    }

    @Test func `openssl reads of root and intermediate what an authority must be`() async throws {
        let authority = try workspace.authority()
        let files = try files(authority, try await issue(authority).svid)
        for (file, constraints) in [(files[0], "CA:TRUE, pathlen:1"), (files[1], "CA:TRUE, pathlen:0")] {
            let text = Shell.run(["openssl", "x509", "-in", file, "-noout", "-text"]).output
            let lines = text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
            #expect(lines.contains(constraints))
            #expect(lines.contains("Certificate Sign, CRL Sign"))
            #expect(lines.contains("URI:spiffe://example.test"))
        }
    }

    @Test func `Python's cryptography accepts the chain and finds the same name`() async throws {
        let authority = try workspace.authority()
        let files = try files(authority, try await issue(authority).svid)
        let script = """
            import datetime, sys
            from cryptography import x509
            from cryptography.x509 import verification
            roots, chain, leaf = [x509.load_pem_x509_certificates(open(f, "rb").read()) for f in sys.argv[1:4]]
            moment = datetime.datetime.fromtimestamp(int(sys.argv[4]), datetime.timezone.utc)
            policy = verification.PolicyBuilder().store(verification.Store(roots)).time(moment)
            verified = policy.build_client_verifier().verify(leaf[0], chain)
            print(verified.subjects[0].value)
            """
        let path = try workspace.write(Array(script.utf8), to: "verify.py")
        let result = Shell.run(["python3", path] + files + ["\(workspace.clock.now)"])
        #expect(result.output.hasPrefix("spiffe://example.test/agent/coder"), "\(result.output)")
    }

    @Test func `serial numbers are positive, of at least 64 random bits, and never the same`() async throws {
        let authority = try workspace.authority()
        try await authority.add(entry("/agent/a", ["unix:uid:7"]))
        var seen: Set<[UInt8]> = []
        for _ in 0..<200 {
            let svid = try #require(try authority.x509SVIDs(for: caller("unix:uid:7")).first).svid
            let serial = Array(try #require(svid.chain.first).certificate.serialNumber.bytes)
            #expect(serial.count == 16 && serial[0] & 0x80 == 0)
            #expect(seen.insert(serial).inserted)
        }
    }

    @Test func `each SVID has a key of its own that fits its leaf`() async throws {
        let authority = try workspace.authority()
        try await authority.add(entry("/agent/a", ["unix:uid:7"]))
        let first = try #require(try authority.x509SVIDs(for: caller("unix:uid:7")).first)
        let second = try #require(try authority.x509SVIDs(for: caller("unix:uid:7")).first)
        #expect(first.svid.key.publicKey != second.svid.key.publicKey)
        #expect(first.svid.chain.first?.certificate.publicKey == first.svid.key.publicKey)
    }

    @Test func `a certificate begins ten seconds ago and never outlives its intermediate`() async throws {
        let authority = try workspace.authority { $0.intermediateLifetime = 7200 }
        try await authority.add(entry("/agent/a", ["unix:uid:7"]))
        try await authority.add(entry("/agent/long", ["unix:uid:8"], x509Lifetime: 86_400))
        let usual = try #require(try authority.x509SVIDs(for: caller("unix:uid:7")).first).svid
        #expect(usual.validity == (workspace.clock.now - 10)...(workspace.clock.now + 3600))
        let long = try #require(try authority.x509SVIDs(for: caller("unix:uid:8")).first).svid
        #expect(long.validity.upperBound == long.chain.last?.notAfter)
    }

    @Test(arguments: [(-1.0, 1620), (0, 1800), (1, 1980), (7, 1980)] as [(Double, Int64)])
    func `renewal comes at half of the life, give or take a tenth of that`(jitter: Double, after: Int64) async throws {
        let authority = try Authority(
            workspace.configuration(), clock: workspace.clock.authorityClock, jitter: { jitter })
        try await authority.add(entry("/agent/a", ["unix:uid:7"]))
        let issued = try #require(try authority.x509SVIDs(for: caller("unix:uid:7")).first)
        #expect(issued.renewal == workspace.clock.now + after)
        workspace.clock.advance(after - 1)
        #expect(authority.isCurrent(issued))
        workspace.clock.advance(1)
        #expect(!authority.isCurrent(issued))
    }

    @Test func `an SVID stands no more when its entry is removed or says something else`() async throws {
        let authority = try workspace.authority()
        try await authority.setConfigured([entry("/agent/a", ["unix:uid:7"], origin: .configuration)])
        let issued = try #require(try authority.x509SVIDs(for: caller("unix:uid:7")).first)
        #expect(authority.isCurrent(issued))
        try await authority.setConfigured([
            entry("/agent/a", ["unix:uid:7"], dnsNames: ["a.example.test"], origin: .configuration)
        ])
        #expect(!authority.isCurrent(issued))
        try await authority.setConfigured([])
        #expect(throws: AuthorityError.self) { try authority.x509SVIDs(for: caller("unix:uid:7")) }
    }

    @Test func `a caller that changes while its certificate is signed gets nothing`() async throws {
        let authority = try workspace.authority()
        try await authority.add(entry("/agent/a", ["unix:uid:7"]))
        func changing() throws -> AttestedCaller {
            let looks = Counter()
            return AttestedCaller(selectors: [try Selector(parsing: "unix:uid:7")]) { looks.next() == 1 }
        }
        #expect(throws: AuthorityError.self) { try authority.x509SVIDs(for: changing()) }
        #expect(throws: AuthorityError.self) { try authority.jwtSVIDs(for: changing(), audience: ["tool"]) }
    }

    @Test func `no text of an error, an SVID or a token shows a key`() async throws {
        let authority = try workspace.authority()
        let issued = try await issue(authority)
        let token = try await authority.makeJoinToken(for: SPIFFEID(parsing: "spiffe://example.test/agent/remote"))
        let secret = Data(issued.svid.key.secretPKCS8()).base64EncodedString()
        for text in ["\(issued)", String(reflecting: issued), "\(token)", String(reflecting: token)] {
            #expect(!text.contains(token.secretText()))
            #expect(!text.contains(secret.prefix(40)))
            #expect(!text.contains("BEGIN"))
        }
    }
}

/// Counts its calls.
private final class Counter: Sendable {
    private let count = Mutex(0)

    func next() -> Int {
        count.withLock {
            $0 += 1
            return $0
        }
    }
}
