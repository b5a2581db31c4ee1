// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import ArgumentParser
import PolicyTool

/// `yett policy check`: finds mistakes in policies.
struct PolicyCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Find mistakes in policies, with the place of each.",
        discussion: "Prints nothing and ends with 0 when there are none, else with 1.")

    /// The forms of the list.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case pretty
        case json
    }

    @Argument(help: ArgumentHelp("Files and directories.", valueName: "path"))
    var paths: [String]

    @Flag(name: [.customShort("b"), .long], help: "Take the paths for bundles.")
    var bundle = false

    @Flag(name: [.customShort("S"), .long], help: "Refuse unused imports, variables and arguments.")
    var strict = false

    @Option(name: [.short, .long], help: ArgumentHelp("pretty or json.", valueName: "format"))
    var format: Format = .pretty

    @Option(
        name: [.customShort("m"), .long],
        help: ArgumentHelp("The most mistakes that are listed; 0: all.", valueName: "count"))
    var maxErrors = 10

    @Option(help: ArgumentHelp("A capabilities file of OPA: the only builtins there are.", valueName: "file"))
    var capabilities: String?

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp(
            "Leave out files and directories of this name; * and ? stand for others.", valueName: "pattern"))
    var ignore: [String] = []

    func validate() throws {
        guard maxErrors >= 0 else { throw ValidationError("--max-errors takes 0 or more.") }
    }

    func run() throws {
        try PolicyFailure.reporting(json: format == .json) {
            var options = LoadedFiles.Options()
            options.ignored = ignore
            options.readsData = false
            var files = try LoadedFiles(bundle ? [] : paths, options: options)
            if bundle { for path in paths { try files.add(bundle: path) } }
            var settings = ToolSettings()
            settings.checksStrictly = strict
            settings.errorLimit = maxErrors == 0 ? 10_000 : maxErrors
            settings.builtinNames = try capabilities.map { try Capabilities.builtinNames(ofFile: $0) }
            if let note = files.emptinessNote { Terminal.complain("\(paths.joined(separator: " ")): \(note)") }
            try PolicyCheck.run(files: files, settings: settings)
        }
    }
}
