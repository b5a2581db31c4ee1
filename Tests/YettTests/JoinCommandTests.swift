// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import Glibc
import Testing

/// `yett entry`, `yett key`, `yett token` and `yett join` against a gate that issues identities.
@Suite struct JoinCommandTests {
    private static func run(_ body: @escaping @Sendable (RunningProgram, Int) throws -> Void) async throws {
        try await onOwnThread {
            let port = try freePort()
            let gate = try RunningProgram(
                further: """
                    services:
                      tickets: {host: tickets.run.test, port: 443, protocol: mcp, spiffe_id: "spiffe://run.test/tool/tickets"}
                    identity:
                      source: embedded
                      directory: $DIRECTORY/identity
                      endpoints: {address: "127.0.0.1:\(port)", issuer: "https://localhost:\(port)"}
                      dns_names: [localhost]
                    """)
            defer { gate.stop() }
            try body(gate, port)
        }
    }

    private static func freePort() throws -> Int {
        let server = UpstreamServer.echo()
        defer { server.stop() }
        return Int(server.port)
    }

    @Test func `A tool server joins with a token, renews, and finds out why it cannot`() async throws {
        try await Self.run { gate, port in
            let bundle = try gate.yett("key", "bundle")
            #expect(bundle.output.hasPrefix("-----BEGIN CERTIFICATE-----"))
            #expect(try gate.yett("key", "bundle", "--document").output.contains("spiffe_sequence"))
            let (trust, token) = (gate.directory + "/trust.pem", gate.directory + "/token")
            try bundle.output.write(toFile: trust, atomically: true, encoding: .utf8)
            let made = try gate.yett("token", "join", "/tool/tickets")
            #expect(made.status == 0 && made.output.contains("spiffe://run.test/tool/tickets"))
            try (made.output.split(separator: " ").last ?? "").write(toFile: token, atomically: true, encoding: .utf8)
            let (url, folder) = ("https://localhost:\(port)", gate.directory + "/joined")
            let join = ["join", url, "--directory", folder]
            let early = try gate.yett(join)
            #expect(early.status == 1 && early.errors.contains("bundle.pem"))
            let first = try gate.yett(join + ["--token-file", token, "--trust", trust])
            #expect(first.status == 0 && first.output.contains("spiffe://run.test/tool/tickets holds until"))
            let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
            #expect(names == ["bundle.pem", "svid.key", "svid.pem"])
            let mode = try FileManager.default.attributesOfItem(atPath: folder + "/svid.key")[.posixPermissions] as? Int
            #expect(mode == 0o600)
            let key = try String(contentsOfFile: folder + "/svid.key", encoding: .utf8)
            let renewed = try gate.yett(join)
            #expect(renewed.status == 0, "\(renewed.errors)")
            #expect(try String(contentsOfFile: folder + "/svid.key", encoding: .utf8) != key)
            // The token is used up; a gate of another name, or with another bundle, is not the gate.
            let again = try gate.yett(join + ["--token-file", token])
            #expect(again.status == 1 && again.errors.contains("unknown, used or expired"))
            #expect(again.errors.contains("yett token join"))
            let other = try gate.yett("join", "https://127.0.0.1:\(port)", "--directory", folder)
            #expect(other.status == 1 && other.errors.contains("identity.dns_names"), "\(other.errors)")
            #expect(try gate.yett("join", "http://localhost:\(port)", "--directory", folder).status == 2)
        }
    }

    @Test func `Entries and keys are listed, added, moved and removed`() async throws {
        try await Self.run { gate, _ in
            #expect(try gate.yett("entry", "list").output == "No entries.\n")
            let added = try gate.yett("entry", "add", "/agent/coder", "--selector", "unix:uid:1001", "--seconds", "60")
            let id = try #require(added.output.split(separator: " ").dropFirst().first.map(String.init))
            #expect(added.output.contains("gives spiffe://run.test/agent/coder to unix:uid:1001."))
            #expect(try gate.yett("entry", "list").output.contains(id))
            #expect(try gate.yett("entry", "remove", id).status == 0)
            let unknown = try gate.yett("entry", "remove", id)
            #expect(unknown.status == 1 && unknown.errors.contains("yett entry list"))
            #expect(try gate.yett("entry", "add", "/agent/coder").status == 2)
            let prepared = try gate.yett("key", "change", "prepare", "--kind", "jwt")
            let line = prepared.output.split(separator: "\n").first { $0.contains("jwt   prepared") }
            let key = try #require(line?.split(separator: " ").last.map(String.init), "\(prepared.output)")
            let active = try gate.yett("key", "change", "activate", "--kind", "jwt", "--key", key)
            #expect(active.output.contains("active"), "\(active.errors)")
            #expect(try gate.yett("key", "change", "activate", "--kind", "jwt").status == 2)
            #expect(try gate.yett("revoke").status == 2)
            #expect(try gate.yett("revoke", "--task", "t-1").status == 1)
            let person = "https://idp.test#7"
            let revoked = try gate.yett("revoke", "--person", person, "--why", "left")
            #expect(revoked.output.contains("Revoked person \(person). Cut 0 connections."), "\(revoked.errors)")
            let list = try gate.yett("revoke", "--list").output
            #expect(list.contains("person") && list.contains(person) && list.contains("left"))
            #expect(try gate.yett("status").output.contains("1; see yett revoke --list"))
        }
    }
}
