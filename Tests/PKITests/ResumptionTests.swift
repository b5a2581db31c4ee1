// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import Identity
import PKI
import Testing

@Suite("Session resumption") struct ResumptionTests {
    private static let agent = "spiffe://example.test/agent/coder"

    /// A real client, which keeps the server's tickets in a file and brings them back from there.
    private static func client(
        _ port: Int, _ leaf: TestAuthority.Leaf, in folder: String, _ arguments: [String]
    ) throws -> String {
        try leaf.certificate.write(toFile: folder + "/leaf.pem", atomically: true, encoding: .utf8)
        try leaf.key.write(toFile: folder + "/leaf.key", atomically: true, encoding: .utf8)
        let program = try Program(
            "openssl",
            [
                "s_client", "-tls1_3", "-connect", "127.0.0.1:\(port)", "-cert", folder + "/leaf.pem", "-key",
                folder + "/leaf.key",
            ] + arguments, keepsErrors: true)
        try program.write("hello\n")
        return try program.output(until: { $0.contains("you are ") }, within: 20).text
    }

    @Test func `no ticket is issued, and the suite is the one that processors have instructions for`() async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/tickets-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let authority = try TestAuthority()
        let listener = try await TLSListener(SVIDServerTLS(source: TestSource(authority)))
        let leaf = try authority.issue(uris: [Self.agent])
        let hasInstructions = try String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8).contains(" aes ")
        for offered in [
            "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384",
        ] {
            let arguments = ["-ciphersuites", offered, "-sess_out", folder + "/session"]
            let answer = try Self.client(listener.port, leaf, in: folder, arguments)
            #expect(answer.contains("you are \(Self.agent)"))
            #expect(!answer.contains("New Session Ticket"))
            #expect(!FileManager.default.fileExists(atPath: folder + "/session"))
            let chosen =
                hasInstructions && offered.contains("AES_128") ? "TLS_AES_128_GCM_SHA256" : "TLS_AES_256_GCM_SHA384"
            #expect(answer.contains("Cipher is \(chosen)"))
        }
        await listener.stop()
    }

    @Test(arguments: [SVIDServerTLS.ClientCertificates.required, .optional])
    func `a ticket never saves a client the verification`(clients: SVIDServerTLS.ClientCertificates) async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/resumption-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let authority = try TestAuthority()
        let source = try TestSource(authority)
        let listener = try await TLSListener(SVIDServerTLS(source: source, clients: clients))
        let leaf = try authority.issue(uris: [Self.agent])
        let first = try Self.client(listener.port, leaf, in: folder, ["-sess_out", folder + "/session"])
        #expect(first.contains("you are \(Self.agent)"))
        let arguments =
            FileManager.default.fileExists(atPath: folder + "/session") ? ["-sess_in", folder + "/session"] : []
        for _ in 0..<3 {
            let again = try Self.client(listener.port, leaf, in: folder, arguments)
            #expect(again.contains("you are \(Self.agent)"))
            #expect(again.contains("New, TLSv1.3"))
            #expect(!again.contains("Reused"))
        }
        let next = try TestAuthority("next")
        try source.present(
            next.issue(uris: ["spiffe://example.test/yett/gate"]), trusting: [TestSource.domain: [next]])
        let refused = try Self.client(listener.port, leaf, in: folder, arguments)
        #expect(!refused.contains("you are"))
        #expect(!refused.contains("Reused"))
        await listener.stop()
    }
}
