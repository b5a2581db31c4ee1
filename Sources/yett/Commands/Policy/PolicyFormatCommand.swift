// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import ArgumentParser
import PolicyTool

/// `yett policy fmt`: lays out sources.
struct PolicyFormatCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fmt", abstract: "Print policies in their canonical layout.",
        discussion: "Without paths standard input is read.")

    @Argument(help: ArgumentHelp("Files and directories.", valueName: "path"))
    var paths: [String] = []

    @Flag(name: [.short, .long], help: "Write the layout into the files.")
    var write = false

    @Flag(name: [.short, .long], help: "Print only what would change.")
    var diff = false

    @Flag(name: [.short, .long], help: "Print only the names of files that would change.")
    var list = false

    @Flag(help: "End with 2 when something would change.")
    var fail = false

    func validate() throws {
        if write && paths.isEmpty { throw ValidationError("--write needs files to write into.") }
    }

    func run() throws {
        let files = try PolicyFailure.reporting(code: 2) {
            try FormattedFile.files(at: paths.isEmpty ? ["-"] : paths)
        }
        for file in files {
            if list {
                if !file.isCanonical { Terminal.write("\(file.path)\n") }
            } else if diff {
                if !file.isCanonical { Terminal.write(file.difference) }
            } else if !write && !(fail && file.isCanonical) {
                Terminal.write(String(decoding: file.formatted, as: UTF8.self))
            }
            if write && !file.isCanonical { try PolicyFailure.reporting(code: 2) { try file.write() } }
        }
        if fail && files.contains(where: { !$0.isCanonical }) {
            Terminal.complain("unexpected diff")
            throw ExitCode(2)
        }
    }
}
