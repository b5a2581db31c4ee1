// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import ArgumentParser
import PolicyTool

/// `yett policy inspect`: shows what a bundle or directory holds.
struct PolicyInspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Show what a bundle, directory or file holds.")

    @Argument(help: ArgumentHelp("A bundle, directory or file.", valueName: "path"))
    var path: String

    @Flag(name: [.short, .long], help: "List the metadata blocks.")
    var annotations = false

    @Option(name: [.short, .long], help: ArgumentHelp("pretty or json.", valueName: "format"))
    var format: PolicyCheckCommand.Format = .pretty

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp(
            "Leave out files and directories of this name; * and ? stand for others.", valueName: "pattern"))
    var ignore: [String] = []

    func run() throws {
        let inspection = try PolicyFailure.reporting(json: format == .json) {
            try PolicyInspection(path, ignoring: ignore)
        }
        switch format {
        case .pretty: Terminal.write(Terminal.safeLines(inspection.pretty(withAnnotations: annotations)))
        case .json: Terminal.write(inspection.json(withAnnotations: annotations).jsonText() + "\n")
        }
    }
}
