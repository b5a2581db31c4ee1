// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import Synchronization
import Testing

@testable import AdminPlane

/// What pages of other places, agents with chosen names and slow readers try.
@Suite struct DashboardAttackTests {
    @Test("does nothing that a page of another place asks for")
    func forgery() async throws {
        try await DashboardServer.run { server in
            let visitor = try server.signIn()
            let type = "Content-Type: application/x-www-form-urlencoded"
            let (cookie, form) = ("Cookie: \(visitor.cookie)", "form=\(visitor.form)&agent=a&next=/")
            let own = "Origin: \(server.origin)"
            let attempts: [([String], String)] = [
                ([cookie, type, "Origin: https://evil.test"], form), ([cookie, type, "Origin: null"], form),
                ([cookie, type], form), ([cookie, type, own, "Sec-Fetch-Site: cross-site"], form),
                ([cookie, type, own, "Sec-Fetch-Site: same-site"], form), ([cookie, type, own, own], form),
                ([cookie, type, "Origin: http://127.0.0.1:\(server.port)0"], form),
                ([cookie, type, own], "agent=a&next=/"), ([cookie, type, own], "form=yw_x&agent=a"),
                ([cookie, type, own], "form=\(visitor.form)&form=\(visitor.form)&agent=a"),
                ([cookie, "Content-Type: text/plain", own], form), ([cookie, own], form),
                ([cookie, type, type, own], form), ([type, own], form),
                ([cookie, type, own], "form=\(visitor.form)&agent=a%00b"),
            ]
            for (fields, body) in attempts {
                let status = try server.ask("POST", "/actions/cut", fields, body: body).status
                #expect([400, 403].contains(status), "\(fields) \(body) \(status)")
            }
            let json = #"{"agent":"a"}"#
            for fields in [
                [cookie], [cookie, own], [cookie, "Yett-Form: \(visitor.form)"],
                [cookie, "Origin: https://evil.test", "Yett-Form: \(visitor.form)"], [cookie, own, "Yett-Form: x"],
                [cookie, own, "Yett-Form: \(visitor.form)", "Yett-Form: \(visitor.form)"],
            ] {
                #expect(try server.ask("POST", "/v1/cut", fields, body: json).status == 403, "\(fields)")
            }
            #expect(server.gate.calls.allSatisfy { !$0.hasPrefix("cut") })
            // Another session's form is none of this one's.
            let other = try server.signIn()
            let mixed = try server.ask("POST", "/actions/cut", [cookie, type, own], body: "form=\(other.form)&agent=a")
            #expect(mixed.status == 403)
            let done = try server.ask("POST", "/v1/cut", [cookie, own, "Yett-Form: \(visitor.form)"], body: json)
            #expect(done.status == 200)
            #expect(try server.post("/actions/cut", "agent=a&next=/", as: visitor).status == 303)
            #expect(server.gate.calls.count { $0 == "cut a by 1000" } == 2)
        }
    }

    @Test("judges the route that is found, however its address is spelled")
    func spellings() async throws {
        try await DashboardServer.run { server in
            let person = DashboardPerson(name: "https://login.test#v", groups: ["everybody"])
            let viewer = try #require(try server.signIn(as: person).visitor)
            let token = try #require(server.dashboard.access.sessions.program(for: 7, .viewer, seconds: 60)).secret.text
            for path in [
                "/v1/reload", "//v1/reload", "/v1//reload", "/v1/reload/", "///v1///reload//", "/%76%31/reload",
                "/v1/%72eload", "/V1/reload", "/v1/./reload", "/v1/x/../reload", "/v1\\reload", "/v1/reload?x",
                "/v1/reload;x",
                "http://127.0.0.1:\(server.port)/v1/reload", "/login/../v1/reload", "/assets//v1/reload",
            ] {
                for answer in [
                    try server.post(path, "x=1", as: viewer),
                    try server.ask("POST", path, ["Authorization: Bearer \(token)"]),
                    try server.ask("POST", path),
                ] { #expect((400..<500).contains(answer.status), "\(path) \(answer.status)") }
            }
            #expect(!server.gate.calls.contains { $0.hasPrefix("reload") })
            #expect(try server.post("//actions//reload", "x=1", as: viewer).status == 403)
        }
    }

    @Test("shows chosen names as text, whatever they are made of")
    func chosenNames() async throws {
        try await DashboardServer.run { server in
            let visitor = try server.signIn()
            let names = [
                "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)",
                // One Character each, so that what escapes by characters lets them through.
                "\"\u{301} autofocus onfocus=alert(1) x=\"\u{301}", "<\u{200d}b>", "&lt;b&gt;", "a\u{202e}b\u{2066}",
                "javascript:alert(1)", "{{7*7}}", "</svg><script>alert(1)</script>", "</title><b>",
            ]
            for name in names {
                server.gate.chosenName.withLock { $0 = name }
                for path in [
                    "/", "/decisions", "/tasks", "/approvals", "/approvals/a-1", "/tools", "/audit", "/sandbox",
                ] {
                    let answer = try server.ask("GET", path, ["Cookie: \(visitor.cookie)"])
                    #expect(answer.status == 200, "\(path) \(answer.text)")
                    let bytes = Array(answer.text.utf8)
                    for forbidden in [
                        "<script>alert", "<img", "onerror=alert(1)>", "' onmouseover='", "\"\u{301}", "<\u{200d}b",
                        "</svg><script", "</title><b>", "href=\"javascript:",
                    ] {
                        #expect(!Self.contains(bytes, forbidden), "\(path): \(forbidden)")
                    }
                    #expect(!answer.text.unicodeScalars.contains { ["\u{202e}", "\u{2066}", "\u{200d}"].contains($0) })
                }
            }
        }
    }

    private static func contains(_ bytes: [UInt8], _ text: String) -> Bool {
        let wanted = Array(text.utf8)
        return bytes.indices.contains { bytes[$0...].starts(with: wanted) }
    }

    @Test("tells browsers to run, load and frame nothing foreign, on every answer")
    func headers() async throws {
        try await DashboardServer.run { server in
            let visitor = try server.signIn()
            for (path, fields) in [
                ("/", ["Cookie: \(visitor.cookie)"]), ("/login", []), ("/v1/status", []), ("/assets/style.css", []),
                ("/nothing", ["Cookie: \(visitor.cookie)"]),
            ] {
                let answer = try server.ask("GET", path, fields)
                let policy = try #require(answer["content-security-policy"])
                #expect(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"))
                #expect(!policy.contains("unsafe"))
                #expect(answer["x-content-type-options"] == "nosniff" && answer["cache-control"] == "no-store")
                #expect(
                    answer["cross-origin-opener-policy"] == "same-origin" && answer["referrer-policy"] == "same-origin")
                #expect(!answer.text.contains("style=\"") && !answer.text.contains(" onclick"))
            }
        }
    }

