// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Foundation
import GateSupport
import GatewaySupport
import Identity
import Storage
import Testing

@testable import AdminPlane

/// Tasks that rest on somebody's sign-in, without the somebody.
@Suite struct PeopleTaskTests {
    @Test("F-23: a task that rested on a session of the last run is over, and others are not")
    func restart() async throws {
        let now = Int64(Date().timeIntervalSince1970)
        func document(_ number: Int, _ origin: String) -> String {
            let handle = [Int](repeating: number, count: 32).map(String.init).joined(separator: ",")
            return """
                {"id":"t-\(String(repeating: "0", count: 31))\(number)","handle":[\(handle)],"origin":"\(origin)",\
                "person":{"issuer":"https://idp.test","subject":"alice","groups":["staff"],"auth_time":\(now)},\
                "agent":"spiffe://gate.test/agent/bot","purpose":"p","grants":[{"name":"web"}],"started":\(now),\
                "expires":\(now + 3600)}
                """
        }
        let prepare = { (directory: String) in
            try FileManager.default.createDirectory(
                atPath: directory + "/audit", withIntermediateDirectories: false,
                attributes: [.posixPermissions: 0o700])
            let database = try StateDatabase(path: directory + "/audit/" + StateDatabase.fileName)
            for (number, origin) in [(1, "session uid:0"), (2, "uid:0")] {
                try database.keep(
                    StoredTask(
                        id: "t-\(String(repeating: "0", count: 31))\(number)", document: document(number, origin)))
            }
        }
        try await RunningGate.run(Sample.tunnels(to: 443), prepare: prepare) { gate throws in
            let tasks = try gate.ask("GET", "tasks", for: TaskList.self).tasks
            #expect(tasks.map(\.state) == ["open", "stopped"] || tasks.map(\.state) == ["stopped", "open"])
            let over = try #require(tasks.first { $0.state == "stopped" })
            #expect(over.origin == "session uid:0" && over.stoppedWhy?.contains("sessions") == true)
        }
    }

    @Test("a session is no person where nobody signs in, and never beside a name")
    func refusals() async throws {
        try await RunningGate.run(Sample.tunnels(to: 443)) { gate throws in
            for (body, status) in [
                (#"{"agent":"bot","purpose":"p","grants":[{"name":"web"}],"session":"ys_x"}"#, 404),
                (#"{"agent":"bot","purpose":"p","grants":[{"name":"web"}],"session":"ys_x","person":"a#b"}"#, 400),
            ] {
                #expect(try gate.ask("POST", "tasks", body: body).status == status)
            }
            #expect(try gate.ask("GET", "people").status == 404)
            #expect(try gate.ask("GET", "tasks", for: TaskList.self).tasks.isEmpty)
        }
    }

    @Test("a session appears in no description of a request")
    func secrecy() {
        var request = TaskRequest(agent: "bot", purpose: "p", grants: [])
        request.session = "ys_secret"
        var text = "\(request)"
        dump(request, to: &text)
        #expect(!text.contains("ys_secret"))
    }
}
