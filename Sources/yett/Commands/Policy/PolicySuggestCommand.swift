// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import ArgumentParser
import PolicyTool

/// `yett policy suggest`: the smallest grants that cover what an agent asked for.
struct PolicySuggestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suggest", abstract: "Print the smallest grants that cover what an agent asked for.",
        discussion: """
            From recorded allows and denials; a part of the configuration for a person to review, with what each grant
            covers. Nothing is granted by it.
            """)

    @Option(help: ArgumentHelp("The agent.", valueName: "name or SPIFFE ID"))
    var agent: String

    @Option(help: ArgumentHelp("Records not older than this, such as 12h or 7d.", valueName: "age"))
    var since: String?

    @Option(help: ArgumentHelp("Grant a directory instead of more paths than this.", valueName: "count"))
    var maxPaths = 5

    @OptionGroup var options: AuditOptions

    func validate() throws {
        guard maxPaths > 0 else { throw ValidationError("--max-paths takes 1 or more.") }
    }

    func run() async throws {
        let name = AgentName.short(agent)
        var suggestion = GrantSuggestion(agent: name, pathLimit: maxPaths)
        var found = 0
        try await DecisionRecords.forEach(options, since: since) { decision in
            guard let recorded = decision.agent else { return }
            guard recorded.utf8.elementsEqual(agent.utf8) || AgentName.short(recorded).utf8.elementsEqual(agent.utf8)
            else { return }
            found += 1
            suggestion.add(decision)
        }
        guard found > 0 else {
            throw CommandFailure(
                "no decision about agent \(agent) is recorded", remedy: "yett audit query --kind decision")
        }
        Terminal.write(options.client.json ? suggestion.json.jsonText() + "\n" : suggestion.yaml)
    }
}
