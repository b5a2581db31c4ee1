// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Identity
import IdentityPlane
import Protocols
import Testing

@Suite struct SessionTests {
    private let bench: PeopleBench

    init() throws { bench = try PeopleBench() }

    // MARK: F-23

    @Test("F-23: a group that the provider took away is gone within the refresh bound")
    func groups() async throws {
        let session = try await bench.commandLine(try await bench.signedIn())
        #expect(try await bench.service.person(session: session).claims.groups == ["staff"])
        bench.provider.set { $0.groups = [] }
        bench.clock.advance(299)
        #expect(try await bench.service.person(session: session).claims.groups == ["staff"])
        bench.clock.advance(1)
        #expect(try await bench.service.person(session: session).claims.groups == [])
        #expect(bench.provider.count("/token") == 2)
    }

    @Test("F-23: a person whom the provider does not know any more has no session")
    func withdrawn() async throws {
        let browser = try await bench.signedIn()
        let session = try await bench.commandLine(browser)
        bench.provider.set { $0.refreshTokens = [] }
        bench.clock.advance(300)
        await #expect(throws: PeopleError.self) { try await bench.service.person(session: session) }
        #expect(await browser.whoami(session).status == 401)
        #expect(await browser.get("/device").field("Location") == "/login?next=%2Fdevice")
        #expect(bench.reported.all.contains { $0.hasPrefix("ended") })
    }

    @Test("F-23: while the provider cannot be asked, nobody acts on what it said long ago")
    func unavailable() async throws {
        let browser = try await bench.signedIn()
        let session = try await bench.commandLine(browser)
        bench.provider.set { $0.tokenStatus = 500 }
        bench.clock.advance(300)
        #expect(await browser.whoami(session).status == 503)
        #expect(await browser.get("/device").status == 503)
        bench.provider.set { $0.tokenStatus = 200 }
        #expect(await browser.whoami(session).status == 200)
    }

    @Test("F-23: without a refresh token userinfo is asked, and its refusal ends the session")
    func userInfo() async throws {
        bench.provider.set { $0.givesRefreshToken = false }
        let browser = try await bench.signedIn()
        bench.provider.set { $0.groups = ["other"] }
        bench.clock.advance(300)
        #expect(await browser.get("/").text.contains("other"))
        bench.provider.set { $0.userInfoStatus = 401 }
        bench.clock.advance(300)
        #expect(await browser.get("/device").status == 303)
        #expect(browser.session == nil || bench.reported.all.contains { $0.hasPrefix("ended") })
    }

    @Test("F-23: a refresh token that was given before the provider failed is the one for the next try")
    func rotation() async throws {
        // Groups are asked for at userinfo.
        bench.provider.set { $0.claims = ["groups": nil] }
        let session = try await bench.commandLine(try await bench.signedIn())
        bench.provider.set { state in
            state.userInfoStatus = 503
            state.groups = ["fewer"]
        }
        bench.clock.advance(300)
        #expect(await bench.browser().whoami(session).status == 503)
        bench.provider.set { $0.userInfoStatus = 200 }
        #expect(await bench.browser().whoami(session).status == 200)
        #expect(try await bench.service.person(session: session).claims.groups == ["fewer"])
        #expect(!bench.reported.all.contains { $0.hasPrefix("ended") })
    }

    @Test("F-23: a provider with metadata or keys that are none for a while ends no session")
    func brokenProvider() async throws {
        let session = try await bench.commandLine(try await bench.signedIn())
        bench.clock.advance(900)
        bench.provider.set { $0.keys = Array("<html>".utf8) }
        #expect(await bench.browser().whoami(session).status == 503)
        bench.provider.set { $0.keys = nil }
        bench.clock.advance(10)
        #expect(await bench.browser().whoami(session).status == 200)
        bench.clock.advance(2700)
        bench.provider.set { $0.metadata = ["issuer": "https://other.example"] }
        #expect(await bench.browser().whoami(session).status == 503)
        bench.provider.set { $0.metadata = [:] }
        bench.clock.advance(5)
        #expect(await bench.browser().whoami(session).status == 200)
        #expect(!bench.reported.all.contains { $0.hasPrefix("ended") })
    }

    // MARK: Signals

