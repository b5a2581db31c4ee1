// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Identity
import IdentityPlane
import Protocols
import Synchronization
import Testing

/// The relying party with one provider, a clock that stands still, and everything that was reported.
final class PeopleBench: Sendable {
    let clock: BenchClock
    let reported: EventList
    let provider: FakeProvider
    let client: ProviderClient
    let service: PeopleService

    init(settings change: (inout PeopleSettings) -> Void = { _ in }) throws {
        let clock = BenchClock()
        provider = try FakeProvider(now: { clock.now })
        let registration = OpenIDProvider(
            name: "corp", issuer: try #require(ProviderURL("https://idp.example.org")), clientID: "gate",
            algorithms: [.es256], scopes: ["profile"], groupsClaim: "groups", frontEnds: ["chat"])
        client = ProviderClient(
            registration, secret: Array("s cret".utf8), fetcher: provider, now: { clock.now })
        var settings = PeopleSettings(url: try #require(ProviderURL("https://gate.example.org:8443")))
        change(&settings)
        let reported = EventList()
        service = PeopleService(
            settings, providers: [client], now: { clock.now }, report: { reported.add("\($0)") })
        self.clock = clock
        self.reported = reported
    }

    func browser() -> Browser { Browser(self) }

    /// A browser in which the person is signed in.
    func signedIn() async throws -> Browser {
        let browser = browser()
        let answer = try await browser.signIn()
        #expect(answer.status == 303)
        return browser
    }

    /// The session of a command line that the browser's person let in.
    func commandLine(_ browser: Browser) async throws -> String {
        let device = try await browser.device()
        _ = try await browser.approve(device.code)
        let reply = await browser.poll(device.secret)
        return try #require(reply.json["access_token"]?.string)
    }
}

final class BenchClock: Sendable {
    private let value = Mutex<Int64>(1_800_000_000)
    var now: Int64 { value.withLock { $0 } }
    func advance(_ seconds: Int64) { value.withLock { $0 += seconds } }
}

final class EventList: Sendable {
    private let lines = Mutex<[String]>([])
    var all: [String] { lines.withLock { $0 } }
    func add(_ line: String) { lines.withLock { $0.append(line) } }
}

extension PeopleAnswer {
    var text: String { String(decoding: body, as: UTF8.self) }
    var json: JSONValue { (try? JSONValue(parsing: body)) ?? .null }
    func field(_ name: String) -> String? { fields.first { $0.name == name }?.value }
}

/// A browser with a jar for cookies, that does what a person tells it.
final class Browser: Sendable {
    static let form = "application/x-www-form-urlencoded"
    private let bench: PeopleBench
    private let jar = Mutex<[String: String]>([:])

    init(_ bench: PeopleBench) { self.bench = bench }

    var cookies: [String: String] {
        get { jar.withLock { $0 } }
        set { jar.withLock { $0 = newValue } }
    }

    var session: String? { cookies["__Host-yett"] }

    func send(_ request: PeopleRequest) async -> PeopleAnswer {
        var request = request
        request.authority = request.authority ?? "gate.example.org:8443"
        request.address = "192.0.2.7"
        let cookies = cookies
        if !cookies.isEmpty {
            request.cookies = [cookies.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: "; ")]
        }
        let answer = await bench.service.answer(request)
        for field in answer.fields where field.name == "Set-Cookie" {
            let parts = field.value.split(separator: ";").map { $0.drop { $0 == " " } }
            guard let pair = parts.first?.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false),
                pair.count == 2
            else { continue }
            #expect(parts.contains("HttpOnly") && parts.contains("Secure") && parts.contains("SameSite=Lax"))
            #expect(parts.contains("Path=/") && pair[0].hasPrefix("__Host-"))
            jar.withLock { $0[String(pair[0])] = parts.contains("Max-Age=0") ? nil : String(pair[1]) }
        }
        return answer
    }

    func get(_ path: String, query: String = "") async -> PeopleAnswer {
        await send(PeopleRequest(path: path, query: query))
    }

    func post(
        _ path: String, _ fields: [(name: String, value: String)], edit: (inout PeopleRequest) -> Void = { _ in }
    ) async -> PeopleAnswer {
        var request = PeopleRequest(method: "POST", path: path)
        request.contentType = Self.form
        request.origin = "https://gate.example.org:8443"
        request.fetchSite = "same-origin"
        request.body = Array(FormText.encode(fields).utf8)
        edit(&request)
        return await send(request)
    }

    /// Begins a sign-in and returns where the provider sends the browser back to.
    func query(login: String = "") async throws -> String {
        let answer = await get("/login", query: login)
        return try bench.provider.authorize(try #require(answer.field("Location"), "\(answer.text)"))
    }

    func signIn(login: String = "") async throws -> PeopleAnswer {
        await get("/callback/corp", query: try await query(login: login))
    }

    /// The token that the forms of a page carry.
    func formToken() async throws -> String {
        try Self.formToken(in: await get("/device"))
    }

    static func formToken(in answer: PeopleAnswer) throws -> String {
        let start = try #require(answer.text.firstRange(of: "name=\"form\" value=\""), "\(answer.text)").upperBound
        return String(answer.text[start...].prefix { $0 != "\"" })
    }

    /// A command line asks to be let in.
    func device(_ fields: [(name: String, value: String)] = []) async throws -> (secret: String, code: String) {
        let answer = await bench.browser().post(
            "/device_authorization", [("client_id", "yett"), ("label", "alice@laptop")] + fields)
        return (
            try #require(answer.json["device_code"]?.string, "\(answer.text)"),
            try #require(answer.json["user_code"]?.string)
        )
    }

    func approve(_ code: String, _ decision: String = "approve") async throws -> PeopleAnswer {
        let token = try await formToken()
        let page = await post("/device", [("form", token), ("code", code)])
        guard page.status == 200 else { return page }
        return await post("/device/decision", [("form", token), ("code", code), ("decision", decision)])
    }

    func poll(_ secret: String) async -> PeopleAnswer {
        await bench.browser().post(
            "/token",
            [
                ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("device_code", secret),
                ("client_id", "yett"),
            ])
    }

    func whoami(_ session: String) async -> PeopleAnswer {
        var request = PeopleRequest(path: "/whoami")
        request.authorizations = ["Bearer \(session)"]
        return await bench.browser().send(request)
    }
}
