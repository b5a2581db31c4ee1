// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Foundation
import GateSupport
import GatewaySupport
import Glibc
import Testing

/// Tasks in a running gate.
@Suite struct TaskTests {
    @Test("A launch within a task reaches what the task takes in, and stopping the task cuts it at once")
    func stop() async throws {
        let upstream = UpstreamServer.echo()
        defer { upstream.stop() }
        let port = upstream.port
        try await RunningGate.run(Sample.tunnels(to: port)) { gate throws in
            let started = try Self.start(gate)
            let task = started.task.id
            #expect(started.handle.hasPrefix("th_"))
            #expect(try gate.record("kind=task_start")?.text("task") == task)
            let launch = try gate.ask(
                "POST", "launches", body: #"{"agent":"bot","uid":\#(geteuid()),"task":"\#(task)"}"#,
                for: LaunchReport.self)
            let open = try Self.connect(launch)
            #expect(try gate.connect(open, to: "web.test", port).status == 200)
            #expect(try gate.echoes(open))
            let refused = try Self.connect(launch)
            let answer = try gate.connect(refused, to: "other.test", port)
            #expect(answer.status == 403)
            #expect(answer.text.contains("task_not_granted"))
            // The same agent outside of the task has all of its grants.
            let outside = try gate.tunnel(to: "other.test", port)
            let live = try gate.connections()
            #expect(live.contains { $0.task == task } && live.contains { $0.task == nil })
            #expect(try gate.ask("GET", "tasks/\(task)", for: TaskReport.self).connections == 1)

            let report = try gate.ask(
                "POST", "tasks/\(task)/stop", body: #"{"why":"enough"}"#, for: TaskStopReport.self)
            #expect(report == TaskStopReport(stopped: [task], cut: 1))
            #expect(open.readToEnd().bytes.isEmpty)
            #expect(try gate.echoes(outside))
            let late = try Self.connect(launch)
            #expect(try gate.connect(late, to: "web.test", port).text.contains("task_stopped"))
            #expect(try gate.record("kind=task_stop")?.text("cause") == "enough")
            #expect(try gate.record("kind=connection_end&task=\(task)")?.text("cause") == "task_stopped")
            #expect(try gate.ask("DELETE", "tasks/\(task)").status == 409)
            #expect(try gate.ask("GET", "tasks/\(task)", for: TaskReport.self).state == "stopped")
            // The handle is nowhere but in the one answer.
            let records = try gate.records().map { String(decoding: $0.bytes, as: UTF8.self) }.joined()
            #expect(!records.contains("th_"))
            #expect(!Self.holds(gate.directory + "/audit", started.handle))
        }
    }

    /// The socket of a launch is for the user who launches, and for users of their own when that is root.
    private static func connect(_ launch: LaunchReport) throws -> RawSocket {
        geteuid() == 0
            ? try RawSocket.connect(unix: launch.socketPath, as: 60_000)
            : try RawSocket.connect(unix: launch.socketPath)
    }

    @Test("Tasks and what was spent within them survive the death of the gate")
    func restart() async throws {
        let upstream = UpstreamServer.echo()
        defer { upstream.stop() }
        let port = upstream.port
        let text = Sample.tunnels(to: port)
        let copy = "/tmp/yett-task-" + String(UInt64.random(in: .min ... .max), radix: 36)
        defer { try? FileManager.default.removeItem(atPath: copy) }
        let tasks = try await RunningGate.run(text) { gate throws -> [TaskReport] in
            let first = try Self.start(gate, #","calls":1"#)
            let second = try Self.start(gate)
            _ = try gate.ask(
                "DELETE", "tasks/\(second.task.id)", for: TaskStopReport.self)
            let launch = try gate.ask(
                "POST", "launches", body: #"{"agent":"bot","uid":\#(geteuid()),"task":"\#(first.task.id)"}"#,
                for: LaunchReport.self)
            #expect(
                try gate.connect(try Self.connect(launch), to: "web.test", port).status == 200)
            #expect(comesTrue { Self.holds(gate.directory + "/audit", #"[1,"#) })
            // What a machine that lost its power would find.
            try FileManager.default.copyItem(atPath: gate.directory + "/audit", toPath: copy)
            return try gate.ask("GET", "tasks", for: TaskList.self).tasks
        }
        try await RunningGate.run(
            text, prepare: { try FileManager.default.copyItem(atPath: copy, toPath: $0 + "/audit") }
        ) { gate throws in
            let found = try gate.ask("GET", "tasks", for: TaskList.self).tasks
            #expect(found.map(\.id) == tasks.map(\.id))
            #expect(Set(found.map(\.state)) == ["open", "stopped"])
            let open = try #require(found.first { $0.state == "open" })
            #expect(open.usedCalls == 1)
            let launch = try gate.ask(
                "POST", "launches", body: #"{"agent":"bot","uid":\#(geteuid()),"task":"\#(open.id)"}"#,
                for: LaunchReport.self)
            let answer = try gate.connect(try Self.connect(launch), to: "web.test", port)
            #expect(answer.text.contains("budget_exhausted"))
        }
    }

    @Test(
        "Orders that make no task are refused with their reason",
        arguments: [
            (#"{"agent":"bot","purpose":"p","grants":[]}"#, 400),
            (#"{"agent":"bot","purpose":"p","grants":[{"name":"nothing"}]}"#, 400),
            (#"{"agent":"bot","purpose":"p","grants":[{"name":"web","hosts":["other.test"]}]}"#, 400),
            (#"{"agent":"bot","purpose":"p","grants":[{"name":"web","ports":["0"]}]}"#, 400),
            (#"{"agent":"bot","purpose":"p","grants":[{"name":"web"}],"seconds":28801}"#, 400),
            (#"{"agent":"bot","purpose":"p","grants":[{"name":"web"}],"person":"somebody"}"#, 400),
            (#"{"agent":"bot","purpose":"p","grants":[{"name":"web"}],"parent":"t-1"}"#, 400),
            (#"{"agent":"nobody","purpose":"p","grants":[{"name":"web"}]}"#, 404),
            (
                #"{"agent":"bot","purpose":"p","grants":[{"name":"web"}],"parent":"t-00000000000000000000000000000001"}"#,
                409
            ),
        ])
    func refused(body: String, status: Int) async throws {
        try await RunningGate.run(Sample.tunnels(to: 1)) { gate throws in
            #expect(try gate.ask("POST", "tasks", body: body).status == status)
            #expect(try gate.ask("GET", "tasks", for: TaskList.self).tasks.isEmpty)
        }
    }

    private static func start(_ gate: RunningGate, _ more: String = "") throws -> TaskStartReport {
        try gate.ask(
            "POST", "tasks", body: #"{"agent":"bot","purpose":"look something up","grants":[{"name":"web"}]\#(more)}"#,
            for: TaskStartReport.self)
    }

    /// Whether any file of a directory holds a text.
    private static func holds(_ directory: String, _ text: String) -> Bool {
        let files = FileManager.default.enumerator(atPath: directory)?.compactMap { $0 as? String } ?? []
        return files.contains { file in
            guard let data = FileManager.default.contents(atPath: directory + "/" + file) else { return false }
            return data.range(of: Data(text.utf8)) != nil
        }
    }
}
