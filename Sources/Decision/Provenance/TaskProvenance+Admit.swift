// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Protocols

extension TaskProvenance {
    /// Judges a call and counts it when it is allowed. Without `tools` the task has no grant.
    public mutating func admit(
        _ tool: String, arguments: JSONValue, annotations: ToolAnnotations, tools: TaskTools? = nil
    ) -> ProvenanceVerdict {
        let verdict = judge(tool, arguments: arguments, annotations: annotations, tools: tools)
        if verdict.isAllowed { count(tool, arguments, annotations) }
        return verdict
    }

    /// Judges a call and counts nothing.
    public func judge(
        _ tool: String, arguments: JSONValue, annotations: ToolAnnotations, tools: TaskTools? = nil
    ) -> ProvenanceVerdict {
        judge(tool, arguments, annotations, tools, spent: calls[tool] ?? 0)
    }

    /// Judges a call that was counted before and comes again with the input that was asked for.
    func judgeAgain(
        _ tool: String, arguments: JSONValue, annotations: ToolAnnotations, tools: TaskTools?
    ) -> ProvenanceVerdict {
        judge(tool, arguments, annotations, tools, spent: max((calls[tool] ?? 0) &- 1, 0))
    }

    private func judge(
        _ tool: String, _ arguments: JSONValue, _ annotations: ToolAnnotations, _ tools: TaskTools?, spent: Int
    ) -> ProvenanceVerdict {
        if let rule = refusal(of: tool, annotations, tools, spent) {
            return .denied(ProvenanceDenial(rule: rule, argument: nil, origin: .unseen))
        }
        var judge = ArgumentJudge(task: self, annotations: annotations, isGranted: tools != nil)
        guard judge.measure(arguments) else {
            return .denied(ProvenanceDenial(rule: .tooLarge, argument: nil, origin: .unseen))
        }
        judge.judge(arguments)
        if let denial = judge.denial { return .denied(denial) }
        return .allowed(judge.records)
    }

    /// The rules that look at no argument.
    private func refusal(
        of tool: String, _ annotations: ToolAnnotations, _ tools: TaskTools?, _ spent: Int
    ) -> ProvenanceRule? {
        if let tools {
            guard let limit = tools.calls[tool] else { return .toolOutsideGrant }
            if let limit, spent >= limit { return .callBudget }
        } else if annotations.effect.isEffectful, spent >= settings.ungrantedCalls {
            return .callBudget
        }
        let sends = annotations.effect == .external
        if sends, hasReadPrivateData || annotations.readsPrivateData,
            hasReadUntrustedContent || annotations.readsUntrustedContent
        {
            return .privateUntrustedExternal
        }
        return nil
    }
}
