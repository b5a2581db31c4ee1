// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Foundation
import GateSupport
import Gateway
import GatewaySupport
import Glibc
import Synchronization
import Testing

@Suite("A gate with a user's policy") struct PolicyTests {
    private static func configuration(_ port: UInt16, _ rest: String = "") -> String {
        Sample.tunnels(to: port) + "\npolicy: {files: [policies]\(rest)}\n"
    }

    /// Writes a file of the policy before the gate starts or while it runs.
    private static func write(_ text: String, _ name: String = "authz.rego", in directory: String) throws {
        let path = directory + "/policies/" + name
        let parent = path.split(separator: "/").dropLast().joined(separator: "/")
        try FileManager.default.createDirectory(atPath: "/" + parent, withIntermediateDirectories: true)
        try text.write(toFile: path, atomically: true, encoding: .utf8)
    }

    private static func run<Value: Sendable>(
        _ policy: String, port: UInt16, _ rest: String = "", files: [String: String] = [:],
        watchesFiles: Bool = false, _ body: @escaping @Sendable (RunningGate) throws -> Value
    ) async throws -> Value {
        try await RunningGate.run(
            configuration(port, rest), watchesFiles: watchesFiles,
            prepare: { directory in
                try write(policy, in: directory)
                for (name, text) in files { try write(text, name, in: directory) }
            }, body)
    }

