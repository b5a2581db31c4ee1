// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import ArgumentParser
import PolicyTool

/// `yett policy build`: makes a bundle.
struct PolicyBuildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build", abstract: "Make a bundle of policies and data, and sign it.",
        discussion: "The same files give the same bundle. Policies with mistakes are refused.")

    @Argument(help: ArgumentHelp("Files and directories.", valueName: "path"))
    var paths: [String]

    @Flag(name: [.customShort("b"), .long], help: "Take the paths for bundles, whose manifests count.")
    var bundle = false

    @Option(name: [.short, .long], help: ArgumentHelp("The file to write.", valueName: "file"))
    var output = "bundle.tar.gz"

    @Option(name: [.short, .long], help: ArgumentHelp("The revision in the manifest.", valueName: "text"))
    var revision: String?

    @Option(
        name: [.short, .long], parsing: .singleValue,
        help: ArgumentHelp("A rule that must be there, such as app/allow.", valueName: "path"))
    var entrypoint: [String] = []

    @Option(name: [.short, .long], help: ArgumentHelp("rego: the only form that yett makes.", valueName: "form"))
    var target = "rego"

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp(
            "Leave out files and directories of this name; * and ? stand for others.", valueName: "pattern"))
    var ignore: [String] = []

    @OptionGroup var signing: PolicySigningOptions

    func validate() throws {
        guard target.utf8.elementsEqual("rego".utf8) else {
            throw ValidationError("--target takes rego: yett evaluates the sources and makes neither wasm nor plans.")
        }
    }

    func run() throws {
        try PolicyFailure.reporting {
            var options = BundleBuild.Options()
            options.isBundle = bundle
            options.revision = revision
            options.entryPoints = entrypoint
            options.ignored = ignore
            options.signer = try signing.signer()
            try BundleBuild(paths, options: options).write(to: output)
        }
    }
}
