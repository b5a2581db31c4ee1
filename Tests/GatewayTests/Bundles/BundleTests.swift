// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Foundation
import GateSupport
import Gateway
import GatewaySupport
import Glibc
import PolicyBundle
import Synchronization
import Testing

@Suite("A gate with policy bundles") struct BundleTests {
    /// A configuration with one bundle from a server.
    static func configuration(
        _ server: BundleServer, port: UInt16, polling: String = "min_delay: 100ms, max_delay: 200ms",
        bundle: String = "", policy: String = ""
    ) -> String {
        Sample.tunnels(to: port) + """

            policy:
              bundles: {main: {url: "\(server.url())", polling: {\(polling)}\(bundle)}}
              persistence_directory: \(server.directory)/kept
            \(policy)
            """
    }

    /// Why a tunnel to a granted host is refused; `granted` if it is not.
    static func outcome(_ gate: RunningGate, _ port: UInt16) throws -> String {
        let answer = try gate.connect(try RawSocket.connect(port: gate.port), to: "web.test", port)
        return answer.status == 200 ? "granted" : answer["yett-reason"] ?? "?"
    }

    private static func main(_ gate: RunningGate) throws -> BundleReport {
        try #require(try gate.status().bundles.first { $0.name == "main" })
    }

    /// Waits until a version serves.
    static func serves(_ revision: String, _ gate: RunningGate) throws -> Bool {
        try comesTrue { try main(gate).activeRevision == revision }
    }

    /// Waits until the bundle has a fault with some words in it.
    static func fails(_ words: String, _ gate: RunningGate) throws -> Bool {
        try comesTrue { try main(gate).message?.contains(words) ?? false }
    }

    @Test("follows the server, cuts what is no longer allowed, and names the revision wherever the digest stands")
    func following() async throws {
        let (server, upstream) = (try BundleServer(), UpstreamServer.echo())
        defer {
            server.remove()
            upstream.stop()
        }
        let port = upstream.port
        try server.put(BundleFile.policy("r1"))
        let log = "decision_log: {file: \(server.directory)/decisions.jsonl, interval: 100ms}\n"
        try await RunningGate.run(Self.configuration(server, port: port, policy: log)) { gate throws in
            #expect(try Self.serves("r1", gate))
            let tunnel = try gate.tunnel(to: "web.test", port)
            #expect(try gate.echoes(tunnel))
            let before = try gate.status().configuration
            #expect(comesTrue { server.requests.count > 2 })
            #expect(server.requests[0]["if-none-match"] == nil)
            #expect(server.requests[0]["prefer"] == "modes=snapshot,delta")
            #expect(server.requests.last?["if-none-match"]?.hasPrefix("\"") == true)

            try server.put(BundleFile.policy("r2", refusing: "closed"))
            #expect(tunnel.readToEnd().ending != .stillOpen)
            #expect(try Self.serves("r2", gate))
            #expect(try Self.outcome(gate, port) == "policy_denied")
            let after = try gate.status().configuration
            #expect(after.digest != before.digest)
            #expect(after.revision > before.revision)
            let record = try #require(try gate.records("kind=reload").last)
            #expect(record.text("cause") == "bundle")
            #expect(record.text("detail")?.contains("bundle main r2") == true)
            let provenance = try gate.ask("GET", "data/app/version?provenance").text
            #expect(provenance.contains(#""bundles":{"main":{"revision":"r2"}}"#))
            #expect(provenance.contains(#""result":"r2""#))
            let query = #"{"query": "x := data.app.version; y := input.n + 1; y > 2", "input": {"n": 2}}"#
            #expect(try gate.ask("POST", "query", body: query).text == #"{"result":[{"x":"r2","y":3}]}"# + "\n")
            #expect(try gate.ask("GET", "query?q=1%3D%3D1").text == #"{"result":[{}]}"# + "\n")
            #expect(try gate.ask("GET", "query?q=1%3D%3D2").text == "{}\n")
            #expect(try gate.ask("GET", "query?q=x+%3E+1").status == 400)
            #expect(try gate.health("?bundles").status == 200)
            #expect(
                comesTrue {
                    let text = try? String(contentsOfFile: server.directory + "/decisions.jsonl", encoding: .utf8)
                    return text?.contains(#""bundles":{"main":{"revision":"r2"}}"#) ?? false
                })
            let denial = try #require(try gate.record("kind=decision&verdict=deny")?.text("decision"))
            #expect(try gate.ask("GET", "decisions/\(denial)").text.contains("bundle main r2"))
        }
    }

