// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Rego
import Testing

@Suite("Verdicts of a user's policy") struct PolicyVerdictTests {
    private static let package = "package yett.authz\n"

    /// A policy, what it comes to for a granted tunnel, and words that the detail holds.
    struct Case: Sendable {
        let text: String
        let effect: Verdict.Effect
        let reason: ReasonCode
        var detail = ""
        var codes: [String] = []
    }

    private static let cases: [Case] = [
        Case(text: package, effect: .allow, reason: .granted),
        Case(
            text: package + #"deny contains {"code": "night", "message": "come back later"} if input.time > 0"#,
            effect: .deny, reason: .policyDenied, detail: "night: come back later", codes: ["night"]),
        Case(
            text: package + #"deny contains "plain words" if input.destination.host == "web.test""#,
            effect: .deny, reason: .policyDenied, detail: "plain words", codes: ["plain words"]),
        Case(
            text: package + "deny contains 7 if true\ndeny contains {\"message\": \"m\"} if true", effect: .deny,
            reason: .policyDenied, detail: "7; refused: m", codes: ["7", "refused"]),
        Case(
            text: package + #"hold contains {"code": "four_eyes", "message": "ask"} if input.identity.strength < 3"#,
            effect: .hold, reason: .policyHeld, detail: "four_eyes: ask", codes: ["four_eyes"]),
        Case(
            text: package + "verdict := {\"allow\": true}", effect: .allow, reason: .policyAllowed),
        Case(text: package + "verdict := true", effect: .allow, reason: .policyAllowed),
        Case(text: package + "verdict := false", effect: .deny, reason: .policyDenied, detail: "does not allow"),
        Case(
            text: package + "verdict := {\"allow\": false} if yett.granted(input)", effect: .deny,
            reason: .policyDenied, detail: "does not allow"),
        Case(
            text: package + "verdict := true if input.time < 0", effect: .deny, reason: .policyUndefined,
            detail: "data.yett.authz.verdict is undefined"),
        Case(text: package + "verdict := \"yes\"", effect: .deny, reason: .policyInvalid, detail: "neither"),
        Case(text: package + "verdict := {\"allow\": \"yes\"}", effect: .deny, reason: .policyInvalid),
        Case(text: package + "verdict := {}", effect: .deny, reason: .policyInvalid),
        Case(text: package + "verdict := {\"allow\": true, \"deny\": 7}", effect: .deny, reason: .policyInvalid),
        Case(
            text: package + "verdict := {\"allow\": true, \"deny\": true}", effect: .deny, reason: .policyDenied,
            codes: ["refused"]),
        Case(
            text: package + "verdict := {\"allow\": true, \"deny\": {\"late\": \"too late\"}}", effect: .deny,
            reason: .policyDenied, detail: "late: too late", codes: ["late"]),
        Case(
            text: package + "verdict := {\"allow\": false, \"hold\": [\"x\"]}", effect: .deny, reason: .policyDenied),
        Case(
            text: package + "obligations contains \"wash_hands\" if true", effect: .deny, reason: .policyObligation,
            detail: "wash_hands"),
        Case(
            text: package + "verdict := input.time\nverdict := input.destination.port", effect: .deny,
            reason: .policyError, detail: "eval_conflict_error"),
        Case(
            text: package + "deny contains \"x\" if to_number(input.destination.host) > 3", effect: .deny,
            reason: .policyBuiltinError, detail: "to_number"),
        Case(
            text: package
                + "deny contains \"x\" if count([1 | some i in numbers.range(1, 100000); some j in numbers.range(1, 100000); i == j]) > input.time",
            effect: .deny, reason: .policyLimit, detail: "instructions"),
    ]

    @Test("are read from the document, with a reason of their own for each way to fail", arguments: cases)
    func verdict(_ example: Case) throws {
        let verdict = try PolicyFixture.decide(example.text, try GrantFixture.tunnel("web.test"))
        #expect(verdict.effect == example.effect)
        #expect(verdict.reason == example.reason)
        #expect(example.detail.isEmpty || verdict.detail?.contains(example.detail) == true, "\(verdict.detail ?? "")")
        #expect(verdict.policyCodes == example.codes)
    }

    @Test("every reason that a policy can give is provoked here")
    func complete() {
        // Where there is no policy yet, none gives a reason.
        let wanted = ReasonCode.allCases.filter { $0.rawValue.hasPrefix("policy_") && $0 != .policyNotReady }
        #expect(wanted.allSatisfy { code in Self.cases.contains { $0.reason == code } })
    }

    @Test(
        "a failing builtin counts as the operator chose",
        arguments: [
            (DecisionPolicy.BuiltinErrorRule.deny, ReasonCode.policyBuiltinError), (.ignore, .granted),
            (.strict, .policyBuiltinError),
        ])
    func builtinErrors(rule: DecisionPolicy.BuiltinErrorRule, reason: ReasonCode) throws {
        let text = Self.package + "deny contains \"x\" if to_number(input.destination.host) > 3"
        let verdict = try PolicyFixture.decide(text, try GrantFixture.tunnel("web.test")) { $0.onBuiltinError = rule }
        #expect(verdict.reason == reason)
    }

    @Test("a failing builtin does not change what is refused anyway")
    func refusedAnyway() throws {
        let text = Self.package + "deny contains \"x\" if to_number(input.destination.host) > 3"
        let verdict = try PolicyFixture.decide(text, try GrantFixture.tunnel("other.test"))
        #expect(verdict.reason == .hostNotGranted)
    }

    @Test("obligations add to those of the grant")
    func obligations() throws {
        let text =
            Self.package + "obligations contains \"allow_encrypted_client_hello\" if input.destination.port == 443"
        let verdict = try PolicyFixture.decide(text, try GrantFixture.tunnel("web.test"))
        #expect(verdict.obligations == [.requireMatchingServerName, .allowEncryptedClientHello])
    }

    @Test("a tunnel that only the policy allows must still name its server")
    func withoutGrant() throws {
        let verdict = try PolicyFixture.decide(
            Self.package + "verdict := true", try GrantFixture.tunnel("elsewhere.test"))
        #expect(verdict.obligations == .requireMatchingServerName)
        #expect(verdict.grant == nil)
    }

    @Test("another entry point decides when it is named")
    func entryPoint() throws {
        let text = "package app.rules\nok if input.destination.port == 443"
        let facts = try GrantFixture.tunnel("web.test")
        #expect(try PolicyFixture.decide(text, facts) { $0.entryPoint = ["app", "rules", "ok"] }.effect == .allow)
        #expect(
            try PolicyFixture.decide(text, try GrantFixture.tunnel("web.test", 25)) {
                $0.entryPoint = ["app", "rules", "ok"]
            }.reason == .policyUndefined)
    }

    @Test("yett.granted answers for the request under decision only")
    func granted() throws {
        let other = "allow if yett.granted({\"destination\": {\"host\": \"web.test\", \"port\": 443}})"
        let verdict = try PolicyFixture.decide(Self.package + other, try GrantFixture.tunnel("other.test"))
        #expect(verdict.reason == .hostNotGranted)
    }
}

extension PolicyVerdictTests.Case: CustomTestStringConvertible {
    var testDescription: String { text.split(separator: "\n").last.map(String.init) ?? "nothing" }
}
