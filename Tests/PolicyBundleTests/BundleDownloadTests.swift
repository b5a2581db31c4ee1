// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import PolicyBundle

@Suite struct BundleDownloadTests {
    private struct Counter: RandomNumberGenerator {
        var state: UInt64 = 1
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state
        }
    }

    private typealias Answer = BundleDownload.Answer

    private func settings(longPolling: Int? = nil) -> DownloadSettings {
        var settings = DownloadSettings(url: "http://localhost/bundle")
        settings.longPollingSeconds = longPolling
        return settings
    }

    private func request(_ action: BundleDownload.Action) -> BundleDownload.Request? {
        if case .ask(let request) = action { request } else { nil }
    }

    private func delay(_ action: BundleDownload.Action) -> UInt64? {
        if case .wait(let delay) = action { delay } else { nil }
    }

    @Test func `asks, activates, waits and asks with the tag`() throws {
        var random = Counter()
        var download = BundleDownload(settings())
        let first = try #require(request(download.start()))
        #expect(first.headers == ["Prefer": "modes=snapshot,delta"])
        let action = download.answered(Answer(status: 200, entityTag: "\"1\""), random: &random)
        #expect(action == .activate(entityTag: "\"1\""))
        let pause = try #require(delay(download.activated(random: &random)))
        #expect((60_000_000_000...120_000_000_000).contains(pause))
        let second = try #require(request(download.waited()))
        #expect(second.headers["If-None-Match"] == "\"1\"")
        #expect(try #require(delay(download.answered(Answer(status: 304), random: &random))) >= 60_000_000_000)
        #expect(request(download.waited())?.headers["If-None-Match"] == "\"1\"")
    }

    @Test func `starts with the tag of what is in use`() {
        var download = BundleDownload(settings(), entityTag: "\"k\"")
        #expect(request(download.start())?.headers["If-None-Match"] == "\"k\"")
    }

    @Test func `forgets the tag of what is refused`() {
        var random = Counter()
        var download = BundleDownload(settings(), entityTag: "\"1\"")
        _ = download.start()
        _ = download.answered(Answer(status: 200, entityTag: "\"2\""), random: &random)
        #expect(delay(download.refused(random: &random)) != nil)
        #expect(request(download.waited())?.headers["If-None-Match"] == nil)
    }

    @Test func `polls at once when the server holds answers back`() throws {
        var random = Counter()
        var download = BundleDownload(settings(longPolling: 10))
        #expect(request(download.start())?.timeoutSeconds == 30)
        let type = "application/vnd.openpolicyagent.bundles"
        _ = download.answered(Answer(status: 200, entityTag: "1", contentType: type), random: &random)
        #expect(try #require(delay(download.activated(random: &random))) <= 200_000_000)
        let next = try #require(request(download.waited()))
        #expect(next.headers["Prefer"] == "modes=snapshot,delta;wait=10")
        #expect(next.timeoutSeconds == 40)
        // A server that holds nothing back is not asked without end.
        #expect(
            (100_000_000...200_000_000).contains(
                try #require(delay(download.answered(Answer(status: 304), random: &random)))))
        _ = download.waited()
        // A failure ends it until the server offers it again.
        #expect(delay(download.failed(random: &random)) != nil)
        #expect(request(download.waited())?.headers["Prefer"] == "modes=snapshot,delta")
    }

    @Test(arguments: [nil, "application/gzip", "application/vnd.openpolicyagent.bundlesX"])
    func `waits when the server does not offer to`(type: String?) {
        var random = Counter()
        var download = BundleDownload(settings(longPolling: 10))
        _ = download.start()
        _ = download.answered(Answer(status: 200, entityTag: "1", contentType: type), random: &random)
        #expect(delay(download.activated(random: &random)) != nil)
    }

    @Test(arguments: [400, 401, 404, 429, 500, 503, 204, 301])
    func `waits longer after each failure, up to the longest delay`(status: Int) throws {
        var random = Counter()
        var download = BundleDownload(settings(), entityTag: "\"1\"")
        _ = download.start()
        var last: UInt64 = 0
        var longest: UInt64 = 0
        for round in 0..<100 {
            let pause = try #require(delay(download.answered(Answer(status: status), random: &random)))
            if round == 0 { #expect(pause <= 100_000_000) }
            #expect(pause <= 120_000_000_000)
            longest = max(longest, pause)
            last = pause
            _ = download.waited()
        }
        #expect(last >= 96_000_000_000)
        // One good answer is enough to start from the first delay again.
        _ = download.answered(Answer(status: 304), random: &random)
        _ = download.waited()
        #expect(try #require(delay(download.failed(random: &random))) <= 100_000_000)
    }

    @Test(arguments: [String(repeating: "x", count: 1025), "", "a b", "a\r\nX: y", "\u{e9}"])
    func `a tag that cannot be sent back is none`(tag: String) {
        var random = Counter()
        var download = BundleDownload(settings())
        _ = download.start()
        let action = download.answered(Answer(status: 200, entityTag: tag), random: &random)
        #expect(action == .activate(entityTag: nil))
    }

    @Test func `nothing can have changed since nothing`() throws {
        var random = Counter()
        var download = BundleDownload(settings())
        _ = download.start()
        #expect(try #require(delay(download.answered(Answer(status: 304), random: &random))) <= 100_000_000)
    }

    @Test func `an answer that nobody asked for is not activated`() {
        var random = Counter()
        var download = BundleDownload(settings())
        #expect(delay(download.answered(Answer(status: 200, entityTag: "x"), random: &random)) != nil)
    }

    @Test func `delays the wrong way round do not stop it`() throws {
        var random = Counter()
        var settings = settings()
        settings.minimumDelay = 10
        settings.maximumDelay = 0
        var download = BundleDownload(settings, entityTag: "\"1\"")
        _ = download.start()
        #expect(delay(download.answered(Answer(status: 304), random: &random)) == 10)
        _ = download.waited()
        #expect(try #require(delay(download.failed(random: &random))) <= 100_000_000)
    }
}
