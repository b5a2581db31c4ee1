// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Decision
internal import Protocols

extension ConfigurationReader {
    /// Reads `leaks` of a grant.
    func readLeakTerms(_ value: Value) -> LeakTerms? {
        guard var section = value.mapping("what is done about what is found") else { return nil }
        var terms = LeakTerms()
        for kind in LeakTerms.Kind.allCases {
            guard let entry = section.value(kind.rawValue) else { continue }
            terms.requests[kind] = entry.word(kind.requestActions)
        }
        if let entry = section.value("canaries") { refuseCanaries(entry) }
        if let answers = section.value("answers"), var section = answers.mapping("what is done about answers") {
            for kind in LeakTerms.Kind.answered {
                guard let entry = section.value(kind.rawValue) else { continue }
                terms.answers[kind] = entry.word(kind.answerActions)
            }
            if let entry = section.value("canaries") { refuseCanaries(entry) }
            section.finish()
        }
        section.finish()
        return terms.isEmpty ? nil : terms
    }

    private func refuseCanaries(_ value: Value) {
        value.error(
            "no grant says what happens when a canary is sent",
            hint: "whoever sends one is refused and in quarantine, whatever is granted")
    }
}

extension LeakTerms.Kind {
    /// What may be said of requests. A registered secret never passes as it is, and no person is shown it; what cannot be
    /// taken out without hiding what it is about is not redacted.
    fileprivate var requestActions: KeyValuePairs<String, LeakTerms.Action> {
        switch self {
        case .secrets: ["redact": .redact, "deny": .deny]
        case .patterns, .numbers, .personal: ["allow": .allow, "redact": .redact, "hold": .hold, "deny": .deny]
        case .opaque, .instructions, .commands: ["allow": .allow, "hold": .hold, "deny": .deny]
        case .encoded: ["allow": .allow, "deny": .deny]
        }
    }

    /// What may be said of answers, about which nobody is asked.
    fileprivate var answerActions: KeyValuePairs<String, LeakTerms.Action> {
        switch self {
        case .secrets: ["redact": .redact, "deny": .deny]
        case .patterns, .numbers, .personal: ["allow": .allow, "redact": .redact, "deny": .deny]
        case .opaque, .instructions, .commands, .encoded: ["allow": .allow, "deny": .deny]
        }
    }

    /// Those that are looked for in answers.
    fileprivate static var answered: [LeakTerms.Kind] { allCases.filter { $0 != .opaque } }
}

extension LeakTerms.Action {
    fileprivate var word: String {
        switch self {
        case .allow: "allow"
        case .redact: "redact"
        case .hold: "hold"
        case .deny: "deny"
        }
    }
}

extension LeakTerms {
    /// Writes what is said.
    func write(_ writer: inout YAMLWriter) {
        for kind in Kind.allCases {
            if let action = requests[kind] { writer.entry(kind.rawValue, raw: action.word) }
        }
        guard !answers.isEmpty else { return }
        writer.section("answers") { writer in
            for kind in Kind.allCases {
                if let action = answers[kind] { writer.entry(kind.rawValue, raw: action.word) }
            }
        }
    }

    /// What is said, as policies see it.
    var data: JSONValue {
        var object = Self.object(requests)
        if !answers.isEmpty { object["answers"] = .object(Self.object(answers)) }
        return .object(object)
    }

    private static func object(_ actions: [Kind: Action]) -> JSONObject {
        var object = JSONObject()
        for kind in Kind.allCases {
            if let action = actions[kind] { object[kind.rawValue] = .string(action.word) }
        }
        return object
    }
}
