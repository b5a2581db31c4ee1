// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Foundation
import GateSupport
import GatewaySupport
import Glibc
import Identity
import Synchronization
import Testing

@testable import IdentityPlane

/// What a real Envoy has open, and what becomes of it when the gate changes its mind.
@Suite(.timeLimit(.minutes(3))) struct EnvoyCutTests {
    private static let text = """
        agents:
          coder:
            attest: [{x509: true}]
            grants: [{name: files, service: files, methods: [GET, POST]}, {name: other, service: other}]
          reader: {attest: [{x509: true}], grants: [{name: files, service: files, methods: [GET, POST]}]}
        services:
          files: {host: files.gate.test, port: 443, protocol: http, tls: web}
          other: {host: other.gate.test, port: 443, protocol: http, tls: web}
        identity:
          source: embedded
          directory: $DIRECTORY/identity
          socket: $DIRECTORY/workload.sock
          entries:
            - {id: /agent/coder, selectors: ["unix:uid:\(geteuid())"], hint: coder}
            - {id: /agent/reader, selectors: ["unix:uid:\(geteuid())"], hint: reader}
            - {id: /envoy/front, selectors: ["unix:uid:\(geteuid())"], hint: front}
        mesh:
          socket: $DIRECTORY/mesh.sock
          uids: [\(geteuid())]
          follow: [files]
          observe: [files]
        """

    /// How soon after the command nothing more may come. Some milliseconds do, where other suites do not run beside this one.
    private static let bound = 15.0

    /// Answers every request with something each few milliseconds, for as long as anybody listens.
    private static func ticking() -> UpstreamServer {
        UpstreamServer { connection in
            while true {
                let head = String(decoding: try connection.read(through: "\r\n\r\n"), as: UTF8.self).lowercased()
                if head.hasPrefix("post") {
                    while !(try connection.readSome(within: 60).isEmpty) {}
                    return
                }
                if head.contains(" /short") {
                    try connection.write("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello")
                    continue
                }
                let isSwitched = head.contains("upgrade: websocket")
                try connection.write(
                    isSwitched
                        ? "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n"
                        : "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
                while true {
                    try connection.write(isSwitched ? "\u{1}\u{1}." : "1\r\n.\r\n")
                    usleep(5000)
                }
            }
        }
    }

    /// A gate, and an Envoy that asks it, with certificates for all.
    private struct Setting: Sendable {
        let gate: RunningGate
        let front: EnvoyFront

        /// Begins a request that stays open.
        func open(_ mode: String, as agent: String, _ path: String = "/open/a") throws -> Program {
            let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .appending(path: "Clients/open_requests.py").path
            return try Program(
                "python3",
                [
                    script, "\(front.port)", "\(front.directory)/\(agent).pem", "\(front.directory)/\(agent).key", mode,
                    path,
                ], keepsErrors: true)
        }

        func curl(_ path: String, as agent: String = "coder", _ more: [String] = []) throws -> Program {
            try Program(
                "curl",
                [
                    "-skSiN", "--max-time", "60", "--cert", "\(front.directory)/\(agent).pem", "--key",
                    "\(front.directory)/\(agent).key",
                ] + more + ["https://localhost:\(front.port)\(path)"], keepsErrors: true)
        }

        /// The agents whose requests are open.
        func followed() throws -> [String] {
            try gate.connections().compactMap { $0.agent.split(separator: "/").last.map(String.init) }.sorted()
        }
    }

    private static func run(
        _ options: EnvoyFront.Options, _ body: @escaping @Sendable (Setting) throws -> Void,
        afterwards: () -> Void = {}
    ) async throws {
        let upstream = ticking()
        defer { upstream.stop() }
        let directory = "/tmp/yett-envoy-" + String(UInt64.random(in: .min ... .max), radix: 36)
        try #require(mkdir(directory, 0o700) == 0)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let running = Mutex<EnvoyFront?>(nil)
        defer { running.withLock { $0?.stop() } }
        try await RunningGate.run(text) { gate throws in
            _ = try IdentityGate(gate: gate).fetch()
            for name in ["coder", "reader", "front"].flatMap({ [$0 + ".pem", $0 + ".key"] }) + ["bundle.pem"] {
                try FileManager.default.copyItem(atPath: gate.directory + "/" + name, toPath: directory + "/" + name)
            }
            let front = try EnvoyFront(
                in: directory, way: .unix, gate: gate.directory + "/mesh.sock", upstream: upstream.port, options)
            running.withLock { $0 = front }
            let setting = Setting(gate: gate, front: front)
            try #require(
                try comesTrue { try setting.curl("/short").outcome().text.contains(" 200") }, "\(front.log)")
            try body(setting)
        }
        afterwards()
    }

    private static var options: EnvoyFront.Options {
        var options = EnvoyFront.Options()
        options.routes = [
            EnvoyFront.Route(prefix: "/other", service: "other"),
            EnvoyFront.Route(prefix: "/watched", service: "files", observes: true),
            EnvoyFront.Route(prefix: "/", service: "files"),
        ]
        options.follows = true
        return options
    }

    /// When the last byte came, in seconds of the monotonic clock.
    private static func lastByte(_ text: String) -> Double? {
        guard let start = text.range(of: "last=")?.upperBound else { return nil }
        return Double(text[start...].prefix { $0 != " " })
    }

    @Test func `What a quarantined agent has open ends at once, and nobody else's`() async throws {
        try await Self.run(Self.options) { setting throws in
            let bystander = try setting.open("get", as: "reader")
            try #require(comesTrue { bystander.text.contains("open") })
            for mode in ["get", "websocket", "upload"] {
                let request = try setting.open(mode, as: "coder")
                if mode != "upload" { try #require(comesTrue { request.text.contains("open") }) }
                #expect(try comesTrue { try setting.followed() == ["coder", "reader"] }, "\(mode)")
                let start = Deadline.now
                #expect(try setting.gate.ask("POST", "quarantine", body: #"{"agent":"coder"}"#).status == 200)
                let outcome = request.outcome(within: 20)
                let last = try #require(Self.lastByte(outcome.text), "\(outcome.text)")
                print(
                    "measured: behind Envoy, from quarantine to the last byte (\(mode)): \(Int((last - start) * 1000)) ms"
                )
                #expect(last - start < Self.bound)
                if mode == "upload" {
                    #expect(outcome.text.contains("403 Forbidden"), "\(outcome.text)")
                    #expect(outcome.text.contains("yett-reason: quarantined"), "\(outcome.text)")
                }
                let end = try #require(try setting.gate.record("kind=connection_end"))
                #expect(end.text("cause") == "quarantined" && end.text("plane") == "mesh")
                #expect(end.text("agent") == "spiffe://gate.test/agent/coder" && end.text("decision") != nil)
                #expect(try setting.followed() == ["reader"] && bystander.isRunning)
                #expect(try setting.gate.ask("POST", "release", body: #"{"agent":"coder"}"#).status == 200)
            }
            // HTTP/2: the stream ends, not the connection.
            let request = try setting.curl("/open/a", ["--http2"])
            try #require(comesTrue { request.text.contains("HTTP/2 200") })
            let start = Deadline.now
            #expect(try setting.gate.ask("POST", "revocations", body: #"{"agent":"coder"}"#).status == 201)
            #expect(request.outcome(within: 20).status == 92)
            print(
                "measured: behind Envoy, from revocation to the end of a stream: \(Int((Deadline.now - start) * 1000)) ms"
            )
            #expect(try setting.followed() == ["reader"] && bystander.isRunning)
            #expect(try setting.gate.record("kind=connection_end")?.text("cause") == "agent_revoked")
            // By its name, as any connection.
            let name = try #require(try setting.gate.connections().first).connection
            #expect(try setting.gate.ask("POST", "cut", body: #"{"connection":"\#(name)"}"#).status == 200)
            #expect(bystander.outcome(within: 20).status == 0)
            #expect(try setting.followed().isEmpty)
        }
    }

    @Test func `Requests that end by themselves are forgotten, and those that nobody can follow are refused`()
        async throws
    {
        try await Self.run(Self.options) { setting throws in
            for _ in 0..<5 { #expect(try setting.curl("/short").outcome().text.contains(" 200")) }
            #expect(try comesTrue { try setting.followed().isEmpty })
            // A client that goes away.
            let request = try setting.open("get", as: "coder")
            try #require(comesTrue { request.text.contains("open") })
            #expect(try setting.followed() == ["coder"])
            request.stop()
            #expect(try comesTrue { try setting.followed().isEmpty })
            #expect(try setting.gate.records("kind=connection_end&limit=100").isEmpty)
            // A refusal that is recorded only is not followed, and passes.
            let watched = try setting.curl("/watched/short", ["-X", "PUT", "-H", "x: /short"]).outcome()
            #expect(watched.text.contains(" 200"), "\(watched.text)")
            // A service that is not followed, on a route that has it followed.
            #expect(try setting.curl("/other/short").outcome().text.contains(" 500"))
            let record = try #require(try setting.gate.record("kind=observation"))
            #expect(record.text("cause") == "follow_refused" && record.text("plane") == "mesh")
            #expect((record.text("detail") ?? "").contains("mesh.follow"))
        }
    }

    @Test func `The HTTP variant says what a request rests on, too`() async throws {
        var options = Self.options
        options.httpService = "files"
        options.usesHTTP2 = true
        try await Self.run(options) { setting throws in
            let request = try setting.open("get", as: "coder")
            try #require(comesTrue { request.text.contains("open") })
            #expect(try setting.followed() == ["coder"])
            #expect(try setting.gate.ask("POST", "quarantine", body: #"{"agent":"coder"}"#).status == 200)
            #expect(request.outcome(within: 20).status == 0)
        }
    }

    @Test func `A gate that is gone ends what it followed`() async throws {
        let kept = Mutex<Program?>(nil)
        defer { kept.withLock { $0?.stop() } }
        try await Self.run(Self.options) { setting throws in
            let request = try setting.open("get", as: "coder")
            try #require(comesTrue { request.text.contains("open") })
            kept.withLock { $0 = request }
        } afterwards: {
            #expect(kept.withLock { $0 }?.outcome(within: 30).text.contains("last=") == true)
        }
    }

    private static func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] { MeshCall.field(number, bytes) }

    /// What is said of a request: its head, and what it rests on.
    private static func head(_ decision: String?) -> [UInt8] {
        guard let decision else { return field(2, []) }
        let value = field(2, field(3, Array(decision.utf8)))
        let entry = field(1, field(1, Array("decision".utf8)) + value)
        let metadata = field(1, field(1, Array("envoy.filters.http.ext_authz".utf8)) + field(2, entry))
        return field(2, []) + field(8, metadata)
    }

    @Test func `What is no message about a request that was allowed gets an error, and nothing is followed`()
        async throws
    {
        try await RunningGate.run(Self.text) { gate throws in
            let head = Self.head("d-0000000000000001")
            let cases: [(messages: [[UInt8]], status: Int, says: String)] = [
                ([head], 7, "mesh.follow"), ([Self.head(nil)], 7, "metadata_options"),
                ([Self.head("none")], 7, "metadata_options"), ([head + [0x50, 1]], 3, "observability_mode"),
                ([Self.field(3, [])], 3, "request_header_mode"), ([Self.field(4, [])], 3, "request_body_mode"),
                ([Self.field(5, [])], 3, "response_body_mode"), ([[]], 3, "request_header_mode"),
                ([[0xFF, 0xFF, 0xFF]], 3, "no message"), ([[0x12, 0x7F, 1]], 3, "no message"), ([], 0, "grpc-status"),
                ([[UInt8](repeating: 0, count: 300 << 10)], 8, "at most"),
            ]
            for (messages, status, says) in cases {
                let call = try MeshCall(
                    "/envoy.service.ext_proc.v3.ExternalProcessor/Process", of: gate, messages)
                #expect(call.status == status && call.text.contains(says), "\(says): \(call.text)")
            }
            #expect(try gate.connections().isEmpty)
            #expect(try gate.records("kind=observation&limit=100").count { $0.text("cause") == "follow_refused" } == 3)
        }
    }
}
