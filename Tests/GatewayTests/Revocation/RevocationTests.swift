// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Foundation
import GateSupport
import GatewaySupport
import Glibc
import Synchronization
import Testing

/// What operators revoke, at the forward proxy.
@Suite(.serialized) struct RevocationTests {
    private static func revoke(_ gate: RunningGate, _ body: String) throws -> RevocationReport {
        let answer = try gate.ask("POST", "revocations", body: body)
        #expect(answer.status == 201, "\(answer.text)")
        return try AdminJSON.decoder.decode(RevocationReport.self, from: Data(answer.body))
    }

    /// A launch of the agent, within a task or not.
    private static func launch(_ gate: RunningGate, task: String? = nil) throws -> LaunchReport {
        let task = task.map { #","task":"\#($0)""# } ?? ""
        let answer = try gate.ask("POST", "launches", body: #"{"agent":"bot","uid":\#(geteuid())\#(task)}"#)
        #expect(answer.status < 300, "\(answer.text)")
        return try AdminJSON.decoder.decode(LaunchReport.self, from: Data(answer.body))
    }

    /// Connects as the launched agent, which root launches as another user.
    private static func connect(_ launch: LaunchReport) throws -> RawSocket {
        geteuid() == 0
            ? try RawSocket.connect(unix: launch.socketPath, as: 60_000)
            : try RawSocket.connect(unix: launch.socketPath)
    }

    private static func task(_ gate: RunningGate, person: String? = nil) throws -> String {
        let person = person.map { #","person":"\#($0)""# } ?? ""
        let body = #"{"agent":"bot","purpose":"test","grants":[{"name":"web"}]\#(person)}"#
        let answer = try gate.ask("POST", "tasks", body: body)
        return try AdminJSON.decoder.decode(TaskStartReport.self, from: Data(answer.body)).task.id
    }

    private static func reason(_ gate: RunningGate, _ port: UInt16, on socket: RawSocket) throws -> String? {
        try gate.connect(socket, to: "web.test", port)["yett-reason"]
    }

    @Test func `An agent's tunnels, connections and launches of before end; new ones count`() async throws {
        let upstream = UpstreamServer.echo()
        defer { upstream.stop() }
        try await RunningGate.run(Sample.tunnels(to: upstream.port)) { gate throws in
            let tunnel = try gate.tunnel(to: "web.test", upstream.port)
            let launch = try Self.launch(gate)
            let inside = try Self.connect(launch)
            #expect(try gate.connect(inside, to: "web.test", upstream.port).status == 200)
            // Accepted before, since one that came later was served, and nothing sent yet.
            let early = try RawSocket.connect(port: gate.port)
            let idle = try RawSocket.connect(port: gate.port)
            #expect(try gate.connect(idle, to: "other.test", upstream.port).status == 200)
            let report = try Self.revoke(gate, #"{"agent":"bot","why":"hijacked"}"#)
            #expect(report.kind == "agent" && report.value == "spiffe://gate.test/agent/bot")
            #expect(report.cut == 3 && report.launches == 1 && report.why == "hijacked")
            #expect(report.rememberedUntil != nil && report.by == "uid:\(getuid())")
            for socket in [tunnel, idle, inside] { #expect(socket.readToEnd().ending != .stillOpen) }
            #expect(access(launch.socketPath, F_OK) != 0)
            #expect(try Self.reason(gate, upstream.port, on: early) == "agent_revoked")
            // New ones.
            let fresh = try gate.tunnel(to: "web.test", upstream.port)
            #expect(try gate.echoes(fresh))
            let again = try Self.launch(gate)
            let anew = try Self.connect(again)
            #expect(try gate.connect(anew, to: "web.test", upstream.port).status == 200)
            let record = try #require(try gate.record("kind=revocation"))
            #expect(record.text("agent") == "spiffe://gate.test/agent/bot" && record.text("cause") == "hijacked")
            #expect(record.text("source") == "uid:\(getuid())")
            let ends = try gate.records("kind=connection_end&limit=100")
            #expect(ends.count { $0.text("cause") == "agent_revoked" } == 3)
            #expect(try gate.status().revocations == 1)
            let list = try gate.ask("GET", "revocations", for: RevocationList.self)
            #expect(list.revocations.map(\.value) == ["spiffe://gate.test/agent/bot"])
            // Once more, and only what came since.
            #expect(try Self.revoke(gate, #"{"agent":"bot"}"#).cut == 2)
            #expect(fresh.readToEnd().ending != .stillOpen && anew.readToEnd().ending != .stillOpen)
        }
    }

    @Test func `A task's and a person's connections end with their own reasons, and others go on`() async throws {
        let upstream = UpstreamServer.echo()
        defer { upstream.stop() }
        try await RunningGate.run(Sample.tunnels(to: upstream.port)) { gate throws in
            let other = try gate.tunnel(to: "web.test", upstream.port)
            for (kind, reason) in [("task", "task_revoked"), ("person", "person_revoked")] {
                let person = "https://idp.test#\(kind)"
                let task = try Self.task(gate, person: person)
                let launch = try Self.launch(gate, task: task)
                let tunnel = try Self.connect(launch)
                #expect(try gate.connect(tunnel, to: "web.test", upstream.port).status == 200)
                let value = kind == "task" ? task : person
                let report = try Self.revoke(gate, #"{"\#(kind)":"\#(value)"}"#)
                #expect(report.cut == 1 && report.tasks == 1 && report.kind == kind && report.value == value)
                #expect(tunnel.readToEnd().ending != .stillOpen)
                let later = try Self.connect(launch)
                #expect(try Self.reason(gate, upstream.port, on: later) == reason)
                let state = try gate.ask("GET", "tasks/\(task)", for: TaskReport.self).state
                #expect(state == "stopped")
                let end = try gate.records("kind=connection_end&limit=100").last
                #expect(end?.text("cause") == reason)
                // Whole seconds count; a task of the next one is good.
                let second = time(nil)
                #expect(comesTrue { time(nil) > second })
                let next = try Self.launch(gate, task: try Self.task(gate, person: person))
                let fresh = try Self.connect(next)
                #expect(try gate.connect(fresh, to: "web.test", upstream.port).status == 200)
            }
            #expect(try gate.echoes(other))
        }
    }

    @Test(
        "refuses what names nothing, or several things, and revokes nothing",
        arguments: [
            (#"{}"#, 400), (#"{"agent":"a","task":"t-1"}"#, 400), (#"{"agent":""}"#, 400), (#"{"agent":"a b"}"#, 400),
            (#"{"person":"nobody"}"#, 400), (#"{"person":"https://idp.test#"}"#, 400), (#"{"task":"t-1"}"#, 404),
            (#"{"key":"nobody"}"#, 404), (#"{"token":"a\u000ab"}"#, 400), (#"{"agent":7}"#, 400), ("[]", 400),
            (#"{"agent":"bot","why":"\#(String(repeating: "x", count: 513))"}"#, 400),
            (#"{"token":"\#(String(repeating: "x", count: 2049))"}"#, 400),
        ])
    func malformed(body: String, status: Int) async throws {
        try await RunningGate.run(Sample.tunnels(to: 1)) { gate throws in
            #expect(try gate.ask("POST", "revocations", body: body).status == status)
            #expect(try gate.ask("GET", "revocations", for: RevocationList.self).revocations.isEmpty)
            #expect(try gate.status().revocations == nil)
        }
    }

    @Test func `Revocations side by side, while tunnels open, leave no old one open`() async throws {
        let upstream = UpstreamServer.echo()
        defer { upstream.stop() }
        let text = Sample.tunnels(to: upstream.port, limits: "  limits: {tunnels_per_agent: 2000}")
        try await RunningGate.run(text) { gate throws in
            let opened = Mutex<[RawSocket]>([])
            let isOver = Atomic<Bool>(false)
            let done = (0..<2).map { _ in Latch() }
            for latch in done {
                Thread.detachNewThread {
                    while !isOver.load(ordering: .sequentiallyConsistent) {
                        guard opened.withLock({ $0.count }) < 100 else {
                            usleep(1000)
                            continue
                        }
                        guard let socket = try? RawSocket.connect(port: gate.port),
                            (try? gate.connect(socket, to: "web.test", upstream.port))?.status == 200
                        else { continue }
                        opened.withLock { $0.append(socket) }
                    }
                    latch.open()
                }
            }
            for _ in 0..<10 {
                let before = opened.withLock { $0 }
                let revokers = (0..<3).map { _ in Latch() }
                for latch in revokers {
                    Thread.detachNewThread {
                        _ = try? gate.ask("POST", "revocations", body: #"{"agent":"bot"}"#)
                        latch.open()
                    }
                }
                for latch in revokers { #expect(latch.wait()) }
                for socket in before { #expect(socket.readToEnd().ending != .stillOpen) }
                opened.withLock { $0.removeFirst(before.count) }
            }
            isOver.store(true, ordering: .sequentiallyConsistent)
            for latch in done { #expect(latch.wait()) }
            #expect(try Self.revoke(gate, #"{"agent":"bot"}"#).kind == "agent")
            for socket in opened.withLock({ $0 }) { #expect(socket.readToEnd().ending != .stillOpen) }
            #expect(try comesTrue { try gate.connections().isEmpty })
        }
    }
}
