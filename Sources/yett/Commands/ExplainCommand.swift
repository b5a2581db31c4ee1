// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import ArgumentParser
import Identity
import NIOCore

/// `yett explain`: why a decision fell as it did.
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Say step by step why a decision fell as it did.",
        discussion: """
            Shows what was recorded, judges the recorded facts again under the configuration that serves now, and
            prints the grant that would allow what was denied.
            """)

    @Argument(help: ArgumentHelp("The decision, as in a refusal or in `yett ps`.", valueName: "d-…"))
    var decision: String

    @OptionGroup var client: ClientOptions

    func run() async throws {
        try await client.withGate { gate in
            let path = "decisions/\(FormText.escaped(decision))"
            if client.json { return print(String(buffer: try await gate.ask(path))) }
            Terminal.write(Self.text(try await gate.ask(path, for: DecisionExplanation.self)))
        }
    }

    private static func text(_ explanation: DecisionExplanation) -> String {
        var recorded = FactSheet()
        for member in explanation.recorded { recorded.add("  " + member.name, member.value) }
        var text = "Decision \(explanation.decision), record \(explanation.index)\n\nRecorded\n\(recorded.text)"
        if let now = explanation.now {
            text += "\nUnder revision \(now.revision), which serves now\n"
            for step in now.steps { text += "  \(Terminal.safe(step))\n" }
            text += "  → \(now.verdict): \(now.reason)\(now.detail.map { ", \(Terminal.safe($0))" } ?? "")\n"
        }
        for note in explanation.notes { text += "\nNote: \(Terminal.safe(note))\n" }
        if let suggestion = explanation.suggestion { text += "\nThis grant would allow it:\n\n\(suggestion)" }
        return text.hasSuffix("\n") ? text : text + "\n"
    }
}
