// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import ArgumentParser
import Gateway

/// `yett check`: reads a configuration file and says what is wrong with it.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Check a configuration file and print every mistake.",
        discussion: "The exit code is 0 for a file that the gate would start with, and 2 otherwise.")

    @Argument(help: ArgumentHelp("The configuration file.", valueName: "file"))
    var file: String

    @Flag(help: "Print the configuration in force, every default written out.")
    var show = false

    @Flag(help: "Print JSON for programs.")
    var json = false

    func run() throws {
        let result = ConfigurationCheck.run(path: file)
        if json {
            Terminal.write(CheckReport(isUsable: result.isUsable, diagnostics: result.diagnostics).line)
        } else {
            for diagnostic in result.diagnostics { Terminal.complain(diagnostic) }
            if show, let text = result.effectiveText {
                Terminal.write(text)
            } else if result.isUsable {
                print("\(file): the gate would start with this configuration")
            }
        }
        if !result.isUsable { throw ExitCode(CommandFailure.Code.usage.rawValue) }
    }
}