    @Test("denies everything with a reason of its own until a bundle comes, and says why")
    func missing() async throws {
        let (server, upstream) = (try BundleServer(), UpstreamServer.echo())
        defer {
            server.remove()
            upstream.stop()
        }
        let port = upstream.port
        try await RunningGate.run(Self.configuration(server, port: port)) { gate throws in
            #expect(try Self.outcome(gate, port) == "policy_not_ready")
            #expect(try Self.fails("the server has no such bundle (status 404)", gate))
            #expect(try !Self.main(gate).isActive)
            #expect(try Self.main(gate).httpCode == "404")
            let health = try gate.health("?bundles=true")
            #expect(health.status == 500)
            #expect(health.text == #"{"error":"one or more bundles are not activated"}"# + "\n")
            #expect(try gate.health("").status == 200)
            #expect(try gate.ask("GET", "data/app").status == 500)
            // A reload does not help, and does not hurt.
            let report = try gate.ask("POST", "reload", for: ReloadReport.self)
            #expect(report.isAccepted)
            #expect(report.diagnostics.contains { $0.contains("bundle main has not come yet") })
            #expect(try gate.record("kind=decision")?.text("detail")?.contains("bundle main") == true)

            try server.put(BundleFile.policy("r1"))
            #expect(try Self.serves("r1", gate))
            #expect(try Self.outcome(gate, port) == "granted")
            #expect(try gate.health("?bundles=true").status == 200)
            #expect(try Self.main(gate).message == nil)
        }
    }

    @Test("starts with the kept version when the server is away, and with nothing when it may not keep any")
    func restart() async throws {
        let (server, upstream) = (try BundleServer(), UpstreamServer.echo())
        defer {
            server.remove()
            upstream.stop()
        }
        let port = upstream.port
        try server.put(BundleFile.policy("r1"))
        let text = Self.configuration(server, port: port)
        let kept = server.directory + "/kept/main.bundle"
        try await RunningGate.run(text) { gate throws in
            #expect(try Self.serves("r1", gate))
            #expect(comesTrue { FileManager.default.fileExists(atPath: kept) })
            // What is refused is not kept.
            let before = try Data(contentsOf: URL(filePath: kept))
            try server.put([BundleFile("authz.rego", "package yett.authz\ndeny contains x if nonsense(1)\n")])
            #expect(try Self.fails("nonsense", gate))
            #expect(try Data(contentsOf: URL(filePath: kept)) == before)
            #expect(try Self.outcome(gate, port) == "granted")
        }
        server.stop()
        try await RunningGate.run(text) { gate throws in
            #expect(try Self.outcome(gate, port) == "granted")
            #expect(try Self.main(gate).activeRevision == "r1")
            #expect(try Self.fails("there is no answer", gate))
            #expect(try Self.outcome(gate, port) == "granted")
        }
        let forgetful = Self.configuration(server, port: port, bundle: ", persist: false")
        try await RunningGate.run(forgetful) { gate throws in
            #expect(try Self.outcome(gate, port) == "policy_not_ready")
        }
        // A kept version that was tampered with is none.
        let damaged = try Data(contentsOf: URL(filePath: kept)).dropLast(3)
        try damaged.write(to: URL(filePath: kept))
        try await RunningGate.run(text) { gate throws in
            #expect(try Self.outcome(gate, port) == "policy_not_ready")
        }
        #expect(chmod(server.directory + "/kept", 0o777) == 0)
        let failure = try await RunningGate.failure(text)
        #expect(failure?.description.contains("others may write") == true)
    }

