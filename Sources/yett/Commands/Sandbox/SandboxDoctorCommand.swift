// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import ArgumentParser
import Gateway

/// `yett sandbox doctor`: what of the sandboxes works on this machine.
struct SandboxDoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Say which sandboxes this machine can run, and what the others lack.",
        discussion: """
            Each driver is tried by a real run, as the user who types this. No gate has to run. Exit code 0 when at least one
            driver works.
            """)

    @Option(help: ArgumentHelp("The directory with installed images.", valueName: "path"))
    var images: String?

    @Flag(help: "Print JSON for programs.")
    var json = false

    func run() async throws {
        let findings = await SandboxDoctor.examine(images: images)
        if json {
            print(SandboxDoctor.json(findings))
        } else {
            Terminal.write(Self.text(findings))
        }
        if !findings.contains(where: \.isUsable) { throw ExitCode(CommandFailure.Code.failed.rawValue) }
    }

    private static func text(_ findings: [SandboxDoctor.Finding]) -> String {
        var text = ""
        for finding in findings {
            text += "\(finding.driver): \(finding.isUsable ? "works" : "does not work")\n"
            for line in finding.lines { text += "  \(Terminal.safe(line))\n" }
            if let remedy = finding.remedy { text += "  → \(Terminal.safe(remedy))\n" }
        }
        return text
    }
}