    @Test("bounds what it reads: forms, addresses, fields")
    func sizes() async throws {
        try await DashboardServer.run { server in
            let visitor = try server.signIn()
            let long = String(repeating: "a", count: 70_000)
            #expect(try server.post("/actions/cut", "why=\(long)", as: visitor).status == 413)
            let many = (0..<40).map { "f\($0)=1" }.joined(separator: "&")
            #expect(try server.post("/actions/cut", many, as: visitor).status == 400)
            #expect(
                try server.ask("GET", "/decisions?host=\(long.prefix(5000))", ["Cookie: \(visitor.cookie)"]).status
                    == 400)
            for query in [
                "agent=a&agent=b", "since=yesterday", "before=-1", "before=99999999999999999999", "host=%ff",
                "since=2026-13-01",
            ] {
                #expect(
                    try server.ask("GET", "/decisions?\(query)", ["Cookie: \(visitor.cookie)"]).status == 400,
                    "\(query)")
            }
            #expect(
                try server.ask("GET", "/audit?index=18446744073709551615", ["Cookie: \(visitor.cookie)"]).status == 400)
            // Where an action leads back to is one of the pages and nothing else.
            for next in ["https://evil.test/", "//evil.test", "/login", "/%0d%0aSet-Cookie:x", "javascript:x"] {
                let answer = try server.post(
                    "/actions/cut", "agent=a&next=\(next.replacing("%", with: "%25"))", as: visitor)
                #expect(answer.status == 303 && answer["location"] == "/", "\(next)")
            }
        }
    }

    @Test("keeps few tokens, sessions and streams, and lets go of who left")
    func bounds() async throws {
        try await DashboardServer.run(streams: 2) { server in
            let sessions = server.dashboard.access.sessions
            let tokens = (0..<200).compactMap { _ in sessions.token(for: 1) }
            #expect(tokens.count == DashboardSessions.mostWaiting)
            server.time.pass(60)
            let first = try server.signIn()
            #expect(try server.ask("GET", "/events").status == 303)
            func follow() throws -> (RawSocket, String) {
                let socket = try RawSocket.connect(port: UInt16(server.port))
                try socket.write(
                    "GET /events HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\nCookie: \(first.cookie)\r\n\r\n")
                return (socket, String(decoding: try socket.read(through: "\r\n\r\n"), as: UTF8.self))
            }
            let (one, two) = (try follow(), try follow())
            #expect(one.1.hasPrefix("HTTP/1.1 200") && one.1.contains("text/event-stream"))
            #expect(try follow().1.hasPrefix("HTTP/1.1 429"))
            #expect(try one.0.read(through: #""pages":["#).count > 0)
            two.0.close()
            #expect(try comesTrue { try follow().1.hasPrefix("HTTP/1.1 200") })
            // A session that ends ends its stream.
            _ = try server.post("/logout", "go=out", as: first)
            #expect(try one.0.read(through: "event: end").count > 0)
            for _ in 0..<300 { _ = sessions.open(.user(1)) }
            #expect(try server.ask("GET", "/", ["Cookie: \(first.cookie)"]).status == 303)
        }
    }
}
