// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Identity
import Protocols

extension MCPMediation {
    func object(to facts: Facts) -> Verdict? {
        guard let request else { return nil }
        if let objection { return objection }
        var isCounted = true
        if let brought = broughtState {
            if let task = brought.task, !task.utf8.elementsEqual((context.task?.task.id ?? "").utf8) {
                return .deny(.provenanceRefused, detail: "requestState: it was given within another task")
            }
            // A call that is repeated with the input that was asked for is still the same call, once.
            isCounted = !service.memory.use(state: brought.digest)
        }
        guard let book, let key = provenanceKey(facts) else { return nil }
        if case .task(.taskResult, _) = request.operation { followed = key }
        guard let (name, arguments) = Self.subject(request) else { return nil }
        if tool == nil { annotations = service.annotations(of: name) }
        guard let annotations else {
            if service.isAnnotated { book.begin(key, beginning, at: sessions.now()) }
            followed = key
            return nil
        }
        let verdict = book.admit(
            key, beginning, tool: name, arguments: arguments, annotations: annotations,
            tools: tool == nil ? nil : context.taskLinks.first?.tools(for: name), settings: settings.provenance,
            at: sessions.now(), isCounted: isCounted)
        switch verdict {
        case .allowed(let records):
            provenance = records
            followed = key
            return nil
        case .denied(let denial):
            return .deny(.provenanceRefused, detail: Self.plain(denial.description))
        }
    }

    /// A person is not asked about what would be refused in the end.
    func foresee(_ facts: Facts) -> Verdict? {
        if let objection { return objection }
        guard let request, broughtState == nil, let book, let key = provenanceKey(facts),
            let (name, arguments) = Self.subject(request),
            let annotations = tool == nil ? service.annotations(of: name) : annotations
        else { return nil }
        let verdict = book.foresee(
            key, beginning, tool: name, arguments: arguments, annotations: annotations,
            tools: tool == nil ? nil : context.taskLinks.first?.tools(for: name), settings: settings.provenance,
            at: sessions.now())
        guard case .denied(let denial) = verdict else { return nil }
        return .deny(.provenanceRefused, detail: Self.plain(denial.description))
    }

    /// The tool or method and its arguments, where values are judged at all.
    private static func subject(_ request: MCPRequest) -> (String, JSONValue)? {
        switch request.operation {
        case .callTool(let name, let arguments): return (name, .object(arguments))
        case .readResource(let uri): return (MCPMethod.readResource.rawValue, ["uri": .string(uri)])
        case .getPrompt(let name, let arguments):
            return (MCPMethod.getPrompt.rawValue, ["name": .string(name), "arguments": .object(arguments)])
        default: return nil
        }
    }

    /// Whose values they are: those of the outermost task, so that handing on a part neither forgets what was read nor
    /// lets an agent's own words vouch.
    private func provenanceKey(_ facts: Facts) -> ProvenanceBook.Key? {
        if let root = context.taskLinks.last { return .task(root.id) }
        if let task = context.task, let id = TaskID(task.task.id) { return .task(id) }
        guard settings.judgesOutsideTasks, let identity = context.identity ?? facts.identity else { return nil }
        return .agent(identity.id)
    }

    private var beginning: ProvenanceBook.Beginning {
        guard let root = context.taskLinks.last else {
            return ProvenanceBook.Beginning(expires: context.task?.task.expires)
        }
        // What an agent wrote as the purpose of a task names nothing; a person writes as a user, signed in or not.
        let isOfPerson = ["uid:", "session uid:"].contains { root.origin.utf8.starts(with: $0.utf8) }
        return ProvenanceBook.Beginning(
            request: isOfPerson ? root.purpose : "", identity: isOfPerson ? context.personValues : [],
            expires: root.expires)
    }

    /// A detail that may be shown: bounded, and without what is not seen.
    static func plain(_ text: String) -> String {
        let start = String(decoding: text.utf8.prefix(400), as: UTF8.self)
        return HiddenText.removed(from: start)
    }

    // MARK: Results

    /// The member of a result's `_meta` that says that text of others is in it.
    static let untrustedName = "io.yett/untrusted"

    /// Adds what a call brought back to what the task has seen.
    func note(_ result: JSONObject, of name: String, arguments: JSONValue?, _ annotations: ToolAnnotations?) {
        guard let book, let followed else { return }
        let parts = MCPResultParts(result, annotations)
        for part in parts.values {
            // Where the arguments were not kept, an echo cannot be told from news, so nothing vouches.
            let value = arguments == nil ? JSONValue.string(part.text) : part
            book.note(
                value, of: name, arguments: arguments ?? .null,
                annotations: annotations ?? ToolAnnotations(effect: .read),
                for: followed, bytes: parts.bytes(of: part))
        }
    }
}
