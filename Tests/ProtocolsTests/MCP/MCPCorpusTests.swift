// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Protocols

/// The shared MCP corpus, as far as messages alone can be judged.
@Suite struct MCPCorpusTests {
    static let cases = MCPCase.all.filter { $0.need == nil }

    @Test("judges most cases from messages alone")
    func counts() { #expect(Self.cases.count * 3 >= MCPCase.all.count * 2) }

    @Test("judges a case of the corpus as told", arguments: cases)
    func verdict(_ testCase: MCPCase) throws {
        let gate = MCPCorpusGate(testCase)
        let last = try #require(gate.outcomes.last)
        switch (testCase.verdict, last) {
        case ("ok", .passed): #expect(gate.outcomes.allSatisfy { if case .passed = $0 { true } else { false } })
        case ("must-reject", .refused(let refusal)), ("must-normalise", .refused(let refusal)):
            judge(refusal, testCase.expect)
        case ("must-reject", .denied): break
        case ("must-reject", .reduced(_, let omitted, _)): #expect(!omitted.isEmpty)
        case ("must-normalise", .reduced): break
        case ("must-normalise", .passed(let bytes)): #expect(bytes != MCPCorpusGate.body(testCase.steps.last ?? nil))
        default: Issue.record("\(testCase.id): \(last)")
        }
    }

    /// A refusal has the status and the error code that the corpus wants, and blames the party that sent the message.
    private func judge(_ refusal: MCPRefusal, _ expect: JSONValue) {
        let statuses: [Int64] =
            switch expect["status"] {
            case .number(let number)?: [number.integer ?? 0]
            case .string(let text)?: text.split(whereSeparator: { !$0.isNumber }).compactMap { Int64($0) }
            default: []
            }
        if !statuses.isEmpty { #expect(statuses.contains(Int64(refusal.status)), "\(refusal)") }
        if let code = expect["code"]?.integer { #expect(Int64(refusal.errorCode) == code, "\(refusal)") }
        if expect["status"] != nil { #expect(refusal.fault == .client, "\(refusal)") }
    }

    @Test("hides what changed after approval and what was never approved")
    func pinning() throws {
        for testCase in Self.cases where ["tool-desc-change", "tool-new-after-approval"].contains(testCase.id) {
            let gate = MCPCorpusGate(testCase)
            let hidden = try #require(gate.outcomes.dropLast().last)
            guard case .reduced(_, let omitted, _) = hidden else {
                Issue.record("\(testCase.id): \(hidden)")
                continue
            }
            #expect(omitted == ["denied"])
        }
    }
}
