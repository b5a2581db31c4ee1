// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Decision
import EgressPlane
import Foundation
import GateSupport
import Testing

@Suite("Load") struct LoadTests {
    @Test("wrk sends absolute-form requests on many connections, and each is answered and recorded")
    func wrk() async throws {
        try await PeerGate.run { gate, server in
            let script = gate.directory + "/proxy.lua"
            let lua = """
                wrk.headers["Host"] = "allowed.test"
                request = function() return wrk.format("GET", "http://allowed.test/text") end
                """
            try lua.write(toFile: script, atomically: true, encoding: .utf8)
            let outcome = try Program(
                "wrk", ["-t1", "-c64", "-d3s", "--timeout", "10s", "-s", script, "http://127.0.0.1:\(gate.port)"],
                keepsErrors: true
            ).outcome()
            #expect(outcome.status == 0)
            #expect(!outcome.text.contains("Non-2xx"))
            #expect(!outcome.text.contains("Socket errors"))
            let words = outcome.text.split(whereSeparator: \.isWhitespace)
            let position = try #require(words.firstIndex(of: "requests"))
            let answered = try #require(Int(words[position - 1]))
            #expect(answered > 100)
            #expect(await gate.becomesIdle())
            let recorded = try await gate.decisions().count
            // Those that were under way when wrk stopped have a record and no counted answer.
            #expect((answered...answered + 64).contains(recorded))
            print(
                "measured: \(answered / 3) absolute-form requests/s with wrk, debug build, gate and nginx on one machine"
            )
        }
    }
}
