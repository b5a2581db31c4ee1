// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import Foundation
import GateSupport
import GatewaySupport
import Glibc
import Identity
import Testing

@testable import IdentityPlane

/// Two gates of different trust domains that follow one another's bundles.
@Suite struct FederatedGatesTests {
    /// One of the two: what lies on disk between its starts, and where its bundle is.
    private struct Side {
        let domain: String
        let directory: String
        let port: UInt16
        var document: String { directory + "/bundle.json" }

        init(_ domain: String) throws {
            self.domain = domain
            directory = "/tmp/yett-fed-" + String(UInt64.random(in: .min ... .max), radix: 36)
            guard mkdir(directory, 0o700) == 0 else { throw POSIXError(.EIO) }
            let server = UpstreamServer.echo()
            port = server.port
            server.stop()
        }

        func text(following other: Side?) -> String {
            let federation = other.map { other in
                """
                  bundle_endpoint: {address: "127.0.0.1:\(port)", profile: https_spiffe}
                  federation:
                    - trust_domain: \(other.domain)
                      url: https://127.0.0.1:\(other.port)/
                      profile: https_spiffe
                      endpoint_id: spiffe://\(other.domain)/yett/gate
                      bundle: \(other.document)
                      networks: [127.0.0.0/8]
                """
            }
            return """
                trust_domain: \(domain)
                identity:
                  source: embedded
                  directory: \(directory)/identity
                  socket: $DIRECTORY/workload.sock
                  endpoints: {address: "127.0.0.1:0", issuer: "https://localhost"}
                  dns_names: [localhost]
                  entries: [{id: /agent/coder, selectors: ["unix:uid:\(geteuid())"], hint: agent, federates_with: []}]
                \(federation ?? "")
                """
        }

        /// Makes the keys and writes down what others are to know at first.
        func found() async throws {
            try await IdentityGate.run(text(following: nil)) { gate throws in
                let bundle = try gate.gate.ask("GET", "trust-bundle", for: TrustBundleReport.self)
                try bundle.document.write(toFile: document, atomically: true, encoding: .utf8)
            }
        }
    }

    private static func move(_ gate: IdentityGate, _ action: String, _ key: String? = nil) throws -> [KeyReport] {
        let id = key.map { #","id":"\#($0)""# } ?? ""
        let answer = try gate.gate.ask("POST", "keys", body: #"{"action":"\#(action)","kind":"x509"\#(id)}"#)
        try #require(answer.status == 200, "\(answer.text)")
        return try AdminJSON.decoder.decode(KeyList.self, from: Data(answer.body)).keys.filter { $0.kind == "x509" }
    }

    @Test(.timeLimit(.minutes(3)))
    func `Identities of one gate are recognised by the other, also under a key that came later`() async throws {
        let (left, right) = (try Side("left.test"), try Side("right.test"))
        defer { for side in [left, right] { try? FileManager.default.removeItem(atPath: side.directory) } }
        try await left.found()
        try await right.found()
        try await IdentityGate.run(left.text(following: right)) { first throws in
            let before = try Self.move(first, "prepare")
            let active = try #require(before.last { $0.stage == "active" }?.id)
            let prepared = try #require(before.last { $0.stage == "prepared" }?.id)
            try IdentityGate.waiting {
                try await IdentityGate.run(right.text(following: left)) { second throws in
                    let domains = ["left.test", "right.test"]
                    #expect(try comesTrue { try second.gate.status().identity?.trustDomains == domains })
                    // The second one has looked once: it knows the key that the document at hand does not name.
                    #expect(comesTrue { Self.knows(right.directory, "left.test", keys: 2) })
                    _ = try Self.move(first, "activate", prepared)
                    _ = try Self.move(first, "taint", active)
                    let foreign = try first.state()
                    #expect(foreign.svid.id.description == "spiffe://left.test/agent/coder")
                    _ = try second.fetch()
                    try second.write("foreign", foreign.svid, try second.state())
                    #expect(try second.ask("/keys", as: "foreign").code == 200)
                    // Recognised is not entitled: what is the own domain's stays with it.
                    #expect(try second.ask("/renew", as: "foreign", ["-d", #"{"csr":""}"#]).code == 400)
                    #expect(
                        try second.ask("/introspect", as: "foreign", ["-d", "token=x"]).text == #"{"active":false}"#)
                    let stranger = try TestAuthority("stranger").issue(uris: ["spiffe://left.test/agent/coder"])
                    let base = second.gate.directory + "/stranger"
                    try stranger.certificate.write(toFile: base + ".pem", atomically: true, encoding: .utf8)
                    try stranger.key.write(toFile: base + ".key", atomically: true, encoding: .utf8)
                    #expect(try second.ask("/keys", as: "stranger").code == 0)
                }
            }
        }
    }

    /// Whether the bundle that a gate keeps of another one has that many authorities.
    private static func knows(_ directory: String, _ domain: String, keys: Int) -> Bool {
        let folder = directory + "/identity/federation"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.contains { name in
            guard let bytes = FileManager.default.contents(atPath: folder + "/" + name),
                let trustDomain = try? TrustDomain(parsing: domain),
                let bundle = try? TrustBundle(parsing: Array(bytes), trustDomain: trustDomain)
            else { return false }
            return bundle.x509.authorities.count == keys
        }
    }
}
