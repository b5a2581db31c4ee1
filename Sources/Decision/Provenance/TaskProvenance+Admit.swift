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
        if let rule = refusal(of: tool, annotations, tools) {
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
    private func refusal(of tool: String, _ annotations: ToolAnnotations, _ tools: TaskTools?) -> ProvenanceRule? {
        let spent = calls[tool] ?? 0
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