    @Test func `The provider is asked about a person at once when somebody says that things changed`() async throws {
        let person = "\(bench.provider.issuer)#alice"
        let session = try await bench.commandLine(try await bench.signedIn())
        bench.provider.set { $0.groups = ["fewer"] }
        #expect(await bench.service.ask(about: "\(bench.provider.issuer)#bob", why: "w") == 0)
        #expect(try await bench.service.person(session: session).claims.groups == ["staff"])
        #expect(await bench.service.ask(about: person, why: "w") == 1)
        #expect(try await bench.service.person(session: session).claims.groups == ["fewer"])
        // What was said to have changed does not count on while nobody can be asked.
        bench.provider.set { $0.tokenStatus = 500 }
        #expect(await bench.service.ask(about: person, why: "w") == 1)
        await #expect(throws: PeopleError.self) { try await bench.service.person(session: session) }
        #expect(bench.reported.all.contains { $0.hasPrefix("ended") })
    }

    @Test func `Sessions that rest on a later sign-in outlive the end of the earlier ones`() async throws {
        let person = "\(bench.provider.issuer)#alice"
        let first = try await bench.commandLine(try await bench.signedIn())
        bench.clock.advance(100)
        bench.provider.set { $0.authenticationTime = 1_800_000_100 }
        let second = try await bench.commandLine(try await bench.signedIn())
        #expect(bench.service.end(person: person, why: "w", signedInUntil: 1_799_999_999) == 0)
        #expect(bench.service.end(person: person, why: "w", signedInUntil: 1_800_000_050) > 0)
        await #expect(throws: PeopleError.self) { try await bench.service.person(session: first) }
        #expect(try await bench.service.person(session: second).claims.person.subject == "alice")
    }

    @Test("F-23: a renewal for another person ends the session")
    func otherPerson() async throws {
        let browser = try await bench.signedIn()
        bench.provider.set { $0.subject = "mallory" }
        bench.clock.advance(300)
        #expect(await browser.get("/device").status == 303)
    }

    @Test("F-23: those on whose behalf something acts are asked about without being there")
    func held() async throws {
        let session = try await bench.commandLine(try await bench.signedIn())
        let person = try await bench.service.person(session: session)
        #expect(bench.service.hold(person.signIn, until: bench.clock.now + 10_000))
        bench.provider.set { $0.groups = ["less"] }
        bench.clock.advance(151)
        await bench.service.maintain()
        #expect(bench.reported.all.contains { $0.hasPrefix("renewed") && $0.contains("less") })
        bench.provider.set { $0.isDown = true }
        bench.clock.advance(200)
        await bench.service.maintain()
        #expect(!bench.reported.all.contains { $0.hasPrefix("ended") })
        bench.clock.advance(100)
        await bench.service.maintain()
        #expect(bench.reported.all.contains { $0.hasPrefix("ended") })
        #expect(!bench.service.hold(person.signIn, until: bench.clock.now + 10_000))
    }

    @Test("F-23: of a person for whom nothing acts any more the provider is asked no more")
    func released() async throws {
        let browser = try await bench.signedIn()
        let session = try await bench.commandLine(browser)
        let person = try await bench.service.person(session: session)
        #expect(bench.service.hold(person.signIn, until: bench.clock.now + 10_000))
        bench.service.release(person.signIn)
        bench.clock.advance(151)
        await bench.service.maintain()
        #expect(bench.provider.count("/token") == 1)
        #expect(await browser.whoami(session).status == 200)
        // Without sessions and without tasks nothing is left of it, at once.
        #expect(bench.service.hold(person.signIn, until: bench.clock.now + 10_000))
        _ = await browser.post("/logout", [("form", try await browser.formToken())])
        var request = PeopleRequest(method: "POST", path: "/logout")
        request.authorizations = ["Bearer \(session)"]
        #expect(await bench.browser().send(request).status == 204)
        bench.service.release(person.signIn)
        #expect(!bench.service.hold(person.signIn, until: bench.clock.now + 10_000))
    }

    @Test("a session that ends while a form is open leads to a page, not away")
    func formAfterTheEnd() async throws {
        let browser = try await bench.signedIn()
        let token = try await browser.formToken()
        bench.provider.set { $0.refreshTokens = [] }
        bench.clock.advance(300)
        let answer = await browser.post("/device", [("form", token), ("code", "BCDF-GHJK")])
        #expect(answer.status == 403 && answer.field("Location") == nil)
        #expect(answer.text.contains("href=\"/login?next=%2Fdevice\""))
    }

