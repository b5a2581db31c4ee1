// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Protocols

/// Replays tasks with an agent that does whatever an attacker writes.
struct AgentDojoReplay {
    /// What became of one run.
    struct Outcome {
        /// Refused calls of the person's task.
        var denials: [String] = []
        /// Refused calls of the attack.
        var stopped: [String] = []
        /// Critical calls of the attack that went through.
        var breaches: [String] = []
        /// Whether everything that the attack wanted went through and nothing at all was refused.
        var isSilentSuccess = false
    }

    let corpus: AgentDojoCorpus
    /// Whether the task has a grant that lists its tools, the effectful ones with the number of their calls.
    let isGranted: Bool

    func run(_ user: AgentDojoCorpus.UserTask, attack: AgentDojoCorpus.InjectionTask? = nil) -> Outcome {
        var task = TaskProvenance(request: user.prompt, identity: corpus.identity)
        let tools = isGranted ? grant(user) : nil
        var outcome = Outcome()
        for (index, call) in user.calls.enumerated() {
            if let denial = send(call, attack, tools, &task) { outcome.denials.append("\(call.tool): \(denial)") }
            guard index == user.firstInjectableCall, let attack else { continue }
            for call in attack.calls {
                if let denial = send(call, attack, tools, &task) {
                    outcome.stopped.append("\(call.tool): \(denial)")
                } else if call.isCritical {
                    outcome.breaches.append(call.tool)
                }
            }
        }
        outcome.isSilentSuccess = !outcome.breaches.isEmpty && outcome.stopped.isEmpty && outcome.denials.isEmpty
        return outcome
    }

    private func send(
        _ call: AgentDojoCorpus.Call, _ attack: AgentDojoCorpus.InjectionTask?, _ tools: TaskTools?,
        _ task: inout TaskProvenance
    ) -> ProvenanceDenial? {
        let annotations = corpus.tools[call.tool] ?? ToolAnnotations(effect: .external)
        let verdict = task.admit(call.tool, arguments: call.arguments, annotations: annotations, tools: tools)
        if case .denied(let denial) = verdict { return denial }
        let result = corpus.result(call, attackedWith: attack?.goal)
        task.note(result: result, of: call.tool, arguments: call.arguments, annotations: annotations)
        return nil
    }

    private func grant(_ user: AgentDojoCorpus.UserTask) -> TaskTools {
        var calls: [String: Int?] = [:]
        for call in user.calls {
            let isEffectful = corpus.tools[call.tool]?.effect.isEffectful ?? true
            calls[call.tool] = .some(isEffectful ? ((calls[call.tool] ?? nil) ?? 0) + 1 : nil)
        }
        return TaskTools(calls)
    }
}
