// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import Glibc
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization

@testable import AdminPlane

/// A dashboard in front of a fake gate, on a port of its own.
struct DashboardServer: Sendable {
    let gate: FakeGate
    let dashboard: Dashboard
    let people: FakePeople
    let port: Int
    /// Unix seconds, which a test moves on.
    let time: TestTime

    var origin: String { "http://127.0.0.1:\(port)" }

    /// Runs the dashboard for as long as `body` runs.
    static func run<Value: Sendable>(
        streams: Int = 64, roles: @escaping @Sendable () -> DashboardRoles = { FakePeople.roles },
        _ body: @escaping @Sendable (DashboardServer) throws -> Value
    ) async throws -> Value {
        let (gate, people, time) = (FakeGate(), FakePeople(), TestTime())
        let (ports, continuation) = AsyncStream<Int>.makeStream()
        var settings = DashboardSettings(host: "127.0.0.1", port: 0)
        settings.streams = streams
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let made = Dashboard(
            gate: gate, settings: settings, people: people, roles: roles, now: { time.value }, logger: logger
        ) { continuation.yield($0) }
        guard let made else { throw POSIXError(.EINVAL) }
        let group = ServiceGroup(services: [made], logger: logger)
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            var port = 0
            for await chosen in ports {
                port = chosen
                break
            }
            let server = DashboardServer(gate: gate, dashboard: made, people: people, port: port, time: time)
            let value = try await onOwnThread { try body(server) }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return value
        }
    }

    /// Sends one request on a connection of its own.
    func ask(
        _ method: String, _ path: String, _ fields: [String] = [], host: String? = nil, body: String? = nil
    ) throws -> HTTPText {
        let connection = try RawSocket.connect(port: UInt16(port))
        var head = "\(method) \(path) HTTP/1.1\r\nHost: \(host ?? "127.0.0.1:\(port)")\r\nConnection: close\r\n"
        for field in fields { head += field + "\r\n" }
        if let body { head += "Content-Length: \(body.utf8.count)\r\n" }
        try connection.write(head + "\r\n" + (body ?? ""))
        return try HTTPText.readResponse(from: connection)
    }

    /// Somebody who signed in, as a browser would be.
    struct Visitor {
        let cookie: String
        let form: String
    }

    /// Signs in with a token as the user 1000.
    func signIn() throws -> Visitor {
        let token = dashboard.access.sessions.token(for: 1000)?.secret.text ?? ""
        let answer = try post("/login", "token=\(token)")
        return try visitor(answer)
    }

    /// Signs in at the provider.
    func signIn(as person: DashboardPerson) throws -> (answer: HTTPText, visitor: Visitor?) {
        people.coming.withLock { $0 = person }
        let begun = try ask("GET", "/login/people/corporate")
        let cookie = (begun["set-cookie"] ?? "").prefix { $0 != ";" }
        let answer = try ask("GET", "/callback/corporate?code=c&state=s", ["Cookie: \(cookie)"])
        return (answer, answer.status == 200 ? try visitor(answer) : nil)
    }

    private func visitor(_ answer: HTTPText) throws -> Visitor {
        let set = answer.values("set-cookie").first { $0.hasPrefix("yett-dashboard=") } ?? ""
        let cookie = String(set.prefix { $0 != ";" })
        let page = try ask("GET", "/", ["Cookie: \(cookie)"]).text
        let marker = #"name="form" value=""#
        let start = page.range(of: marker)?.upperBound ?? page.endIndex
        return Visitor(cookie: cookie, form: String(page[start...].prefix { $0 != "\"" }))
    }

    /// Posts a form as a browser does from a page of the dashboard.
    func post(_ path: String, _ fields: String, as visitor: Visitor? = nil, origin: String? = nil) throws -> HTTPText {
        var head = ["Content-Type: application/x-www-form-urlencoded", "Origin: \(origin ?? self.origin)"]
        if let visitor { head.append("Cookie: \(visitor.cookie)") }
        return try ask("POST", path, head, body: visitor.map { "form=\($0.form)&\(fields)" } ?? fields)
    }
}

/// Time that a test moves on.
final class TestTime: Sendable {
    private let seconds = Mutex<Int64>(1_795_132_800)
    var value: Int64 { seconds.withLock { $0 } }
    func pass(_ amount: Int64) { seconds.withLock { $0 += amount } }
}

/// A provider that says of everybody who comes what the test wants.
final class FakePeople: DashboardPeople {
    static let roles = DashboardRoles([
        .viewer: .init(groups: ["everybody"]), .operator: .init(people: ["https://login.test#olga"]),
        .admin: .init(groups: ["roots"]),
    ])

    let coming = Mutex(DashboardPerson(name: "https://login.test#nobody", groups: []))
    private let sessions = Mutex<[String: DashboardPerson]>([:])

    var providers: [String] { ["corporate"] }

    func begin(at provider: String, redirect: String) async throws -> DashboardSignIn {
        DashboardSignIn(location: "https://login.test/authorize?redirect_uri=\(redirect)", state: provider)
    }

    func finish(_ signIn: DashboardSignIn, query: String) async throws -> String {
        guard query == "code=c&state=s" else { throw AdminError(.forbidden, "not signed in") }
        let secret = "s\(UInt64.random(in: .min ... .max))"
        let person = coming.withLock { $0 }
        sessions.withLock { $0[secret] = person }
        return secret
    }

    func person(session: String) async throws -> DashboardPerson {
        guard let person = sessions.withLock({ $0[session] }) else { throw AdminError(.forbidden, "over") }
        return person
    }

    func end(session: String) { sessions.withLock { $0[session] = nil } }

    /// The provider says something else of everybody.
    func change(_ body: (inout DashboardPerson) -> Void) {
        sessions.withLock { sessions in
            for key in sessions.keys { if var person = sessions[key] { body(&person); sessions[key] = person } }
        }
    }

    func endAll() { sessions.withLock { $0 = [:] } }
}
