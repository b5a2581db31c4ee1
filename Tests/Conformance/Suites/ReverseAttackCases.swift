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
    /// The policy of the corpus.
    private static let rules = """
        package yett.authz
        deny contains "admin" if { input.http.path == "/admin" }
        deny contains "admin" if { startswith(input.http.path, "/admin/") }
        deny contains "smuggled" if { input.http.path == "/SMUGGLED" }
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
            let seen = test.isHTTP2 ? talk(bytes, on: socket) : ask(bytes, of: test, on: socket)
            let decisions = try await gate.decisions()
            return ReverseJudge(
                test: test, seen: seen, upstream: upstream.text, judgedPaths: decisions.compactMap { $0.text("path") }
            ).failure
        }
    }

    /// What a client of HTTP/1.1 sees; a refused one goes on with a request that must not be taken for one.
    private static func ask(_ request: [UInt8], of test: CorpusCase, on socket: RawSocket) -> ReverseJudge.Seen {
        var seen = ReverseJudge.Seen()
        try? socket.write(request)
        if test.expect?.isHalfClosed ?? false { socket.finishWriting() }
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
        seen.reachedService = HTTP2Frames.data(in: bytes).contains(Array("ok".utf8))
        return seen
    }
}

/// The frames of a connection, as far as a judge looks at them.
enum HTTP2Frames {
    /// The contents of DATA frames.
    static func data(in bytes: [UInt8]) -> [[UInt8]] {
        var rest = bytes[...]
        var found: [[UInt8]] = []
        while rest.count >= 9 {
            let start = rest.startIndex
            let length = Int(rest[start]) << 16 | Int(rest[start + 1]) << 8 | Int(rest[start + 2])
            if rest[start + 3] == 0 { found.append(Array(rest.dropFirst(9).prefix(length))) }
            rest = rest.dropFirst(9 + length)
        }
        return found
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

    private var requests: Int {
        // A body may look like a request; a request of the gate's own says so.
        upstream.components(separatedBy: "Via: 1.1 yett\r\n").count - 1
    }

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
        if let code = test.expect?.closeCode {
            let frame: [UInt8] = [0x88, 0x02, UInt8(code >> 8), UInt8(code & 255)]
            return seen.isClosed && seen.received.suffix(4).elementsEqual(frame)
                ? nil : "not closed with \(code): \(text)"
        }
        if test.upstreamResponse != nil || test.compressedUpstreamResponse != nil {
            return seen.reachedService ? "the answer passed: \(text)" : nil
        }
        if test.expect?.isHalfClosed ?? false {
            // The service may have seen a beginning, never the end.
            return upstream.hasSuffix("0\r\n\r\n") || seen.reachedService ? "the service saw \(upstream)" : nil
        }
        if requests > 0 { return "the service saw \(upstream.prefix(200))" }
        if test.isHTTP2 { return nil }
        guard let status = seen.status else {
            return seen.isClosed ? nil : "the connection stays open without an answer"
        }
        guard (400...599).contains(status) else { return "status \(status)" }
        // What the policy refuses is no reason to close; what breaks the protocol is.
        return seen.isClosed || status == 403 && judgedPaths.count <= 2 ? nil : "the connection stays open"
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
        for text in expect.upstreamMustNotContain?.values ?? [] where upstream.contains(text) {
            return "the service saw \(text)"
        }
        if let count = expect.requestCount ?? expect.maximumRequestCount, requests > count {
            return "the service saw \(requests) requests"
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
