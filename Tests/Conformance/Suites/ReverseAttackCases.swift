// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import AuditTree
import Decision
import Foundation
import GateSupport
import Rego
import Resolver
import ServicePlane

/// Hostile bytes on the service proxy's listener, in HTTP/1.1 and HTTP/2.
enum ReverseAttackCases {
    /// Allows what the corpus allows, and `/SMUGGLED` besides: a request that nobody decided on would be seen.
    private static let rules = """
        package yett.authz
        deny contains "admin" if { input.http.path == "/admin" }
        deny contains "admin" if { startswith(input.http.path, "/admin/") }
        """

    static func failure(of test: CorpusCase) async throws -> String? {
        guard let bytes = try test.bytes.map({ Array($0) }) ?? test.compressedBytes.map(Gzip.expand) else {
            return "the case has no bytes"
        }
        let upstream = CaseUpstream.start(test)
        defer { upstream.stop() }
        let everything = CorpusCase.Policy(allow: "any-public", allowHosts: nil, ports: nil)
        var options = GateOptions(grants: try CaseGate.grants(everything))
        let port = upstream.port
        options.route = { _ in port }
        var settings = DecisionPolicy.Settings()
        settings.phases = .phases(of: [.service])
        options.policy = try DecisionPolicy(
            compiling: [PolicySource(name: "corpus.rego", text: rules)], settings: settings)
        var service = ServiceDescription(name: "app", host: try Host(parsing: "app.test"), port: 80)
        service.virtualHosts = ["app.test"]
        options.services = [service]
        return try await withGate(options) { gate in
            let socket = try gate.connectToServices()
            defer { socket.close() }
            let seen = test.isHTTP2 ? talk(bytes, on: socket) : ask(bytes, on: socket)
            let decisions = try await gate.decisions()
            return ReverseJudge(
                test: test, seen: seen, upstream: upstream.text, judgedPaths: decisions.compactMap { $0.text("path") }
            ).failure
        }
    }

    /// What a client of HTTP/1.1 sees; a refused one goes on with a request that must not be taken for one.
    private static func ask(_ request: [UInt8], on socket: RawSocket) -> ReverseJudge.Seen {
        var seen = ReverseJudge.Seen()
        try? socket.write(request)
        guard let head = try? socket.read(through: "\r\n\r\n", within: 2) else {
            let (bytes, ending) = socket.readToEnd(within: 1)
            seen.received = bytes
            seen.isClosed = ending != .stillOpen
            return seen
        }
        let message = HTTPText.parseHead(head)
        seen.status = message.status
        seen.reachedService = message[CaseUpstream.mark] != nil || message.status == 101
        try? socket.write("GET /SMUGGLED HTTP/1.1\r\nHost: app.test\r\n\r\n")
        let (bytes, ending) = socket.readToEnd(within: 0.5)
        seen.received = head + bytes
        seen.isClosed = ending != .stillOpen
        return seen
    }

    /// What a client of HTTP/2 sees.
    private static func talk(_ frames: [UInt8], on socket: RawSocket) -> ReverseJudge.Seen {
        var seen = ReverseJudge.Seen()
        try? socket.write(frames)
        let (bytes, ending) = socket.readToEnd(within: 1)
        seen.received = bytes
        seen.isClosed = ending != .stillOpen
        seen.reachedService = String(decoding: bytes, as: UTF8.self).contains("ok") || HTTP2Frames.data(in: bytes) > 0
        return seen
    }
}

/// The frames of a connection, as far as a judge looks at them.
enum HTTP2Frames {
    /// Bytes in DATA frames.
    static func data(in bytes: [UInt8]) -> Int {
        var rest = bytes[...]
        var count = 0
        while rest.count >= 9 {
            let start = rest.startIndex
            let length = Int(rest[start]) << 16 | Int(rest[start + 1]) << 8 | Int(rest[start + 2])
            if rest[start + 3] == 0 { count += length }
            rest = rest.dropFirst(9 + length)
        }
        return count
    }
}

/// Compares what a client and a service saw with what a case demands.
struct ReverseJudge {
    /// What the client saw.
    struct Seen {
        var status: Int?
        var reachedService = false
        var received: [UInt8] = []
        var isClosed = false
    }

    let test: CorpusCase
    let seen: Seen
    /// Everything that the service received.
    let upstream: String
    /// The paths of the decisions.
    let judgedPaths: [String]

    private var requests: Int { upstream.components(separatedBy: " HTTP/1.1\r\n").count - 1 }

    /// The request that the client may send after the case's own was answered.
    private var ownRequests: Int { requests - (upstream.contains(Self.followUp) ? 1 : 0) }

    /// How that one looks at the service.
    private static let followUp = "GET /SMUGGLED HTTP/1.1\r\nHost: app.test\r\nVia"

    /// What is wrong, or nil.
    var failure: String? {
        switch test.verdict {
        case .mustReject: return rejection
        case .ok: return seen.reachedService ? nil : "did not pass: \(text)"
        case .mustNormalise: return seen.reachedService ? normalisation : nil
        }
    }

    private var text: String { String(decoding: seen.received.prefix(300), as: UTF8.self) }

    private var rejection: String? {
        if test.upstreamResponse != nil {
            return seen.reachedService ? "the answer passed: \(text)" : nil
        }
        if requests > 0 { return "the service saw \(upstream.prefix(200))" }
        if test.isHTTP2 { return seen.reachedService ? "was answered by the service" : nil }
        guard let status = seen.status else {
            return seen.isClosed ? nil : "the connection stays open without an answer"
        }
        guard (400...599).contains(status) else { return "status \(status)" }
        return seen.isClosed ? nil : "the connection stays open"
    }

    private var normalisation: String? {
        guard let expect = test.expect else { return nil }
        if let path = expect.policyPath, path.hasPrefix("/"), !path.contains(" "), judgedPaths.first != path {
            return "judged \(judgedPaths.first ?? "nothing") instead of \(path)"
        }
        let lowercased = upstream.lowercased()
        for name in expect.stripped?.values ?? [] where lowercased.contains("\r\n\(name):") {
            return "the service saw \(name)"
        }
        let others = upstream.replacingOccurrences(of: Self.followUp, with: "")
        for text in expect.upstreamMustNotContain?.values ?? [] where others.contains(text) {
            return "the service saw \(text)"
        }
        if let count = expect.requestCount ?? expect.maximumRequestCount, ownRequests > count {
            return "the service saw \(ownRequests) requests"
        }
        if let body = expect.body, !upstream.contains("\r\n\(body)") { return "the service did not see \(body)" }
        if let cookie = expect.cookie, !lowercased.contains("cookie: \(cookie)\r\n") {
            return "the service saw other cookies: \(upstream)"
        }
        if let route = expect.route, !upstream.contains("Host: \(route)\r\n") { return "the service saw \(upstream)" }
        if expect.isIncomplete ?? false, !seen.isClosed { return "the answer seems complete" }
        return nil
    }
}

extension CorpusCase {
    /// Whether the bytes are HTTP/2.
    var isHTTP2: Bool { proto?.hasPrefix("h2") ?? false || proto == "http2" || proto == "HTTP/2" }
}