    @Test("allows, refuses and holds as the policy says, and records the policy's codes")
    func verdicts() async throws {
        let upstream = UpstreamServer.echo()
        defer { upstream.stop() }
        let port = upstream.port
        let policy = """
            package yett.authz
            deny contains {"code": "not_other", "message": "other is closed"} if input.destination.host == "other.test"
            hold contains {"code": "ask", "message": "a person must agree"} if input.destination.host == data.app.held[_]
            """
        let files = ["app/data.json": #"{"held": ["held.test"]}"#, "authz_test.rego": "package x\np if {"]
        try await Self.run(policy, port: port, files: files) { gate throws in
            #expect(try gate.echoes(gate.tunnel(to: "web.test", port)))
            let refused = try gate.connect(try RawSocket.connect(port: gate.port), to: "other.test", port)
            #expect(refused.status == 403)
            #expect(refused["yett-reason"] == "policy_denied")
            #expect(refused.text.contains("other is closed"))
            let record = try #require(try gate.record("kind=decision&verdict=deny"))
            #expect(record.list("reasons") == ["policy_denied", "not_other"])
            #expect(record.text("detail") == "not_other: other is closed")
            // What is not granted is refused for the reason that the grants give.
            let unknown = try gate.connect(try RawSocket.connect(port: gate.port), to: "held.test", port)
            #expect(unknown["yett-reason"] == "host_not_granted")
        }
    }

    @Test("holds what waits for a person, and asks a tunnel that only the policy allows for its server's name")
    func obligations() async throws {
        let upstream = UpstreamServer.echo()
        defer { upstream.stop() }
        let port = upstream.port
        let policy = """
            package yett.authz
            hold contains "ask" if input.destination.host == "web.test"
            obligations contains "require_matching_server_name" if input.destination.host == "other.test"
            """
        try await Self.run(policy, port: port) { gate throws in
            let held = try gate.connect(try RawSocket.connect(port: gate.port), to: "web.test", port)
            #expect(held.status == 403)
            #expect(held["yett-reason"] == "policy_held")
            #expect(try gate.record("kind=decision")?.text("verdict") == "hold")
            // The grant has tls: any; the policy wants a ClientHello all the same.
            let tunnel = try RawSocket.connect(port: gate.port)
            #expect(try gate.connect(tunnel, to: "other.test", port).status == 200)
            try tunnel.write("SSH-2.0-x\r\n")
            _ = tunnel.readToEnd()
            #expect(try gate.record("kind=decision")?.list("reasons") == ["tls_not_tls"])
        }
    }

    @Test("answers a refused client in the words of a policy for Envoy")
    func envoy() async throws {
        let upstream = UpstreamServer.echo()
        defer { upstream.stop() }
        let port = upstream.port
        let policy = """
            package envoy.authz
            import input.attributes.request.http
            default allow := {"allowed": false, "http_status": 401, "body": "log in", "headers": {"x-why": "no"}}
            allow if startswith(http.host, "web.test:")
            allow := {"allowed": true, "headers": {"x-user": "bot"}} if startswith(http.host, "other.test:")
            """
        try await Self.run(policy, port: port, ", entry_point: envoy/authz/allow") { gate throws in
            let refused = try gate.connect(try RawSocket.connect(port: gate.port), to: "nowhere.test", port)
            #expect(refused.status == 401)
            #expect(refused["x-why"] == "no")
            #expect(refused["yett-reason"] == "policy_denied")
            #expect(refused.text == "log in")
            let demanding = try gate.connect(try RawSocket.connect(port: gate.port), to: "other.test", port)
            #expect(demanding["yett-reason"] == "policy_obligation")
            #expect(try gate.connect(try RawSocket.connect(port: gate.port), to: "web.test", port).status == 200)
        }
    }

    @Test("answers OPA's API from the policy that serves")
    func documents() async throws {
        let policy = "package app\nlow(x) if x < data.app.limit\nok if low(input.n)\ngranted if yett.granted(input)\n"
        try await Self.run(policy, port: 443, files: ["app/data.yaml": "limit: 5\n"]) { gate throws in
            #expect(try gate.ask("POST", "data/app/ok", body: #"{"input":{"n":3}}"#).text == "{\"result\":true}\n")
            #expect(try gate.ask("POST", "data/app/ok", body: #"{"input":{"n":7}}"#).text == "{}\n")
            #expect(try gate.ask("GET", "data/yett/grants/bot/0/name").text == "{\"result\":\"web\"}\n")
            let input = """
                {"input":{"identity":{"id":"spiffe://gate.test/agent/bot","proof":"launched"},                "operation":{"name":"tunnel"},"destination":{"host":"web.test","port":443}}}
                """
            #expect(try gate.ask("POST", "data/app/granted", body: input).text == "{\"result\":true}\n")
            let other = input.replacing("web.test", with: "elsewhere.test")
            #expect(try gate.ask("POST", "data/app/granted", body: other).text == "{}\n")
            let policies = try gate.ask("GET", "policies").text
            #expect(policies.contains("/policies/authz.rego") && policies.contains("yett:policies/yett/authz.rego"))
        }
    }

    @Test("does not start with a policy that has mistakes, and names them")
    func refusals() async throws {
        let policy = """
            package yett.authz
            deny contains "a" if input.http.path == "/"
            deny contains x if input.time > 3
            """
        let error = try await RunningGate.failure(Self.configuration(443)) { directory in
            try Self.write(policy, in: directory)
        }
        let lines = try #require(error?.lines)
        #expect(error?.isConfiguration == true)
        #expect(
            lines.contains { $0.hasSuffix("authz.rego:3:1: error: rego_unsafe_var_error: var x is unsafe") },
            "\(lines)")
        let missing = try await RunningGate.failure(Self.configuration(443))
        #expect(missing?.lines.first?.contains("policies") == true)
        let data = try await RunningGate.failure(Self.configuration(443)) { directory in
            try Self.write("package a", in: directory)
            try Self.write("{\"a\": 1,\n  \"b\" 2}", "data.json", in: directory)
            try Self.write("{\"grants\": 1}", "yett/data.json", in: directory)
        }
        #expect(
            data?.lines.first?.hasSuffix("/policies/data.json:2:7: error: invalid character '2' after object key")
                == true, "\(data?.lines ?? [])")
        #expect(data?.lines.last?.contains("data.yett.grants is there already") == true, "\(data?.lines ?? [])")
    }

    @Test("keeps the old policy when the new one has mistakes, and cuts what the new one refuses")
    func reload() async throws {
        let upstream = UpstreamServer.echo()
        defer { upstream.stop() }
        let port = upstream.port
        try await Self.run("package yett.authz\n", port: port) { gate throws in
            let tunnel = try gate.tunnel(to: "web.test", port)
            try Self.write("package yett.authz\ndeny contains 1 if {", in: gate.directory)
            let refused = try gate.ask("POST", "reload", for: ReloadReport.self)
            #expect(!refused.isAccepted)
            #expect(refused.diagnostics.first?.contains("authz.rego:2:") == true)
            #expect(try gate.echoes(tunnel))

            try Self.write(
                "package yett.authz\ndeny contains \"no\" if input.destination.host == \"web.test\"", in: gate.directory
            )
            let report = try gate.ask("POST", "reload", for: ReloadReport.self)
            #expect(report.isAccepted)
            #expect(report.digest != refused.digest)
            #expect(report.cut == 1)
            #expect(tunnel.readToEnd().ending != .stillOpen)
            #expect(try gate.echoes(gate.tunnel(to: "other.test", port)))
        }
    }

    @Test("notices a change of the policy's files by itself")
    func watch() async throws {
        try await Self.run("package yett.authz\n", port: 443, watchesFiles: true) { gate throws in
            try Self.write("package yett.authz\ndeny contains \"no\" if true", in: gate.directory)
            let deadline = Deadline(RawSocket.patience)
            while try gate.status().configuration.revision < 2, deadline.secondsLeft > 0 { usleep(20_000) }
            #expect(try gate.status().configuration.revision == 2)
        }
    }

    @Test("swaps the policy under load without losing a decision or mixing versions")
    func swaps() async throws {
        let upstream = UpstreamServer.echo()
        defer { upstream.stop() }
        let port = upstream.port
        // Each version says its number twice, in the code and in the message.
        @Sendable func policy(_ version: Int) -> String {
            """
            package yett.authz
            version := \(version)
            words := "version \(version)" if input.time > 0
            deny contains {"code": concat("", ["v", json.marshal(version)]), "message": words}
            """
        }
        try await Self.run(policy(0), port: port) { gate throws in
            let answered = Mutex<[String]>([])
            let isOver = Mutex(false)
            let asker = Thread {
                while !isOver.withLock({ $0 }) {
                    let answer = (try? gate.connect(RawSocket.connect(port: gate.port), to: "web.test", port))?.text
                    answered.withLock { $0.append(answer ?? "lost") }
                }
            }
            asker.start()
            for version in 1...40 {
                try Self.write(policy(version), in: gate.directory)
                #expect(try gate.ask("POST", "reload", for: ReloadReport.self).isAccepted)
            }
            isOver.withLock { $0 = true }
            while !asker.isFinished { usleep(1000) }
            let answers = answered.withLock { $0 }
            #expect(answers.count > 40)
            for answer in answers {
                let found = (0...40).first { answer.contains("v\($0): version \($0)\"") }
                #expect(found != nil, "\(answer)")
            }
        }
    }
}

