// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Decision
import Foundation
import GateSupport
import Resolver

/// Runs a case of the corpus `ssrf`: over HTTP, and a `connect` over SOCKS5 as well.
struct DestinationCase {
    private let test: CorpusCase
    private let policy: CorpusCase.Policy?

    init(_ test: CorpusCase, _ defaultPolicy: CorpusCase.Policy?) {
        self.test = test
        policy = test.policy ?? defaultPolicy
    }

    func run(_ report: inout SuiteReport) async throws {
        guard let target = test.target else {
            report.record(test.id, "the case has no target")
            return
        }
        switch test.via {
        case "absolute-form":
            report.record(test.id, try await absoluteForm(target))
        case "connect":
            let grants = try CaseGate.grants(policy)
            var failure = try await tunnel(target, grants, isSOCKS: false)
            if failure == nil { failure = try await tunnel(target, grants, isSOCKS: true).map { "over SOCKS5: \($0)" } }
            report.record(test.id, failure)
        case "connect+tls-intercept" where test.verdict == .mustReject:
            // See Judgements: what would need an intercepted tunnel gets none.
            let root = try PathPrefix(parsing: "/")
            let grants = try CaseGate.grants(policy).map { $0.with { $0.paths = [root] } }
            report.record(test.id, try await tunnel(target, grants, isSOCKS: false))
        case "connect+tls-intercept":
            report.skip(needing: "interception of TLS")
        default:
            report.record(test.id, "unknown way: \(test.via ?? "none")")
        }
    }

    private func tunnel(_ target: String, _ grants: [Grant], isSOCKS: Bool) async throws -> String? {
        guard let colon = target.lastIndex(of: ":") else { return "the target has no port" }
        let host = String(target[..<colon])
        let digits = target[target.index(after: colon)...]
        let number = UInt16(digits).flatMap { "\($0)" == digits ? $0 : nil }
        // A port that is no plain number cannot be asked for over SOCKS5, nor can a host of more than 255 bytes.
        guard !isSOCKS || (number != nil && host.utf8.count <= 255) else { return nil }
        let name = host.hasSuffix(".") ? String(host.dropLast()) : host
        let hello = test.afterConnect.map { Array($0) } ?? ClientHelloBytes(name: name).bytes
        let upstream = CaseUpstream.start(test)
        defer { upstream.stop() }
        return try await withGate(CaseGate.options(test, grants: grants, upstream: upstream)) { gate in
            var attempts: [Attempt] = []
            // A name that changes its answer is asked for as often as it does.
            let tries = test.verdict == .mustReject ? 1 : test.dns?.values.map(\.count).max() ?? 1
            for _ in 0..<max(1, tries) {
                let socket = try gate.connect()
                if isSOCKS {
                    attempts.append(
                        Attempt.socks(
                            host: Array(host.utf8), port: number ?? 0, hello: hello, writeSizes: test.writeSizes ?? [],
                            on: socket))
                } else {
                    let request = "CONNECT \(target) HTTP/1.1\r\nHost: \(target)\r\n\r\n"
                    attempts.append(
                        Attempt.http(
                            Array(request.utf8), hello: hello, writeSizes: test.writeSizes ?? [], on: socket))
                }
                socket.close()
            }
            return try await judge(attempts, gate, upstream)
        }
    }

    private func absoluteForm(_ target: String) async throws -> String? {
        let upstream = CaseUpstream.start(test)
        defer { upstream.stop() }
        let grants = try CaseGate.grants(policy)
        return try await withGate(CaseGate.options(test, grants: grants, upstream: upstream)) { gate in
            guard let redirect = test.redirect else {
                return try await judge([try get(target, gate)], gate, upstream)
            }
            let first = try get(target, gate)
            guard first.reachedDestination, first.status == redirect.status else {
                return "the redirect did not come back: status \(first.status ?? 0)"
            }
            let before = gate.dials.dials.count
            guard before == 1 else { return "the gate followed the redirect: \(gate.dials.dials)" }
            guard let next = URL(string: redirect.location, relativeTo: URL(string: target))?.absoluteString else {
                return "the location is no URL"
            }
            return try await judge([try get(next, gate)], gate, upstream, dialsBefore: before)
        }
    }

    private func get(_ target: String, _ gate: GateHarness) throws -> Attempt {
        let socket = try gate.connect()
        defer { socket.close() }
        let request = "GET \(target) HTTP/1.1\r\nHost: \(Self.authority(of: target))\r\n\r\n"
        return Attempt.http(Array(request.utf8), hello: [], writeSizes: [], on: socket)
    }

    /// What a client would write into Host; an allowed name where the target has none, which must not help it.
    private static func authority(of target: String) -> String {
        guard target.hasPrefix("http://") else { return "allowed.test" }
        let rest = target.dropFirst("http://".count)
        let authority = rest.prefix { !"/?#\\".contains($0) }
        return authority.isEmpty || authority.contains("@") || authority.contains("%")
            ? "allowed.test" : String(authority)
    }

    private func judge(
        _ attempts: [Attempt], _ gate: GateHarness, _ upstream: UpstreamServer, dialsBefore: Int = 0
    ) async throws -> String? {
        CaseJudge(
            test: test, attempts: attempts, dials: Array(gate.dials.dials.dropFirst(dialsBefore)),
            queries: try gate.script.queryCount, judgedHost: try await gate.decisions().last?.text("host"),
            upstream: upstream.text
        ).failure
    }
}
