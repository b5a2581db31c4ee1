// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import Identity
import Protocols

/// What speaks against a request that the policy allows: whose tasks they are, where the agent is sent, and where values
/// came from.
extension A2AMediation {
    func object(to facts: Facts) -> Verdict? {
        guard let request, let method = request.method, method != .extendedCard else { return nil }
        guard let owner else { return .deny(.identityMissing) }
        for task in request.tasks where !service.memory.owns(.task, task, owner) { return unknown() }
        guard let conversation = request.context else { return further(request, facts) }
        // A message may begin a conversation under a name of the client's own; everything else needs a known one.
        let isKnown = service.memory.owns(.context, conversation, owner)
        guard isKnown || method.isMessage && service.memory.isFree(.context, conversation) else { return unknown() }
        if let verdict = further(request, facts) { return verdict }
        guard !isKnown, case .refused = service.memory.claim(.context, conversation, owner) else { return nil }
        return unknown()
    }

    /// A list may hold tasks of others, and is the caller's own only where the answer is read.
    func objectToUnseenAnswer() -> Verdict? {
        guard let method = request?.method, method == .listTasks || method == .listPush else { return nil }
        return .deny(.operationUnknown, detail: "lists are read by the gate; call the service through it")
    }

    private func unknown() -> Verdict {
        namesUnknown = true
        return .deny(.argumentRefused, detail: "a2a_unknown_task: the caller has no such task or conversation here")
    }

    private func further(_ request: A2ARequest, _ facts: Facts) -> Verdict? {
        for webhook in request.webhooks {
            if let verdict = object(toWebhook: webhook) { return verdict }
        }
        for link in request.links {
            guard let link = A2ALink(link),
                let why = Self.forbidden(link.endpoint.host) ?? context.forbids(link.endpoint)
            else { continue }
            return .deny(.addressForbidden, detail: "a link in the message: \(why)")
        }
        return follow(request, facts)
    }

    /// A place that the agent shall tell of a task is one that the caller itself may reach.
    private func object(toWebhook text: String) -> Verdict? {
        guard let link = A2ALink(text) else { return .deny(.hostInvalid, detail: "the webhook is no web address") }
        guard link.isSecure else {
            return .deny(.portNotGranted, detail: "the webhook is not https, so that anybody could read what it gets")
        }
        if let why = Self.forbidden(link.endpoint.host) ?? context.forbids(link.endpoint) {
            return .deny(.addressForbidden, detail: "the webhook: \(why)")
        }
        var verdict = context.verdict(onReaching: link.endpoint)
        guard verdict.effect != .allow else { return nil }
        verdict.effect = .deny
        verdict.detail = "the webhook is judged as egress: \(verdict.detail ?? verdict.reason.title)"
        return verdict
    }

    /// Names that mean the agent's own machine or what hands out credentials there.
    static func forbidden(_ host: Host) -> String? {
        guard case .name(let name) = host else { return nil }
        let labels = name.description.utf8.split(separator: 0x2e)
        if labels.count < 2 { return "a name without a dot means something in the agent's own network" }
        if labels.last?.elementsEqual("localhost".utf8) ?? false { return "the name means the agent's own machine" }
        let isMetadata = ["metadata.google.internal", "metadata.goog"].contains {
            $0.utf8.elementsEqual(name.description.utf8)
        }
        return isMetadata ? "the name is that of a cloud's metadata service" : nil
    }

    // MARK: Provenance

    private func follow(_ request: A2ARequest, _ facts: Facts) -> Verdict? {
        guard let scope = ProvenanceScope(context, facts) else { return nil }
        let now = sessions.now()
        let skill = Self.subject(request)
        if request.method?.isMessage ?? false, let annotations = settings.annotations[skill] {
            let verdict = book.admit(
                scope.key, scope.beginning, tool: skill, arguments: .object(request.params),
                annotations: annotations, tools: context.taskLinks.first?.tools(for: skill),
                settings: settings.provenance, at: now)
            switch verdict {
            case .allowed(let records): provenance = records
            case .denied(let denial):
                return .deny(.provenanceRefused, detail: MCPMediation.plain(denial.description))
            }
        } else {
            book.begin(scope.key, scope.beginning, at: now)
        }
        followed = scope.key
        return nil
    }

    /// The skill, or the method.
    static func subject(_ request: A2ARequest) -> String {
        let method = request.method?.operationName ?? ""
        return request.method?.isMessage ?? false ? request.skill ?? method : method
    }

    /// Adds what the agent said to what the task has seen: text of others, whatever it looks like.
    func note(_ texts: [String]) {
        guard let followed, let request, !texts.isEmpty else { return }
        let text = texts.joined(separator: "\n")
        let known = settings.annotations[Self.subject(request)]
        book.note(
            .string(text), of: Self.subject(request), arguments: .object(request.params),
            annotations: known ?? ToolAnnotations(effect: .read, readsUntrustedContent: true), for: followed,
            bytes: text.utf8.count)
    }
}
