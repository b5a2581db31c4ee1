// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import PolicyTool
import Testing

@Suite struct RecordedDecisionTests {
    // MARK: Replay

    @Test(
        "tells which recorded decisions would fall otherwise",
        arguments: [
            ("deny contains \"closed\" if input.destination.host == \"a.test\"", [], [1]),
            ("verdict := true", [2], []),
            ("verdict := {\"allow\": true, \"hold\": {\"wait\"}}", [], [1]),
            ("verdict := {\"allow\": yett.granted(input)}", [], []),
            ("verdict := {\"allow\": input.identity.strength > 3}", [], [1]),
        ] as [(String, [UInt64], [UInt64])])
    func changes(rule: String, allowed: [UInt64], denied: [UInt64]) throws {
        var replay = try candidate(rule)
        replay.judge(
            try decision(1) {
                $0.verdict = .allow; $0.reasons = ["granted"]; $0.grant = "g"
            })
        replay.judge(
            try decision(2) {
                $0.verdict = .deny; $0.reasons = ["path_not_granted"]; $0.grant = "g"
            })
        replay.judge(
            try decision(3) {
                $0.verdict = .deny; $0.reasons = ["address_forbidden"]
            })
        replay.judge(
            try decision(4) {
                $0.host = nil; $0.verdict = .deny; $0.reasons = ["protocol_violation"]
            })
        #expect(replay.report.newlyAllowed.map(\.decision.index) == allowed)
        #expect(replay.report.newlyDenied.map(\.decision.index) == denied)
        #expect(replay.report.unchanged == 2 - allowed.count - denied.count)
        #expect(replay.report.unjudged.values.reduce(0, +) == 2)
    }

    @Test("says what the policy reads and a record does not hold")
    func missing() throws {
        var replay = try candidate(
            """
            deny contains "q" if {
            	input.operation.name == "request"
            	input.http.query == ""
            }
            """)
        replay.judge(
            try decision(1) {
                $0.verdict = .allow; $0.reasons = ["granted"]; $0.grant = "g"
            })
        #expect(replay.report.missing == ["input.http.query": 1])
        #expect(replay.report.pretty.contains("note: 1 records do not hold input.http.query"))
    }

    @Test("judges calls of tools by the name that the record holds")
    func tools() throws {
        let rule = """
            verdict := {"allow": yett.granted(input), "deny": deny}
            deny contains "delete" if {
            	input.plane == "service"
            	input.operation.name == "tools/call"
            	input.operation.tool == "delete"
            }
            """
        var replay = try candidate(rule)
        for (index, tool) in ["search", "delete"].enumerated() {
            replay.judge(
                try decision(UInt64(index)) {
                    $0.plane = "service"; $0.service = "tickets"; $0.operation = "tools/call"; $0.tool = tool
                    $0.method = "POST"; $0.path = "/mcp"
                    $0.verdict = .allow; $0.reasons = ["granted"]; $0.grant = "g"
                })
        }
        #expect(replay.report.newlyDenied.map(\.decision.index) == [1])
        #expect(replay.report.unchanged == 1)
        #expect(replay.report.missing.isEmpty)
    }

    @Test("refuses a candidate that the gate would refuse")
    func refused() throws {
        #expect(throws: PolicyProblem.self) { try candidate("deny contains \"h\" if input.http.headers.x == 1") }
        #expect(throws: PolicyProblem.self) { try candidate("deny contains x if true") }
    }

    private func candidate(_ rule: String) throws -> PolicyReplay {
        let files = try TemporaryFiles(["p.rego": "package yett.authz\n\n\(rule)\n"])
        return try PolicyReplay(files: try LoadedFiles([files.path]))
    }

    // MARK: Suggestions

    @Test("grants exactly what was asked for, merged")
    func grants() throws {
        var suggestion = GrantSuggestion(agent: "bot")
        for path in ["/a", "/a/b", "/c"] {
            suggestion.add(
                try decision(1) {
                    $0.path = path; $0.verdict = .allow; $0.reasons = ["granted"]; $0.strength = 3
                })
        }
        for host in ["b.test", "a.test"] {
            suggestion.add(
                try decision(2) {
                    $0.host = host; $0.operation = "tunnel"; $0.port = 443; $0.method = nil; $0.path = nil
                    $0.verdict = .deny; $0.reasons = ["host_not_granted"]
                })
        }
        suggestion.add(
            try decision(3) {
                $0.verdict = .deny; $0.reasons = ["tls_sni_mismatch"]
            })
        suggestion.add(try decision(4) { $0.path = nil })
        #expect(
            suggestion.yaml == """
                # 5 requests, 2 of them refused. Review each grant before you add it.
                # not covered: 1, it was refused for another reason, tls_sni_mismatch
                # not covered: 1, the record does not hold the path
                agents:
                  bot:
                    grants:
                      # 3 requests, all allowed
                      - name: allow-a-test
                        hosts: ["a.test"]
                        ports: [80]
                        methods: ["GET"]
                        paths: ["/a", "/c"]
                        require: {strength: 3}
                      # 2 requests, refused: 2 host_not_granted
                      - name: allow-a-test-2
                        hosts: ["a.test", "b.test"]
                        ports: [443]
                        methods: ["CONNECT"]

                """)
    }

    @Test("suggests no path by which every tool could be called")
    func suggestedTools() throws {
        var suggestion = GrantSuggestion(agent: "bot")
        for operation in ["tools/call", "session"] {
            suggestion.add(
                try decision(1) {
                    $0.plane = "service"; $0.operation = operation; $0.method = "POST"; $0.path = "/mcp"
                    $0.verdict = .deny; $0.reasons = ["tool_not_granted"]
                })
        }
        #expect(suggestion.grants.isEmpty)
        #expect(suggestion.uncovered.values.reduce(0, +) == 2)
    }

    @Test(
        "grants a directory in place of many paths",
        arguments: [
            (["/x/1", "/x/2"], 2, ["/x/1", "/x/2"]), (["/x/1", "/x/2", "/x/3"], 2, ["/x"]),
            (["/x/1", "/x/2", "/x/3", "/y"], 2, ["/x", "/y"]),
            (["/v1/a/1", "/v1/a/2", "/v1/a/3", "/v1/b"], 2, ["/v1/a", "/v1/b"]),
            (["/a", "/b", "/c"], 2, ["/a", "/b", "/c"]), (["/", "/b"], 1, ["/"]), (["/a", "/ab"], 5, ["/a", "/ab"]),
            (["/p/1/x", "/p/2/x", "/p/3/x"], 2, ["/p"]),
        ])
    func directories(paths: [String], limit: Int, expected: [String]) throws {
        var suggestion = GrantSuggestion(agent: "bot", pathLimit: limit)
        for path in paths {
            suggestion.add(
                try decision(1) {
                    $0.path = path; $0.verdict = .allow
                })
        }
        #expect(suggestion.grants.map(\.paths) == [expected])
    }

    private func decision(_ index: UInt64, _ change: (inout AuditEvent) -> Void) throws -> RecordedDecision {
        var event = AuditEvent(kind: .decision, time: 1_795_236_303_508_545)
        event.agent = "spiffe://x.test/agent/bot"
        event.plane = "egress"
        event.operation = "request"
        event.method = "GET"
        event.host = "a.test"
        event.port = 80
        event.path = "/p"
        event.strength = 0
        event.verdict = .allow
        event.reasons = ["granted"]
        change(&event)
        var bytes: [UInt8] = []
        event.encode(into: &bytes)
        let record = try #require(AuditRecord(bytes))
        return try #require(RecordedDecision(index: index, record: record))
    }
}
