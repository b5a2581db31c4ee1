// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import GateSupport

/// Compares what happened with what a case demands.
struct CaseJudge {
    let test: CorpusCase
    /// What the client saw, in the order of its tries.
    let attempts: [Attempt]
    let dials: [DialRecorder.Dial]
    let queries: Int
    /// The host of the last decision, as the record has it.
    let judgedHost: String?
    /// Everything that the destination received.
    let upstream: String

    /// What is wrong, or nil.
    var failure: String? {
        if upstream.contains("SMUGGLED") { return "the destination saw /SMUGGLED" }
        for text in test.expect?.upstreamMustNotContain?.values ?? [] where upstream.contains(text) {
            return "the destination saw \(text)"
        }
        for text in test.expect?.neverDial?.values ?? [] {
            guard let address = IPAddress(text) else { return "never_dial has no address: \(text)" }
            if dials.contains(where: { $0.address == address }) { return "dialled \(text)" }
        }
        if let limit = test.expect?.queries, queries != limit { return "\(queries) name queries" }
        switch test.verdict {
        case .mustReject: return rejection
        case .ok: return passage(of: attempts)
        case .mustNormalise:
            // A name that changes its answer may pass once and be refused the next time.
            let others = attempts.filter { !$0.isRefused }
            return others.isEmpty ? nil : normalisation(of: others)
        }
    }

    private var rejection: String? {
        guard attempts.allSatisfy(\.isRefused) else {
            return "not refused: status \(attempts.compactMap(\.status))"
        }
        return dials.isEmpty ? nil : "dialled \(dials)"
    }

    private func passage(of attempts: [Attempt]) -> String? {
        guard attempts.allSatisfy(\.reachedDestination) else {
            let received = attempts.map { String(decoding: $0.received, as: UTF8.self) }
            return "did not pass: \(received)"
        }
        guard !dials.isEmpty else { return "nothing was dialled" }
        guard let judgedHost else { return "there is no decision record" }
        let expected = CaseGate.addresses(test, host: judgedHost)
        let strays = dials.filter { !expected.contains($0.address) }
        return strays.isEmpty ? nil : "dialled \(strays)"
    }

    private func normalisation(of attempts: [Attempt]) -> String? {
        if let failure = passage(of: attempts) { return failure }
        guard let expect = test.expect else { return nil }
        if let host = expect.host ?? expect.route ?? expect.upstreamHost, judgedHost != host {
            return "judged \(judgedHost ?? "nothing") instead of \(host)"
        }
        if let host = expect.upstreamHost, !upstream.contains("\r\nHost: \(host)\r\n") {
            return "the destination did not see Host: \(host)"
        }
        if let port = expect.port, dials.contains(where: { $0.port != port }) { return "dialled \(dials)" }
        if let allowed = expect.dial?.values {
            let addresses = allowed.compactMap { IPAddress($0) }
            if dials.contains(where: { !addresses.contains($0.address) }) { return "dialled \(dials)" }
        }
        guard let alternatives = expect.alternatives else { return nil }
        let hosts = alternatives.compactMap { text in
            ["host ", "treat as ", "route "].first { text.hasPrefix($0) }.map { String(text.dropFirst($0.count)) }
        }
        return hosts.isEmpty || hosts.contains(judgedHost ?? "")
            ? nil : "judged \(judgedHost ?? "nothing"), not one of \(alternatives)"
    }
}
