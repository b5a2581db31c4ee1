// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import ArgumentParser
import PolicyTool

/// `yett policy sign`: signs the files of a bundle in a directory.
struct PolicySignCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign", abstract: "Write .signatures.json for the files of a directory.",
        discussion:
            "The signature covers paths and contents, not when it was made: keep revisions apart by their names.")

    @Argument(help: ArgumentHelp("The root directory of the bundle.", valueName: "path"))
    var directory: String

    @Flag(name: [.customShort("b"), .long], help: "Accepted, as opa asks for it; the path is always a bundle.")
    var bundle = false

    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp("The directory that gets the file; the bundle itself by default.", valueName: "path"))
    var outputFilePath: String?

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp(
            "Leave out files and directories of this name; * and ? stand for others.", valueName: "pattern"))
    var ignore: [String] = []

    @OptionGroup var signing: PolicySigningOptions

    func run() throws {
        try PolicyFailure.reporting {
            guard let signer = try signing.signer() else {
                throw ValidationError("--signing-key is missing.")
            }
            try BundleSigning.sign(
                directory: directory, to: outputFilePath ?? directory, signer: signer, ignoring: ignore)
        }
    }
}