@Suite("Limits of a policy's files and of OPA's API") struct PolicyLimitTests {
    @Test(
        "are reached, and say so by their names",
        arguments: [
            ("source: 1KiB", "policies/big.json is longer than 1024 bytes"),
            ("files: 1", "more than 1 files (policy.limits.files)"),
        ])
    func files(limit: String, words: String) async throws {
        let text = Sample.tunnels(to: 443) + "\npolicy: {files: [policies], limits: {\(limit)}}\n"
        let error = try await RunningGate.failure(text) { directory in
            try FileManager.default.createDirectory(
                atPath: directory + "/policies/sub", withIntermediateDirectories: true)
            let name = limit.hasPrefix("source") ? "data.json" : "sub/data.json"
            let content = "{\"a\": \"\(String(repeating: "x", count: 2000))\"}"
            try "{}".write(toFile: directory + "/policies/data.json", atomically: true, encoding: .utf8)
            try content.write(toFile: directory + "/policies/\(name)", atomically: true, encoding: .utf8)
        }
        let wanted = words.replacing("big.json", with: "data.json")
        #expect(error?.lines.contains { $0.contains(wanted) } == true, "\(error?.lines ?? [])")
    }

    @Test("bound input and result of the operators' API")
    func documents() async throws {
        let text =
            Sample.tunnels(to: 443)
            + "\npolicy: {files: [user.rego], limits: {input: 1KiB, input_depth: 8, result: 1KiB}}\n"
        try await RunningGate.run(
            text,
            prepare: { directory in
                let policy = "package app\nx := numbers.range(1, 1000)\necho := input\n"
                try policy.write(toFile: directory + "/user.rego", atomically: true, encoding: .utf8)
            }
        ) { gate throws in
            #expect(try gate.ask("GET", "data/app/x").text.contains("policy.limits.result"))
            let long = "{\"input\": \"\(String(repeating: "x", count: 2000))\"}"
            #expect(try gate.ask("POST", "data/app/echo", body: long).status == 400)
            let deep = "{\"input\": \(String(repeating: "[", count: 20) + String(repeating: "]", count: 20))}"
            #expect(try gate.ask("POST", "data/app/echo", body: deep).status == 400)
            #expect(try gate.ask("POST", "data/app/echo", body: "{\"input\": [1]}").text == "{\"result\":[1]}\n")
        }
    }
}