    @Test("learns of a new version at once from a server that holds its answer back")
    func longPolling() async throws {
        let (server, upstream) = (try BundleServer(), UpstreamServer.echo())
        defer {
            server.remove()
            upstream.stop()
        }
        let port = upstream.port
        try server.put(BundleFile.policy("r1"))
        let polling = "min_delay: 1h, max_delay: 2h, long_polling: 30s"
        try await RunningGate.run(Self.configuration(server, port: port, polling: polling)) { gate throws in
            #expect(try Self.serves("r1", gate))
            #expect(comesTrue { server.requests.last?["prefer"] == "modes=snapshot,delta;wait=30" })
            try server.put(BundleFile.policy("r2", refusing: "closed"))
            #expect(try Self.serves("r2", gate))
            #expect(try Self.outcome(gate, port) == "policy_denied")
            // One that holds nothing back is not asked without end.
            try server.mode(#"{"hasty": true}"#)
            let before = server.requests.count
            usleep(500_000)
            #expect(server.requests.count - before < 8)
        }
    }

    @Test("applies changes of data that a server sends, and only to what they are for")
    func deltas() async throws {
        let (server, upstream) = (try BundleServer(), UpstreamServer.echo())
        defer {
            server.remove()
            upstream.stop()
        }
        let port = upstream.port
        try server.put(BundleFile.policy("r1"))
        try await RunningGate.run(Self.configuration(server, port: port)) { gate throws in
            #expect(try Self.serves("r1", gate))
            try server.put([
                BundleFile(".manifest", #"{"revision": "d1", "roots": ["yett/authz", "app"]}"#),
                BundleFile("patch.json", #"{"data": [{"op": "upsert", "path": "/app/version", "value": "patched"}]}"#),
            ])
            #expect(try Self.serves("d1", gate))
            #expect(try gate.ask("GET", "data/app/version").text == "{\"result\":\"patched\"}\n")
            try server.put([
                BundleFile(".manifest", #"{"revision": "d2", "roots": ["other"]}"#),
                BundleFile("patch.json", #"{"data": [{"op": "upsert", "path": "/other/x", "value": 1}]}"#),
            ])
            #expect(try Self.fails("are not those of the bundle in use", gate))
            #expect(try Self.main(gate).activeRevision == "d1")
        }
    }

    @Test(
        "speaks TLS with the authorities, the certificate and the token of the configuration, and with no other server")
    func transport() async throws {
        let (authority, other) = (try TestAuthority(), try TestAuthority())
        let server = try BundleServer(
            identity: authority.issue(addresses: [[127, 0, 0, 1]]), clientAuthority: authority.pem)
        defer { server.remove() }
        let leaf = try authority.issue(uris: ["spiffe://gate.test/gate"])
        try server.put(BundleFile.policy("r1"))
        for (name, text) in [
            ("ca.pem", try authority.pem), ("other.pem", try other.pem), ("gate.pem", leaf.certificate),
            ("gate.key", leaf.key), ("token", "first"),
        ] { try server.secret(text, as: name) }
        func configuration(_ authority: String) -> String {
            let files = "certificate: \"file:\(server.directory)/gate.pem\", key: \"file:\(server.directory)/gate.key\""
            let tls = "tls: {ca: \"file:\(server.directory)/\(authority)\", \(files)}"
            let rest = ", persist: false, token: \"file:\(server.directory)/token\", \(tls)"
            return Self.configuration(server, port: 443, bundle: rest)
        }
        try await RunningGate.run(configuration("ca.pem")) { gate throws in
            #expect(try Self.serves("r1", gate))
            #expect(server.requests.last?["authorization"] == "Bearer first")
            try server.secret("second", as: "token")
            #expect(comesTrue { server.requests.last?["authorization"] == "Bearer second" })
            #expect(unlink(server.directory + "/token") == 0)
            #expect(try Self.fails("No such file", gate))
        }
        try server.secret("third", as: "token")
        try await RunningGate.run(configuration("other.pem")) { gate throws in
            #expect(try Self.fails("there is no answer", gate))
            #expect(server.requests.last?["authorization"] == "Bearer second")
        }
        let failure = try await RunningGate.failure(configuration("token"))
        #expect(failure?.description.contains("policy.bundles.main.tls: ca holds no PEM certificate") == true)
    }

    @Test("makes no new snapshot of what serves already")
    func sameAgain() async throws {
        let server = try BundleServer()
        defer { server.remove() }
        try server.put(BundleFile.policy("r1"))
        // A tag that is not sent back makes the server send the whole bundle each time.
        try server.mode(#"{"tag": "\#(String(repeating: "x", count: 2000))"}"#)
        try await RunningGate.run(Self.configuration(server, port: 443)) { gate throws in
            #expect(try Self.serves("r1", gate))
            let before = try (gate.status().configuration.revision, Self.main(gate).lastSuccessfulActivation)
            let count = server.requests.count
            #expect(comesTrue { server.requests.count > count + 3 })
            #expect(try gate.status().configuration.revision == before.0)
            #expect(try Self.main(gate).lastSuccessfulActivation == before.1)
            #expect(try gate.ask("GET", "metrics").text.contains("yett_policy_bundles_missing 0\n"))
        }
    }

    @Test("keeps nothing before the whole policy serves")
    func pending() async throws {
        let server = try BundleServer()
        defer { server.remove() }
        let text =
            Sample.tunnels(to: 443) + """

                policy:
                  bundles:
                    a: {url: "\(server.url("a"))", polling: {min_delay: 100ms, max_delay: 100ms}}
                    b: {url: "\(server.url("b"))", polling: {min_delay: 100ms, max_delay: 100ms}}
                  persistence_directory: \(server.directory)/kept
                """
        let roots = ["a", "b"].map { [BundleFile(".manifest", #"{"revision": "r1", "roots": ["\#($0)"]}"#)] }
        try server.put(roots[0], as: "a")
        try await RunningGate.run(text) { gate throws in
            #expect(comesTrue { server.requests.contains { $0["path"] == "/a" && $0["if-none-match"] != nil } })
            #expect(try gate.health("?bundles").status == 500)
            #expect(!FileManager.default.fileExists(atPath: server.directory + "/kept/a.bundle"))
            try server.put(roots[1], as: "b")
            #expect(
                comesTrue {
                    ["a", "b"].allSatisfy {
                        FileManager.default.fileExists(atPath: server.directory + "/kept/\($0).bundle")
                    }
                })
            #expect(try gate.health("?bundles").status == 200)
        }
    }

    @Test("keeps the versions apart and loses no decision while bundles are swapped under load")
    func swapUnderLoad() async throws {
        let server = try BundleServer()
        defer { server.remove() }
        @Sendable func version(_ number: Int) -> [BundleFile] {
            let rule =
                "deny contains {\"code\": \"v\", \"message\": sprintf(\"\(number)=%v\", [data.app.version])} if true"
            return [
                BundleFile(".manifest", #"{"revision": "\#(number)", "roots": ["yett/authz", "app"]}"#),
                BundleFile("authz.rego", "package yett.authz\n\(rule)\n"),
                BundleFile("app/data.json", #"{"version": \#(number)}"#),
            ]
        }
        try server.put(version(0))
        try await RunningGate.run(Self.configuration(server, port: 443)) { gate throws in
            #expect(try Self.serves("0", gate))
            let isOver = Atomic(false)
            let mixed = Mutex<[String]>([])
            let asked = Atomic(0)
            let seen = Mutex<Set<String>>([])
            DispatchQueue.concurrentPerform(iterations: 5) { worker in
                if worker == 0 {
                    for number in 1...6 {
                        do {
                            try server.put(version(number))
                            // A reload in between mixes nothing either.
                            _ = try gate.ask("POST", "reload")
                            if try !Self.serves(String(number), gate) { throw POSIXError(.ETIMEDOUT) }
                        } catch { mixed.withLock { $0.append("\(error)") } }
                    }
                    return isOver.store(true, ordering: .relaxed)
                }
                while !isOver.load(ordering: .relaxed) {
                    do {
                        let answer = try gate.connect(try RawSocket.connect(port: gate.port), to: "web.test", 443)
                        asked.add(1, ordering: .relaxed)
                        let pair = answer.text.firstMatch(of: /(\d+)=(\d+)/)
                        if let pair, pair.1 == pair.2 {
                            seen.withLock { _ = $0.insert(String(pair.1)) }
                        } else {
                            mixed.withLock { $0.append(answer.startLine + answer.text) }
                        }
                    } catch { mixed.withLock { $0.append("\(error)") } }
                }
            }
            #expect(mixed.withLock { $0 } == [])
            #expect(asked.load(ordering: .relaxed) > 20)
            #expect(seen.withLock { $0.count } >= 5)
            let reasons = try gate.records("kind=decision&limit=1000").filter { $0.text("verdict") == "deny" }
            #expect(reasons.count == min(1000, asked.load(ordering: .relaxed)))
        }
    }
}

extension RunningGate {
    /// Asks whether the gate is well, as tools for OPA do.
    func health(_ query: String) throws -> HTTPText {
        let connection = try RawSocket.connect(unix: socket)
        try connection.write("GET /health\(query) HTTP/1.1\r\nHost: gate\r\nConnection: close\r\n\r\n")
        return try HTTPText.readResponse(from: connection)
    }
}
