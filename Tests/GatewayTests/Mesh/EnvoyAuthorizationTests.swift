// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Foundation
import GateSupport
import GatewaySupport
import Glibc
import Identity
import Protocols
import Synchronization
import Testing

@testable import IdentityPlane

/// A real Envoy that asks the gate about every request, with identities that the gate issued.
@Suite(.timeLimit(.minutes(3))) struct EnvoyAuthorizationTests {
    private static let text = """
        agents:
          coder:
            attest: [{x509: true}]
            grants:
              - {name: files, service: files, methods: [GET], paths: [/open/]}
              - {name: tickets, service: tickets, tools: {search: {}}}
        services:
          files:
            host: files.gate.test
            port: 443
            protocol: http
            tls: web
            credential: {header: X-Api-Key, secret: "file:$DIRECTORY/api.key"}
          tickets: {host: tickets.gate.test, port: 443, protocol: mcp, tls: web}
        identity:
          source: embedded
          directory: $DIRECTORY/identity
          socket: $DIRECTORY/workload.sock
          entries:
            - {id: /agent/coder, selectors: ["unix:uid:\(geteuid())"], hint: agent}
            - {id: /envoy/front, selectors: ["unix:uid:\(geteuid())"], hint: front}
            - {id: /other, selectors: ["unix:uid:\(geteuid())"], hint: other}
        mesh:
          address: "127.0.0.1:0"
          envoys: ["spiffe://gate.test/envoy/front"]
          socket: $DIRECTORY/mesh.sock
          uids: [\(geteuid())]
        """

    private static let apiKey = "api-key-of-the-files-0123456789"

    private static func prepare(_ directory: String) throws {
        try ServiceGate.write(apiKey, as: "api.key", in: directory)
    }

    private static func curl(_ front: EnvoyFront, _ path: String, as name: String? = "agent", _ more: [String] = [])
        throws -> (code: Int, text: String)
    {
        var arguments = ["-skS", "--max-time", "20", "--path-as-is", "-w", "\n%{http_code}"] + more
        if let name {
            arguments += ["--cert", "\(front.directory)/\(name).pem", "--key", "\(front.directory)/\(name).key"]
        }
        let outcome = try Program(
            "curl", arguments + ["https://localhost:\(front.port)\(path)"], keepsErrors: true
        ).outcome()
        guard let line = outcome.text.lastIndex(of: "\n"), let code = Int(outcome.text[line...].dropFirst()) else {
            return (0, outcome.text)
        }
        return (code, String(outcome.text[..<line]))
    }

    private static func call(_ tool: String, padding: Int = 0) -> [String] {
        let body =
            #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"\#(tool)","arguments":{"q":""#
            + String(repeating: "x", count: padding) + #""}}}"#
        return [
            "-H", "content-type: application/json", "-H", "accept: application/json, text/event-stream",
            "-H", "mcp-protocol-version: 2025-06-18", "-d", body,
        ]
    }

    @Test(arguments: EnvoyFront.Way.allCases)
    func `What grants allow passes, and nothing else, also when the gate is gone`(way: EnvoyFront.Way) async throws {
        let seen = Mutex<[String]>([])
        let upstream = UpstreamServer.http { request in
            seen.withLock {
                $0.append(
                    request.startLine + "\n" + request.fields.map { "\($0.name): \($0.value)" }.joined(separator: "\n"))
            }
            return UpstreamServer.hello
        }
        defer { upstream.stop() }
        let directory = "/tmp/yett-envoy-" + String(UInt64.random(in: .min ... .max), radix: 36)
        try #require(mkdir(directory, 0o700) == 0)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let running = Mutex<EnvoyFront?>(nil)
        defer { running.withLock { $0?.stop() } }
        try await RunningGate.run(Self.text, prepare: Self.prepare) { started throws in
            let gate = IdentityGate(gate: started)
            let state = try gate.fetch()
            #expect(state.svids.count == 3)
            for name in ["agent", "front", "other"].flatMap({ [$0 + ".pem", $0 + ".key"] }) + ["bundle.pem"] {
                try FileManager.default.copyItem(
                    atPath: gate.gate.directory + "/" + name, toPath: directory + "/" + name)
            }
            let port = gate.gate.listeners.first { $0.contains("127.0.0.1:") }?.split(separator: ":").last
            let place = way == .unix ? gate.gate.directory + "/mesh.sock" : String(try #require(port))
            let front = try EnvoyFront(in: directory, way: way, gate: place, upstream: upstream.port)
            running.withLock { $0 = front }
            // Envoy needs a moment to listen, and to reach the gate.
            #expect(try comesTrue { try Self.curl(front, "/open/a").code == 200 }, "\(front.log)")
            seen.withLock { $0 = [] }

            let allowed = try Self.curl(
                front, "/open/a?b=c", as: "agent",
                ["-H", "yett-approval: x", "-H", "yett-decision: forged", "-H", "x-api-key: forged"])
            #expect(allowed.code == 200 && allowed.text == "hello")
            let request = try #require(seen.withLock { $0.last }).lowercased()
            #expect(request.hasPrefix("get /open/a?b=c"))
            #expect(request.contains("yett-decision: ") && !request.contains("forged"))
            #expect(!request.contains("yett-approval"))
            // The agent has no key, and none that it sends gets through.
            #expect(request.contains("x-api-key: \(Self.apiKey)"))
            let count = seen.withLock { $0.count }

            let denied = try Self.curl(front, "/secret", as: "agent", ["-i"])
            #expect(denied.code == 403 && denied.text.lowercased().contains("yett-reason: path_not_granted"))
            #expect(denied.text.contains("application/problem+json"))
            #expect(try Self.curl(front, "/open/a", as: "agent", ["-X", "DELETE"]).code == 403)
            #expect(try Self.curl(front, "/open/../secret").code == 400)
            #expect(try Self.curl(front, "/open/%2e%2e/secret").code == 400)
            #expect(try Self.curl(front, "/open/a", as: "other", ["-i"]).text.contains("identity_unknown"))
            #expect(try Self.curl(front, "/open/a", as: "front").code == 403)
            #expect(try Self.curl(front, "/open/a", as: nil).code == 0)
            #expect(
                try Self.curl(front, "/open/a", as: "agent", ["-i", "-H", "yett-task: yth_none"]).text
                    .contains("task_unknown"))
            #expect(seen.withLock { $0.count } == count)

            let search = try Self.curl(front, "/mcp", as: "agent", Self.call("search"))
            #expect(search.code == 200, "\(search.text)")
            let other = try Self.curl(front, "/mcp", as: "agent", ["-i"] + Self.call("delete"))
            #expect(other.code == 403 && other.text.lowercased().contains("yett-reason: tool_not_granted"))
            let partial = try Self.curl(front, "/mcp", as: "agent", ["-i"] + Self.call("search", padding: 4000))
            #expect(partial.code >= 400 && partial.text.contains("a part of the body only"))
            #expect(try Self.curl(front, "/mcp", as: "agent", ["-d", "{}"]).code >= 400)
            #expect(seen.withLock { $0.count } == count + 1)

            // Whoever speaks something else on the socket hurts nobody.
            for noise in [
                "GET / HTTP/1.1\r\nHost: x\r\n\r\n", String(repeating: "x", count: 4096), "PRI * HTTP/2.0\r\n",
            ] {
                let socket = try RawSocket.connect(unix: gate.gate.directory + "/mesh.sock")
                try socket.write(noise)
            }
            // What is stopped is stopped here, too.
            #expect(try gate.gate.ask("POST", "quarantine", body: #"{"agent":"coder"}"#).status == 200)
            #expect(try Self.curl(front, "/open/a", as: "agent", ["-i"]).text.contains("quarantined"))
            #expect(try gate.gate.ask("POST", "release", body: #"{"agent":"coder"}"#).status == 200)
            #expect(try Self.curl(front, "/open/a").code == 200)
            let records = try gate.gate.records("kind=decision&limit=1000").filter { $0.text("plane") == "mesh" }
            #expect(records.count { $0.text("verdict") == "allow" } >= 4)
            #expect(records.contains { $0.text("tool") == "delete" && $0.text("verdict") == "deny" })
        }
        // The gate is gone: Envoy refuses.
        let front = try #require(running.withLock { $0 })
        #expect(try Self.curl(front, "/open/a").code == 403)
    }

    @Test func `A gate that does not answer in time is one that refuses`() async throws {
        let (upstream, silent) = (UpstreamServer.http(), UpstreamServer { _ = $0.readToEnd(within: 30) })
        defer {
            upstream.stop()
            silent.stop()
        }
        let directory = "/tmp/yett-envoy-" + String(UInt64.random(in: .min ... .max), radix: 36)
        try #require(mkdir(directory, 0o700) == 0)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try await RunningGate.run(Self.text, prepare: Self.prepare) { running throws in
            let gate = IdentityGate(gate: running)
            _ = try gate.fetch()
            for name in ["agent", "front"].flatMap({ [$0 + ".pem", $0 + ".key"] }) + ["bundle.pem"] {
                try FileManager.default.copyItem(atPath: running.directory + "/" + name, toPath: directory + "/" + name)
            }
            let front = try EnvoyFront(in: directory, way: .tcp, gate: "\(silent.port)", upstream: upstream.port)
            defer { front.stop() }
            #expect(try comesTrue { try Self.curl(front, "/open/a").code == 403 }, "\(front.log)")
        }
    }

    @Test func `Who is no configured Envoy gets no answer`() async throws {
        let upstream = UpstreamServer.http()
        defer { upstream.stop() }
        let directory = "/tmp/yett-envoy-" + String(UInt64.random(in: .min ... .max), radix: 36)
        try #require(mkdir(directory, 0o700) == 0)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let text = Self.text.replacing(
            "envoys: [\"spiffe://gate.test/envoy/front\"]", with: "envoys: [\"spiffe://gate.test/envoy/b\"]"
        )
        .replacing("uids: [\(geteuid())]", with: "uids: [4242]")
        try await RunningGate.run(text, prepare: Self.prepare) { running throws in
            let gate = IdentityGate(gate: running)
            _ = try gate.fetch()
            for name in ["agent", "front"].flatMap({ [$0 + ".pem", $0 + ".key"] }) + ["bundle.pem"] {
                try FileManager.default.copyItem(
                    atPath: gate.gate.directory + "/" + name, toPath: directory + "/" + name)
            }
            let port = gate.gate.listeners.first { $0.contains("127.0.0.1:") }?.split(separator: ":").last
            for way in EnvoyFront.Way.allCases {
                let place = way == .unix ? gate.gate.directory + "/mesh.sock" : String(try #require(port))
                let front = try EnvoyFront(in: directory, way: way, gate: place, upstream: upstream.port)
                defer { front.stop() }
                #expect(try comesTrue { try Self.curl(front, "/open/a").code == 403 }, "\(front.log)")
            }
            #expect(try gate.gate.records("kind=decision&limit=1000").isEmpty)
        }
    }

    @Test func `Whoever else has a certificate is told that it is no Envoy's, and let go`() async throws {
        try await RunningGate.run(Self.text, prepare: Self.prepare) { running throws in
            let gate = IdentityGate(gate: running)
            _ = try gate.fetch()
            let port = try #require(
                running.listeners.first { $0.contains("127.0.0.1:") }?.split(separator: ":").last.map(String.init))
            func ask(_ name: String, _ version: String, _ path: String, _ more: [String] = []) throws -> String {
                try Program(
                    "curl",
                    [
                        "-skSi", version, "--max-time", "20", "--cert", "\(running.directory)/\(name).pem", "--key",
                        "\(running.directory)/\(name).key", "https://127.0.0.1:\(port)\(path)",
                    ] + more, keepsErrors: true
                ).outcome().text
            }
            for version in ["--http1.1", "--http2"] {
                let told = try ask("agent", version, "/yett/authorize/files/open/a")
                #expect(told.contains(" 403") && told.contains("no Envoy that is configured"), "\(told)")
                #expect(try ask("front", version, "/yett/authorize/files/open/a").contains(" 403"))
            }
            // Its body is not waited for.
            let body = try ask(
                "agent", "--http1.1", "/yett/authorize/files/open/a", ["--data-binary", "@/proc/self/exe"])
            #expect(body.contains(" 403") && body.contains("no Envoy that is configured"), "\(body.suffix(300))")
            let call = ["-H", "content-type: application/grpc", "-H", "te: trailers", "--data-binary", "x"]
            let told = try ask("agent", "--http2", "/grpc.health.v1.Health/Check", call)
            #expect(told.contains("grpc-status: 7"), "\(told)")
            // Who says nothing is not waited for either.
            let client = "openssl s_client -quiet -alpn h2 -connect 127.0.0.1:\(port)"
            let chain = "\(running.directory)/agent.pem"
            let identity = "-cert \(chain) -cert_chain \(chain) -key \(running.directory)/agent.key"
            let silent = try Program("bash", ["-c", "exec \(client) \(identity) < <(exec sleep 30 2>/dev/null)"])
            let began = ContinuousClock.now
            _ = silent.outcome()
            let time = began.duration(to: .now)
            #expect(time > .seconds(5) && time < .seconds(20), "\(time)")
        }
    }
}