    @Test("a renewal that many ask for at once is made once")
    func singleRenewal() async throws {
        let session = try await bench.commandLine(try await bench.signedIn())
        bench.clock.advance(300)
        await withTaskGroup(of: Int.self) { group in
            for _ in 0..<20 { group.addTask { [bench] in await bench.browser().whoami(session).status } }
            for await status in group { #expect(status == 200) }
        }
        #expect(bench.provider.count("/token") == 2)
    }

    @Test("F-20: those who wait for a provider that does not answer do not ask it one after the other")
    func resting() async throws {
        let session = try await bench.commandLine(try await bench.signedIn())
        bench.clock.advance(300)
        let before = bench.provider.count("/token")
        bench.provider.set { $0.isDown = true }
        await withTaskGroup(of: Int.self) { group in
            for _ in 0..<50 { group.addTask { [bench] in await bench.browser().whoami(session).status } }
            for await status in group { #expect(status == 503) }
        }
        #expect(bench.provider.count("/token") == before + 1)
        bench.provider.set { $0.isDown = false }
        #expect(await bench.browser().whoami(session).status == 503)
        bench.clock.advance(3)
        #expect(await bench.browser().whoami(session).status == 200)
    }

    // MARK: Life

    @Test("a session ends when it is not used, and 8 hours after the sign-in whatever happens")
    func life() async throws {
        let idle = try await bench.commandLine(try await bench.signedIn())
        bench.clock.advance(3600)
        #expect(await bench.browser().whoami(idle).status == 401)
        let used = try await bench.commandLine(try await bench.signedIn())
        for _ in 0..<15 {
            bench.clock.advance(1800)
            #expect(await bench.browser().whoami(used).status == 200)
        }
        bench.clock.advance(1800)
        #expect(await bench.browser().whoami(used).status == 401)
    }

    @Test("a person's sessions are bounded, and so are all of them")
    func bounds() async throws {
        let bench = try PeopleBench { settings in
            settings.sessionsOfPerson = 2
            settings.sessions = 3
        }
        let first = try await bench.signedIn()
        _ = try await bench.signedIn()
        _ = try await bench.signedIn()
        #expect(await first.get("/device").status == 303)
        for (index, status) in [303, 503].enumerated() {
            bench.provider.set { $0.subject = "person-\(index)" }
            #expect(try await bench.browser().signIn().status == status)
        }
    }

    @Test("a cookie that was planted before the sign-in is not the session afterwards")
    func fixation() async throws {
        let attacker = try await bench.signedIn()
        let planted = try #require(attacker.session)
        let victim = bench.browser()
        victim.cookies = ["__Host-yett": planted]
        bench.provider.set { $0.subject = "victim" }
        #expect(try await victim.signIn().status == 303)
        #expect(victim.session != planted)
        #expect(await attacker.get("/device").status == 303)
        let invented = "yb_" + String(repeating: "A", count: 43)
        let other = bench.browser()
        other.cookies = ["__Host-yett": invented]
        _ = try await other.signIn()
        #expect(other.session != invented)
    }

    @Test("two cookies of one name are none")
    func cookieTossing() async throws {
        let browser = try await bench.signedIn()
        var request = PeopleRequest(path: "/device", authority: "gate.example.org:8443")
        request.cookies = ["__Host-yett=\(browser.session ?? "")", "__Host-yett=x"]
        #expect(await bench.service.answer(request).status == 303)
    }

    // MARK: Out

    @Test("a cookie is good for nothing after the way out")
    func logout() async throws {
        let browser = try await bench.signedIn()
        let cookies = browser.cookies
        let answer = await browser.post("/logout", [("form", try await browser.formToken())])
        #expect(answer.status == 303 && browser.cookies.isEmpty)
        browser.cookies = cookies
        #expect(await browser.get("/device").status == 303)
    }

    @Test("nobody is signed out by a page of somebody else's")
    func logoutForgery() async throws {
        let browser = try await bench.signedIn()
        let token = try await browser.formToken()
        #expect(await browser.post("/logout", []).status == 403)
        #expect(await browser.post("/logout", [("form", "yf_x")]).status == 403)
        let other = try await bench.signedIn().formToken()
        #expect(await browser.post("/logout", [("form", other)]).status == 403)
        #expect(await browser.post("/logout", [("form", token)]) { $0.origin = "https://evil.example" }.status == 403)
        #expect(await browser.post("/logout", [("form", token)]) { $0.fetchSite = "cross-site" }.status == 403)
        #expect(await browser.post("/logout", [("form", token)]) { $0.contentType = "text/plain" }.status == 403)
        #expect(await browser.get("/logout").status == 200)
        #expect(await browser.get("/device").status == 200)
    }

    @Test("a command line's session ends with its own way out, and the browser's stays")
    func commandLineLogout() async throws {
        let browser = try await bench.signedIn()
        let session = try await bench.commandLine(browser)
        var request = PeopleRequest(method: "POST", path: "/logout", authority: "gate.example.org:8443")
        request.authorizations = ["Bearer \(session)"]
        #expect(await bench.service.answer(request).status == 204)
        #expect(await bench.service.answer(request).status == 401)
        #expect(await browser.whoami(session).status == 401)
        #expect(await browser.get("/device").status == 200)
    }

    // MARK: F-24

    @Test("F-24: nothing but a command line's session opens the command line's pages")
    func otherSecrets() async throws {
        let browser = try await bench.signedIn()
        let tool = FakeProvider.sign(
            JSONObject(), with: bench.provider.signer, header: #"{"alg":"ES256","kid":"a","typ":"at+jwt"}"#)
        let body = (browser.session ?? "").dropFirst(3)
        for token in [tool, browser.session ?? "", "ys_\(body)", "th_\(body)", "", "x", "ys_" + tool] {
            #expect(await browser.whoami(token).status == 401)
            await #expect(throws: PeopleError.self) { try await bench.service.person(session: token) }
        }
        let session = try await bench.commandLine(browser)
        let other = bench.browser()
        other.cookies = ["__Host-yett": session]
        #expect(await other.get("/device").status == 303)
        other.cookies = ["__Host-yett": "yb_" + session.dropFirst(3)]
        #expect(await other.get("/device").status == 303)
        var request = PeopleRequest(path: "/whoami", authority: "gate.example.org:8443")
        request.authorizations = ["Bearer \(session)", "Bearer \(session)"]
        #expect(await bench.service.answer(request).status == 401)
    }

    // MARK: Step-up

    @Test("what takes a recent sign-in is refused with what to type, and done after one")
    func stepUp() async throws {
        let browser = try await bench.signedIn()
        let session = try await bench.commandLine(browser)
        #expect(try await bench.service.person(session: session, maximumAge: 60).claims.authenticationTime != nil)
        bench.clock.advance(120)
        do {
            _ = try await bench.service.person(session: session, maximumAge: 60)
            Issue.record("an old sign-in is recent")
        } catch {
            #expect(error.code == "step_up_required" && error.remedy == "yett login --max-age 60")
        }
        let device = try await browser.device([("max_age", "60")])
        let page = try await browser.approve(device.code)
        #expect(page.status == 403 && page.text.contains("max_age=60"))
        // The provider signs the person in again, and says when.
        let now = bench.clock.now
        bench.provider.set { $0.authenticationTime = now }
        #expect(try await browser.signIn(login: "next=%2Fdevice&max_age=60").field("Location") == "/device")
        #expect(try await browser.approve(device.code).text.contains("It is in"))
        let fresh = try #require(await browser.poll(device.secret).json["access_token"]?.string)
        #expect(try await bench.service.person(session: fresh, maximumAge: 60).claims.authenticationTime == now)
    }

    @Test("a provider that does not say when, or signs in somebody else, steps nobody up")
    func failedStepUp() async throws {
        let browser = try await bench.signedIn()
        bench.clock.advance(3000)
        #expect(try await browser.signIn(login: "max_age=60").status == 400)
        bench.provider.set { $0.authenticationTime = nil }
        #expect(try await browser.signIn(login: "max_age=60").status == 400)
        let now = bench.clock.now
        bench.provider.set { state in
            state.authenticationTime = now
            state.subject = "mallory"
        }
        #expect(try await browser.signIn(login: "max_age=60").status == 400)
        #expect(await browser.get("/login", query: "max_age=0").status == 400)
    }
}
