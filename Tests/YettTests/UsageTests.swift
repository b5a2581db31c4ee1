// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import Glibc
import Testing

@Suite struct UsageTests {
    @Test(
        "ends with 2 on wrong usage and says what is right",
        arguments: [
            ["cut"], ["nonsense"], ["cut", "--nonsense"], ["explain"], ["exec", "--agent", "a"],
            ["exec", "--", "true"],
            ["audit", "tail", "--lines", "-1"], ["audit", "query", "--limit", "0"], ["audit", "show"],
            ["audit", "query", "--since", "yesterday"], ["run", "--log-level", "loud"], ["audit", "verify"],
            ["audit", "serve", "--directory", "/tmp", "--witness", "a"],
            ["audit", "serve", "--directory", "/tmp", "--listen", "nowhere"],
            ["exec", "--agent", "a", "--env", "NOVALUE", "--", "true"],
            ["policy", "eval"], ["policy", "eval", "--format", "source", "1"],
            ["policy", "eval", "--timeout", "1", "1"],
            ["policy", "test"], ["policy", "test", "--threshold", "101", "."], ["policy", "check", "-m", "-1", "."],
            ["policy", "fmt", "--write"], ["policy", "build", "--target", "wasm", "."], ["policy", "sign", "."],
            ["policy", "replay"], ["policy", "suggest"],
            ["sandbox", "run"], ["sandbox", "run", "--limit", "wall_ms", "-"],
            ["sandbox", "run", "--limit", "a=b", "-"],
            ["sandbox", "run", "--require", "vm", "-"],
        ])
    func usage(arguments: [String]) async throws {
        try await onOwnThread {
            let outcome = try CommandLineProgram.run(arguments)
            #expect(outcome.status == 2)
            #expect(outcome.output.isEmpty)
            #expect(!outcome.errors.isEmpty)
        }
    }

    @Test(
        "ends with 1 when no gate runs, and says how to start one",
        arguments: [
            ["status"], ["ps"], ["reload"], ["cut", "--agent", "a"], ["explain", "d-0000000000000000"],
            ["quarantine", "a"], ["release", "a"], ["audit", "tail"], ["audit", "prove", "1"], ["status", "--json"],
            ["exec", "--agent", "a", "--", "true"], ["policy", "suggest", "--agent", "a"],
            // One name in 64 begins with a hyphen.
            ["key", "change", "taint", "--key", "-Zm9v"], ["revoke", "--token", "-Zm9v"],
            ["revoke", "--key", "--m9v"],
        ])
    func noGate(arguments: [String]) async throws {
        try await onOwnThread {
            let words = arguments.split(separator: "--", maxSplits: 1)
            let command =
                Array(words[0]) + ["--socket", "/nonexistent/admin.sock"] + (words.count > 1 ? ["--"] + words[1] : [])
            let outcome = try CommandLineProgram.run(command)
            #expect(outcome.status == 1)
            #expect(outcome.output.isEmpty)
            #expect(outcome.errors.contains("no gate is running"))
            #expect(outcome.errors.contains("yett run"))
        }
    }

    @Test("says at once that the gate which made a socket is gone")
    func staleSocket() async throws {
        try await onOwnThread {
            let path = "/tmp/yett-stale-\(ProcessInfo.processInfo.processIdentifier).sock"
            defer { try? FileManager.default.removeItem(atPath: path) }
            let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
            withUnsafePointer(to: &address) { pointer in
                _ = pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
            close(descriptor)
            let start = Deadline.now
            let outcome = try CommandLineProgram.run(["status", "--socket", path])
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains("is gone"))
            #expect(Deadline.now - start < 15)
            #expect(try CommandLineProgram.run(["status", "--socket", String(repeating: "a", count: 200)]).status == 2)
        }
    }

    @Test("shows its version even when no gate runs")
    func version() async throws {
        try await onOwnThread {
            let outcome = try CommandLineProgram.run(["version"], environment: ["YETT_SOCKET": "/nonexistent"])
            #expect(outcome.status == 0)
            #expect(outcome.output.hasPrefix("yett "))
            let flag = try CommandLineProgram.run(["--version"])
            #expect(outcome.output == "yett " + flag.output)
        }
    }

    @Test("prints every mistake of a configuration and ends with 2")
    func check() async throws {
        try await onOwnThread {
            let path = "/tmp/yett-usage-\(ProcessInfo.processInfo.processIdentifier).yaml"
            defer { try? FileManager.default.removeItem(atPath: path) }
            try "trust_domain: a.test\nagnets: {}\nlimits: {workers: many}\n".write(
                toFile: path, atomically: true, encoding: .utf8)
            let outcome = try CommandLineProgram.run(["check", path])
            #expect(outcome.status == 2)
            #expect(outcome.errors.contains("\(path):2:1: error:"))
            #expect(outcome.errors.contains("\(path):3:19: error:"))
            let json = try CommandLineProgram.run(["check", "--json", path])
            #expect(json.status == 2)
            #expect(json.output.contains(#""is_usable":false"#))
            let running = try CommandLineProgram.run(["run", "--config", path])
            #expect(running.status == 2)
            #expect(running.errors.contains("\(path):2:1: error:"))

            try "trust_domain: a.test\n".write(toFile: path, atomically: true, encoding: .utf8)
            let shown = try CommandLineProgram.run(["check", "--show", path])
            #expect(shown.status == 0)
            // What is shown is itself a configuration.
            try shown.output.write(toFile: path, atomically: true, encoding: .utf8)
            #expect(try CommandLineProgram.run(["check", path]).status == 0)
        }
    }

    @Test("imports the Squid configuration of the incident and checks it")
    func importSquid() async throws {
        try await onOwnThread {
            let squid = """
                acl agent_net src 10.0.4.0/24
                acl allowed_domains dstdomain api.openai.com internal-tickets.techresolve.local
                http_access allow agent_net allowed_domains
                http_access deny all
                """
            let outcome = try CommandLineProgram.run(["import", "squid", "-"], input: squid)
            #expect(outcome.status == 0)
            #expect(outcome.output.contains("10.0.4.0/24"))
            #expect(outcome.output.contains("internal-tickets.techresolve.local"))
            #expect(outcome.errors.contains("translated"))
            let path = "/tmp/yett-squid-\(ProcessInfo.processInfo.processIdentifier).yaml"
            defer { try? FileManager.default.removeItem(atPath: path) }
            try outcome.output.write(toFile: path, atomically: true, encoding: .utf8)
            #expect(try CommandLineProgram.run(["check", path]).status == 0)
            #expect(try CommandLineProgram.run(["import", "squid", "/nonexistent"]).status == 1)
            let json = try CommandLineProgram.run(["import", "squid", "--json", "-"], input: squid)
            #expect(json.output.contains(#""outcome":"translated""#))
        }
    }
}
