// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import Synchronization
import Testing

@testable import AdminPlane

/// Who gets in, how, and for how long.
@Suite struct DashboardAccessTests {
    @Test("signs in with a token once, within a minute, and out again")
    func token() async throws {
        try await DashboardServer.run { server in
            let sessions = server.dashboard.access.sessions
            let token = try #require(sessions.token(for: 1000)).secret.text
            let answer = try server.post("/login", "token=\(token)")
            #expect(answer.status == 303 && answer["location"] == "/")
            let cookie = try #require(answer["set-cookie"])
            #expect(cookie.hasSuffix("; Path=/; HttpOnly; SameSite=Strict"))
            #expect(try server.post("/login", "token=\(token)").status == 403)

            let late = try #require(sessions.token(for: 1000)).secret.text
            server.time.pass(60)
            #expect(try server.post("/login", "token=\(late)").status == 403)

            let visitor = try server.signIn()
            #expect(try server.ask("GET", "/", ["Cookie: \(visitor.cookie)"]).text.contains("user 1000"))
            let out = try server.post("/logout", "go=out", as: visitor)
            #expect(out["set-cookie"]?.contains("Max-Age=0") == true)
            #expect(try server.ask("GET", "/", ["Cookie: \(visitor.cookie)"]).status == 303)
        }
    }

    @Test("lets nobody in without a session, and shows nothing but the way in")
    func strangers() async throws {
        try await DashboardServer.run { server in
            for place in Page.Place.allCases {
                let answer = try server.ask("GET", place.rawValue)
                #expect(answer.status == 303 && answer["location"] == "/login", "\(place)")
            }
            for path in ["/decisions/d-1", "/approvals/a-1", "/audit/proofs/1", "/events", "/nothing"] {
                #expect(try server.ask("GET", path).status == 303, "\(path)")
            }
            #expect(try server.ask("GET", "/login").status == 200)
            #expect(try server.ask("GET", "/v1/status").status == 401)
            for path in [
                "/v1/../v1/status", "//v1/status", "/v1//status", "/V1/status", "/assets/../v1/status", "/login/../",
            ] {
                #expect([303, 401].contains(try server.ask("GET", path).status), "\(path)")
            }
            #expect(server.gate.calls == [])
        }
    }

    @Test("opens nothing for a cookie that was planted, guessed, of another kind or there twice")
    func cookies() async throws {
        try await DashboardServer.run { server in
            let visitor = try server.signIn()
            let secret = visitor.cookie.dropFirst("yett-dashboard=".utf8.count)
            for cookie in [
                "yett-dashboard=yo_" + String(repeating: "A", count: 43), "yett-dashboard=\(visitor.form)",
                "yett-dashboard=\(secret)A", "yett-dashboard=\(secret.uppercased())", "yett-dashboard=",
                "yett-dashboard=\(secret); yett-dashboard=\(secret)", "\u{79}ett-Dashboard=\(secret)",
            ] {
                #expect(try server.ask("GET", "/", ["Cookie: \(cookie)"]).status == 303, "\(cookie)")
            }
            // A session of before is not made the new one.
            let token = try #require(server.dashboard.access.sessions.token(for: 1000)).secret.text
            let planted = "yett-dashboard=yo_" + String(repeating: "B", count: 43)
            let answer = try server.ask(
                "POST", "/login",
                ["Cookie: \(planted)", "Origin: \(server.origin)", "Content-Type: application/x-www-form-urlencoded"],
                body: "token=\(token)")
            #expect(answer.status == 303 && answer["set-cookie"]?.hasPrefix(planted) == false)
            #expect(try server.ask("GET", "/", ["Cookie: \(planted)"]).status == 303)
        }
    }

    @Test("ends a session after its idle and its longest time; what a page fetches by itself does not count as use")
    func ends() async throws {
        try await DashboardServer.run { server in
            let visitor = try server.signIn()
            func status(_ fields: [String] = []) throws -> Int {
                try server.ask("GET", "/", ["Cookie: \(visitor.cookie)"] + fields).status
            }
            server.time.pass(1700)
            #expect(try status(["Yett-Refresh: 1"]) == 200)
            server.time.pass(100)
            #expect(try status() == 303)

            let other = try server.signIn()
            for _ in 0..<16 {
                server.time.pass(1799)
                _ = try server.ask("GET", "/", ["Cookie: \(other.cookie)"])
            }
            server.time.pass(100)
            #expect(try server.ask("GET", "/", ["Cookie: \(other.cookie)"]).status == 303)
        }
    }

    @Test("answers under its own name only, so that no foreign name leads here")
    func rebinding() async throws {
        try await DashboardServer.run { server in
            let visitor = try server.signIn()
            for host in [
                "evil.test", "evil.test:\(server.port)", "127.0.0.1", "127.0.0.1:1", "localhost:\(server.port)",
                "[::1]:\(server.port)", "127.0.0.1:\(server.port).evil.test",
            ] {
                let answer = try server.ask("GET", "/v1/status", ["Cookie: \(visitor.cookie)"], host: host)
                #expect([400, 421].contains(answer.status), "\(host) \(answer.status)")
                #expect([400, 421].contains(try server.ask("GET", "/login", host: host).status), "\(host)")
            }
        }
    }

