// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Identity
import IdentityPlane
import Protocols
import Testing

@Suite struct DeviceFlowTests {
    private let bench: PeopleBench

    init() throws { bench = try PeopleBench() }

    @Test("a command line is let in by the person who types its code")
    func flow() async throws {
        let browser = try await bench.signedIn()
        let device = try await browser.device()
        #expect(await browser.poll(device.secret).json["error"]?.string == "authorization_pending")
        let token = try await browser.formToken()
        let page = await browser.post("/device", [("form", token), ("code", device.code.lowercased())])
        #expect(
            page.text.contains("alice@laptop") && page.text.contains("192.0.2.7") && page.text.contains(device.code))
        let done = await browser.post(
            "/device/decision", [("form", token), ("code", device.code), ("decision", "approve")])
        #expect(done.status == 200)
        bench.clock.advance(5)
        let reply = await browser.poll(device.secret)
        #expect(reply.status == 200 && reply.json["token_type"]?.string == "Bearer")
        let session = try #require(reply.json["access_token"]?.string)
        let who = await browser.whoami(session).json
        #expect(who["issuer"]?.string == "https://idp.example.org" && who["subject"]?.string == "alice")
        #expect(who["auth_time"]?.integer == 1_800_000_000)
    }

    @Test("a device code opens one session, however many ask at once")
    func singleUse() async throws {
        let browser = try await bench.signedIn()
        let device = try await browser.device()
        _ = try await browser.approve(device.code)
        let opened = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<64 { group.addTask { await browser.poll(device.secret).status } }
            return await group.reduce(0) { $0 + ($1 == 200 ? 1 : 0) }
        }
        #expect(opened == 1)
    }

    @Test("a device that asks too often is told to slow down, each time for longer")
    func slowDown() async throws {
        let browser = try await bench.signedIn()
        let device = try await browser.device()
        for (wait, error) in [
            (0, "authorization_pending"), (4, "slow_down"), (5, "slow_down"), (14, "slow_down"),
            (20, "authorization_pending"), (20, "authorization_pending"),
        ] as [(Int64, String)] {
            bench.clock.advance(wait)
            #expect(await browser.poll(device.secret).json["error"]?.string == error, "after \(wait)")
        }
    }

    @Test("a code that was turned away, used, or is too old lets nobody in")
    func ends() async throws {
        let browser = try await bench.signedIn()
        let denied = try await browser.device()
        #expect(try await browser.approve(denied.code, "deny").status == 200)
        #expect(await browser.poll(denied.secret).json["error"]?.string == "access_denied")
        #expect(await browser.poll(denied.secret).json["error"]?.string == "invalid_grant")
        let used = try await browser.device()
        #expect(try await browser.approve(used.code).status == 200)
        #expect(try await browser.approve(used.code).status == 400)
        let old = try await browser.device()
        bench.clock.advance(600)
        #expect(try await browser.approve(old.code).status == 400)
        #expect(await browser.poll(old.secret).json["error"]?.string == "expired_token")
    }

    @Test("an approval of a person who signed out since is worth nothing")
    func signedOut() async throws {
        let browser = try await bench.signedIn()
        let device = try await browser.device()
        _ = try await browser.approve(device.code)
        _ = await browser.post("/logout", [("form", try await browser.formToken())])
        #expect(await browser.poll(device.secret).json["error"]?.string == "access_denied")
    }

    @Test("requests of other clients, grants and forms are refused")
    func refusals() async throws {
        let browser = bench.browser()
        let grant = "urn:ietf:params:oauth:grant-type:device_code"
        for (path, fields, error) in [
            ("/device_authorization", [], "invalid_request"),
            ("/device_authorization", [("client_id", "other")], "invalid_client"),
            ("/device_authorization", [("client_id", "yett"), ("max_age", "1")], "invalid_request"),
            ("/token", [("client_id", "yett")], "unsupported_grant_type"),
            ("/token", [("client_id", "yett"), ("grant_type", "authorization_code")], "unsupported_grant_type"),
            ("/token", [("client_id", "yett"), ("grant_type", grant)], "invalid_grant"),
            ("/token", [("client_id", "yett"), ("grant_type", grant), ("device_code", "BCDF-GHJK")], "invalid_grant"),
            ("/token", [("client_id", "x"), ("grant_type", grant)], "invalid_client"),
        ] as [(String, [(name: String, value: String)], String)] {
            #expect(await browser.post(path, fields).json["error"]?.string == error)
        }
        let foreign = await browser.post("/device_authorization", [("client_id", "yett")]) { request in
            request.origin = "https://evil.example"
        }
        #expect(foreign.json["error"]?.string == "invalid_request")
        let twice = await browser.post("/token", [("client_id", "yett"), ("client_id", "yett")])
        #expect(twice.json["error"]?.string == "invalid_request")
    }

    // MARK: The page

    @Test("nobody lets a command line in from a page of somebody else's")
    func forgery() async throws {
        let browser = try await bench.signedIn()
        let device = try await browser.device()
        let token = try await browser.formToken()
        let other = try await bench.signedIn().formToken()
        let fields = [(name: "code", value: device.code), ("decision", "approve")]
        let form = [(name: "form", value: token)]
        for path in ["/device", "/device/decision"] {
            #expect(await browser.post(path, fields).status == 403)
            #expect(await browser.post(path, fields + [("form", other)]).status == 403)
            #expect(await browser.post(path, fields + form) { $0.origin = "null" }.status == 403)
            #expect(await browser.post(path, fields + form) { $0.fetchSite = "same-site" }.status == 403)
            #expect(await browser.post(path, fields + form) { $0.contentType = nil }.status == 403)
        }
        // Where a form leads must not leave our pages: its author may have forbidden that.
        let stranger = await bench.browser().post("/device/decision", fields + form)
        #expect(stranger.status == 403 && stranger.field("Location") == nil)
        #expect(stranger.text.contains("href=\"/login?next=%2Fdevice\""))
        #expect(await browser.poll(device.secret).json["error"]?.string == "authorization_pending")
    }

    @Test("the page fills no code in, and shows names as text")
    func page() async throws {
        let browser = try await bench.signedIn()
        let answer = await browser.get("/device", query: "user_code=BCDF-GHJK&code=BCDF-GHJK")
        #expect(answer.status == 200 && !answer.text.contains("BCDF"))
        let hostile = await browser.post(
            "/device_authorization", [("client_id", "yett"), ("label", "<script>\"'\u{202e}\u{0007}")])
        #expect(hostile.status == 400)
        let marked = await browser.post(
            "/device_authorization", [("client_id", "yett"), ("label", "<script>\"'\u{202e}")])
        let code = try #require(marked.json["user_code"]?.string)
        let shown = await browser.post("/device", [("form", try await browser.formToken()), ("code", code)])
        #expect(shown.text.contains("&lt;script&gt;&quot;&#39;\u{fffd}") && !shown.text.contains("<script>"))
    }

    @Test("codes cannot be guessed: a person may try a few, all people together some more")
    func guessing() async throws {
        let browser = try await bench.signedIn()
        let device = try await browser.device()
        let token = try await browser.formToken()
        for _ in 0..<10 {
            #expect(await browser.post("/device", [("form", token), ("code", "BBBB-BBBB")]).status == 400)
        }
        #expect(await browser.post("/device", [("form", token), ("code", device.code)]).status == 400)
        bench.clock.advance(300)
        #expect(await browser.post("/device", [("form", token), ("code", device.code)]).status == 200)
    }

    @Test("devices that wait are bounded")
    func flood() async throws {
        let browser = bench.browser()
        for _ in 0..<60 { _ = try await browser.device() }
        let answer = await browser.post("/device_authorization", [("client_id", "yett")])
        #expect(answer.status == 429)
    }
}
