// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import GateSupport
import NIOCore
import Testing

@testable import Outbound

@Suite("Fetches", .timeLimit(.minutes(1)))
struct OutboundClientTests {
    private let harness = OutboundHarness(["server.test": [["93.184.216.34"]], "other.test": [["93.184.216.35"]]])

    // MARK: What works

    @Test func `a whole answer of any framing is taken`() async throws {
        let server = try await OutboundHarness.server { request in
            if request.hasPrefix("GET /chunked") {
                return .init(
                    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2;x\r\n{\"\r\n4\r\na\":1\r\n1\r\n}\r\n0\r\n\r\n"
                )
            }
            if request.hasPrefix("GET /close") { return .init("HTTP/1.1 200 OK\r\n\r\n{\"a\":1}") }
            if request.hasPrefix("GET /none") {
                return .init("HTTP/1.1 404 No\r\ncontent-length: 0\r\n\r\n", closes: false)
            }
            return .init(
                "HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 7\r\nX-A: b\r\n\r\n{\"a\":1}",
                closes: false)
        }
        let client = try harness.client(to: server.port)
        for path in ["chunked", "close", "length"] {
            let response = try await client.send(OutboundRequest(OutboundURL(parsing: "https://server.test/\(path)")))
            #expect(response.status == 200)
            #expect(String(decoding: response.body, as: UTF8.self) == "{\"a\":1}")
            if path == "length" { #expect(response.only("x-a") == "b") }
        }
        let none = try await client.send(OutboundRequest(OutboundURL(parsing: "https://server.test/none")))
        #expect(none.status == 404)
        #expect(none.body.isEmpty)
        await server.stop()
    }

    @Test func `what is sent is a plain request that closes`() async throws {
        let server = try await OutboundHarness.server { _ in .ok() }
        let client = try harness.client(to: server.port)
        var request = OutboundRequest(
            try OutboundURL(parsing: "https://server.test:8443/token?a=b"),
            .post(Array("grant_type=x".utf8), type: "application/x-www-form-urlencoded"))
        request.fields.append(("authorization", "Basic YTpi"))
        _ = try await client.send(request)
        #expect(
            server.requests == [
                """
                POST /token?a=b HTTP/1.1\r\nhost: server.test:8443\r\nuser-agent: yett\r\naccept: application/json\r
                authorization: Basic YTpi\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 12\r
                accept-encoding: identity\r\nconnection: close\r\n\r\ngrant_type=x
                """
            ])
        await server.stop()
    }

    @Test(
        "fields that would change the message are refused",
        arguments: [
            ("x", "a\r\nb: c"), ("x y", "a"), ("", "a"), ("host", "a"), ("Content-Length", "3"), ("connection", "x"),
            ("transfer-encoding", "chunked"), ("x", "\u{0}"), ("x", "\u{e9}"), ("x:", "a"),
        ])
    func refusesFields(name: String, value: String) async throws {
        let client = try harness.client()
        let request = OutboundRequest(try OutboundURL(parsing: "https://server.test/"), fields: [(name, value)])
        await #expect(throws: OutboundError.self) { try await client.send(request) }
        #expect(harness.lookups.isEmpty)
    }

    @Test func `the next address is tried when one takes no connection`() async throws {
        let server = try await OutboundHarness.server { _ in .ok() }
        let client = OutboundClient(
            addressGuard: AddressGuard(),
            lookup: { _, done in done(.success(["93.184.216.34", "93.184.216.35"].compactMap { IPAddress($0) })) },
            trust: try .web(authorities: Array(OutboundHarness.authority.get().pem.utf8))
        ) { judged in
            // Nobody listens on port 1 of loopback.
            let isFirst = "\(judged.address)".hasSuffix("34")
            return try SocketAddress(ipAddress: "127.0.0.1", port: isFirst ? 1 : Int(server.port))
        }
        #expect(await client.failure("https://server.test/") == nil)
        await server.stop()
    }

    // MARK: Redirects

    @Test func `redirects are followed within the policy, without credentials to another host`() async throws {
        let server = try await OutboundHarness.server(["server.test", "other.test"]) { request in
            if request.hasPrefix("GET /a ") { return .redirect("/b") }
            if request.hasPrefix("GET /b ") { return .redirect("https://other.test/c", status: 307) }
            return .ok("done")
        }
        let client = try harness.client(to: server.port)
        var request = OutboundRequest(
            try OutboundURL(parsing: "https://server.test/a"),
            fields: [("accept", "x"), ("authorization", "Bearer secret")],
            redirects: .followed(atMost: 2) { _ in true })
        let response = try await client.send(request)
        #expect(response.url.description == "https://other.test/c")
        let withCredentials = server.requests.map { $0.contains("secret") }
        #expect(withCredentials == [true, true, false])
        request.redirects = .followed(atMost: 1) { _ in true }
        await #expect(throws: OutboundError.redirect(307)) { try await client.send(request) }
        let host = request.url.host
        request.redirects = .followed(atMost: 9) { $0.host == host }
        await #expect(throws: OutboundError.redirect(307)) { try await client.send(request) }
        await server.stop()
    }

    @Test func `a loop ends, a post is not repeated, and a redirect needs one place`() async throws {
        let server = try await OutboundHarness.server { request in
            request.hasPrefix("GET /two")
                ? .init("HTTP/1.1 302 X\r\nlocation: /a\r\nlocation: /b\r\ncontent-length: 0\r\n\r\n") : .redirect("/")
        }
        let client = try harness.client(to: server.port)
        let all = OutboundRequest.Redirects.followed(atMost: 3) { _ in true }
        #expect(await client.failure("https://server.test/", redirects: all) == .redirect(302))
        #expect(server.requests.count == 4)
        let post = OutboundRequest.Method.post([1], type: "a/b")
        #expect(await client.failure("https://server.test/", post, redirects: all) == .redirect(302))
        #expect(await client.failure("https://server.test/two", redirects: all) == .redirect(302))
        #expect(server.requests.count == 6)
        await server.stop()
    }

    // MARK: Servers that are not who they should be

    @Test func `a certificate of another authority, for another name, or over is refused, and nothing is sent`()
        async throws
    {
        let stranger = try await SecureServer(
            TestAuthority("Stranger").issue(dnsNames: ["server.test"], profile: .server)
        ) { _ in .ok() }
        let renamed = try await OutboundHarness.server(["server.test.evil.test", "*.test.test"]) { _ in .ok() }
        let expired = try await OutboundHarness.server(validity: -7200 ... -3600) { _ in .ok() }
        for server in [stranger, renamed, expired] {
            guard case .untrusted = try await harness.client(to: server.port).failure("https://server.test/") else {
                Issue.record("trusted")
                continue
            }
            #expect(server.requests.isEmpty)
            await server.stop()
        }
    }

    @Test func `an address needs its own certificate`() async throws {
        let server = try await OutboundHarness.server(addresses: [[127, 0, 0, 1]]) { _ in .ok() }
        let other = try await OutboundHarness.server(addresses: [[127, 0, 0, 2]]) { _ in .ok() }
        for (server, isTrusted) in [(server, true), (other, false)] {
            let client = try harness.client(exceptions: [("127.0.0.1", server.port)], to: server.port)
            let failure = await client.failure("https://127.0.0.1:\(server.port)/")
            #expect((failure == nil) == isTrusted)
            await server.stop()
        }
    }

    @Test func `a server without TLS gets nothing`() async throws {
        let server = UpstreamServer { connection in try connection.write(UpstreamServer.hello) }
        guard case .untrusted = try await harness.client(to: server.port).failure("https://server.test/") else {
            Issue.record("plain text")
            return
        }
        #expect(!server.text.contains("GET"))
        server.stop()
    }

    // MARK: Answers that are refused

    @Test(
        "answers that are too long, cut off or ambiguous",
        arguments: [
            ("HTTP/1.1 200 OK\r\ncontent-length: 1025\r\n\r\n", "tooLarge"),
            ("HTTP/1.1 200 OK\r\ncontent-length: 99999999999999999999\r\n\r\n", "broken"),
            ("HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n", "broken"),
            (
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n401\r\n" + String(repeating: "x", count: 1025),
                "tooLarge"
            ),
            ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nffffffffffffffff\r\nx", "broken"),
            ("HTTP/1.1 200 OK\r\n\r\n" + String(repeating: "x", count: 1025), "tooLarge"),
            ("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{}", "broken"),
            ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n", "broken"),
            (
                "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
                "broken"
            ),
            ("HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}", "broken"),
            ("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 2\r\n\r\n{}", "coding"),
            ("HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n", "broken"),
            ("HTTP/2 200\r\n\r\n", "broken"), ("hello", "broken"), ("", "unreachable"),
            ("HTTP/1.1 200 OK\nx: y\n\n{}", "broken"),
            ("HTTP/1.1 200 OK\r\nx: " + String(repeating: "y", count: 40_000), "broken"),
            (String(repeating: "HTTP/1.1 100 C\r\n\r\n", count: 20), "broken"),
        ])
    func refusesAnswers(answer: String, kind: String) async throws {
        let server = try await OutboundHarness.server { _ in .init(answer) }
        let client = try harness.client(to: server.port, limits: OutboundLimits(bodyBytes: 1024))
        let failure = await client.failure("https://server.test/")
        #expect(Self.kind(of: failure) == kind, "\(String(describing: failure))")
        await server.stop()
    }

    private static func kind(of failure: OutboundError?) -> String {
        switch failure {
        case .broken: "broken"
        case .coding: "coding"
        case .tooLarge: "tooLarge"
        case .unreachable: "unreachable"
        default: "another"
        }
    }

    @Test(
        "everything together has one deadline", arguments: ["silence", "halfHead", "halfBody", "lookup", "redirects"])
    func endsInTime(kind: String) async throws {
        let server = try await OutboundHarness.server { _ in
            switch kind {
            case "halfHead": .init("HTTP/1.1 200 OK\r\n", closes: false)
            case "halfBody": .init("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{", closes: false)
            case "redirects": .redirect("/")
            default: .init("", closes: false)
            }
        }
        let limits = OutboundLimits(total: .milliseconds(300))
        var client = try harness.client(to: server.port, limits: limits)
        if kind == "lookup" {
            client = OutboundClient(
                addressGuard: AddressGuard(), lookup: { _, _ in }, trust: try .web(), limits: limits)
        }
        let failure = await client.failure("https://server.test/", redirects: .followed(atMost: .max) { _ in true })
        #expect(failure == .timeout)
        await server.stop()
    }

    @Test func `a cancelled task ends its fetch`() async throws {
        let server = try await OutboundHarness.server { _ in .init("", closes: false) }
        let client = try harness.client(to: server.port)
        let failure = await withTaskGroup(of: OutboundError?.self) { group in
            group.addTask { await client.failure("https://server.test/") }
            _ = await eventually { !server.requests.isEmpty }
            group.cancelAll()
            return await group.next() ?? nil
        }
        #expect(failure == .cancelled)
        await server.stop()
    }
}
