// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Protocols

/// Answers that the gate makes by itself, in the form in which the client expects errors of its provider.
struct ModelReplies {
    /// The interface in whose form errors are told.
    var form = ModelAPI.chatCompletions
    /// The decision on the exchange.
    var decision: DecisionID?

    /// Fields of every answer with JSON in it.
    static let fields = [MCPField("content-type", "application/json"), MCPField("cache-control", "no-store")]

    /// An error.
    ///
    /// - Parameters:
    ///   - reason: Why, as records have it.
    ///   - code: Why, more closely.
    func error(_ status: UInt16, _ reason: ReasonCode, code: String, _ message: String) -> MediatedAnswer {
        var answer = MediatedAnswer(status: status, fields: Self.fields)
        answer.fields.append(MCPField("yett-reason", reason.rawValue))
        if let decision { answer.fields.append(MCPField("yett-decision", decision.description)) }
        // Official clients try again by themselves after these; a budget does not come back by that.
        if reason == .budgetExhausted { answer.fields.append(MCPField("x-should-retry", "false")) }
        let body = ModelErrorBody(message: message + next, code: code, kind: ModelErrorBody.Kind(status: status))
        answer.body = body.bytes(for: form)
        return answer
    }

    /// What to do next, as the end of a message.
    var next: String { decision.map { " Next: yett explain \($0)" } ?? "" }

    /// The answer to a message that breaks a rule.
    func refusal(_ refusal: ModelRefusal) -> MediatedAnswer {
        let reason = Self.reason(refusal)
        var answer = error(refusal.status, reason, code: refusal.code, refusal.description)
        if refusal.fault == .provider {
            answer.events.append(MediationEvent(code: refusal.code, detail: refusal.description))
        }
        return answer
    }

    /// The reason code of a broken rule.
    static func reason(_ refusal: ModelRefusal) -> ReasonCode {
        if refusal.fault == .provider { return .upstreamInvalid }
        return refusal.status == 413 ? .requestTooLarge : .protocolViolation
    }

    /// A denial of the whole exchange.
    func denial(_ verdict: Verdict, missingGrant: String?) -> MediatedAnswer {
        let status = verdict.answer?.status ?? verdict.reason.status
        var message = verdict.reason.title
        if let detail = verdict.detail { message += " (\(detail))" }
        if !verdict.policyCodes.isEmpty { message += " Codes: \(verdict.policyCodes.joined(separator: ", "))." }
        if let missingGrant { message += " It would take this grant: \(missingGrant)" }
        var answer = error(UInt16(exactly: status) ?? 403, verdict.reason, code: verdict.reason.rawValue, message)
        for field in verdict.answer?.fields ?? [] {
            let name = field.name.lowercased()
            guard !answer.fields.contains(where: { $0.name.utf8.elementsEqual(name.utf8) }) else { continue }
            answer.fields.append(MCPField(name, field.value))
        }
        return answer
    }
}