    @Test("gives people the role of their groups, and those without one a page that says which group would do")
    func people() async throws {
        try await DashboardServer.run { server in
            let nobody = try server.signIn(as: DashboardPerson(name: "https://login.test#eve", groups: ["sales"]))
                .answer
            #expect(nobody.status == 403 && nobody.text.contains("viewer: everybody") && nobody.text.contains("sales"))
            #expect(nobody.values("set-cookie").allSatisfy { !$0.hasPrefix("yett-dashboard=y") })

            let viewer = try #require(
                try server.signIn(as: DashboardPerson(name: "https://login.test#v", groups: ["everybody"])).visitor)
            for action in ["cut", "quarantine", "release", "stop", "approve", "refuse", "reload", "approve-tool"] {
                let answer = try server.post("/actions/\(action)", "agent=a&approval=a-1&task=t-1&why=w", as: viewer)
                #expect(answer.status == 403, "\(action)")
            }
            #expect(!(try server.ask("GET", "/approvals", ["Cookie: \(viewer.cookie)"]).text.contains("/actions/")))

            let olga = try #require(
                try server.signIn(as: DashboardPerson(name: "https://login.test#olga", groups: [])).visitor)
            #expect(try server.post("/actions/approve", "approval=a-1&next=/approvals", as: olga).status == 303)
            #expect(try server.post("/actions/reload", "next=/policy", as: olga).status == 403)
            #expect(
                server.gate.calls.filter { $0.contains(" by ") } == ["approve a-1 by person:https://login.test#olga"])

            // What the provider takes back is gone with the next request.
            server.people.change { $0.groups = ["roots"] }
            #expect(try server.ask("GET", "/policy", ["Cookie: \(olga.cookie)"]).text.contains("/actions/reload"))
            server.people.endAll()
            #expect(try server.ask("GET", "/", ["Cookie: \(olga.cookie)"]).status == 303)
        }
    }

    @Test("takes the provider's answer of the browser that began the sign-in, and once")
    func callback() async throws {
        try await DashboardServer.run { server in
            #expect(try server.ask("GET", "/callback/corporate?code=c&state=s").status == 403)
            #expect(try server.ask("GET", "/login/people/other").status == 404)
            let begun = try server.ask("GET", "/login/people/corporate")
            let cookie = String((begun["set-cookie"] ?? "").prefix { $0 != ";" })
            #expect(begun["set-cookie"]?.contains("SameSite=Lax") == true)
            #expect(try server.ask("GET", "/callback/corporate?code=x", ["Cookie: \(cookie)"]).status == 403)
            #expect(try server.ask("GET", "/callback/corporate?code=c&state=s", ["Cookie: \(cookie)"]).status == 403)
        }
    }

    @Test("serves the API to programs with a token for as long and as far as it goes")
    func programs() async throws {
        try await DashboardServer.run { server in
            let sessions = server.dashboard.access.sessions
            let viewer =
                "Authorization: Bearer " + (try #require(sessions.program(for: 7, .viewer, seconds: 60))).secret.text
            let admin =
                "Authorization: Bearer " + (try #require(sessions.program(for: 7, .admin, seconds: 600))).secret.text
            #expect(try server.ask("GET", "/v1/status", [viewer]).status == 200)
            #expect(try server.ask("POST", "/v1/cut", [viewer], body: #"{"agent":"a"}"#).status == 403)
            #expect(try server.ask("POST", "/v1/cut", [admin], body: #"{"agent":"a"}"#).status == 200)
            #expect(server.gate.calls.filter { $0.hasPrefix("cut") } == ["cut a by 7"])
            #expect(try server.ask("GET", "/", [admin]).status == 403)
            #expect(try server.ask("GET", "/v1/tasks/t-1", [viewer]).status == 200)
            #expect(try server.ask("POST", "/v1/tasks/t-1/stop", [viewer], body: "{}").status == 403)
            #expect(try server.ask("POST", "/v1/tasks/t-1/stop", [admin], body: "{}").status == 200)
            #expect(try server.ask("DELETE", "/v1/entries/e1", [viewer]).status == 403)
            // Every route of the socket is in the table, or nobody gets there.
            for operation in APIOperation.all where operation.role != nil {
                let path = operation.path.split(separator: "/").map { $0.first == "{" ? "1" : String($0) }
                let answer = try server.ask(
                    operation.method, "/" + path.joined(separator: "/"), [admin], body: operation.body.map { _ in "{}" }
                )
                #expect(![401, 403, 405].contains(answer.status), "\(operation.id) \(answer.text)")
            }
            for path in ["launches", "stdio", "sandboxes", "dashboard/tokens", "dashboard/programs"] {
                let answer = try server.ask("POST", "/v1/\(path)", [admin], body: #"{"agent":"a","uid":5}"#)
                #expect(answer.status == 403, "\(path)")
            }
            #expect(try server.ask("POST", "/v1/data/a", [admin], body: "{}").status == 404)
            let method = try server.ask("PUT", "/v1/status", [viewer])
            #expect(method.status == 405 && method["allow"] == "GET")
            #expect(try server.ask("GET", "/v1/status", [viewer, viewer]).status == 401)
            server.time.pass(60)
            let over = try server.ask("GET", "/v1/status", [viewer])
            #expect(over.status == 401 && over["www-authenticate"] == "Bearer")
        }
    }
}
