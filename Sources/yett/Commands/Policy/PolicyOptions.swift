// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import ArgumentParser
import PolicyTool

/// Where the commands that evaluate take modules and base documents from.
struct PolicySourceOptions: ParsableArguments {
    @Option(
        name: [.short, .long], parsing: .singleValue,
        help: ArgumentHelp("A .rego, .json or .yaml file, or a directory; may be repeated.", valueName: "path"))
    var data: [String] = []

    @Option(
        name: [.short, .long], parsing: .singleValue,
        help: ArgumentHelp("A bundle: a .tar.gz file or a directory; may be repeated.", valueName: "path"))
    var bundle: [String] = []

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp(
            "Leave out files and directories of this name; * and ? stand for others.", valueName: "pattern"))
    var ignore: [String] = []

    @Option(
        help: ArgumentHelp(
            "Bundles must be signed; the public key's PEM file, for HS256 also the secret.", valueName: "key"))
    var verificationKey: String?

    @Option(help: ArgumentHelp("The name of that key in signatures.", valueName: "name"))
    var verificationKeyId = "default"

    @Option(help: ArgumentHelp("The algorithm of signatures.", valueName: "name"))
    var signingAlg = "RS256"

    @Option(help: ArgumentHelp("What signatures must be for.", valueName: "name"))
    var scope: String?

    /// The files.
    func load() throws(PolicyProblem) -> LoadedFiles {
        var options = LoadedFiles.Options()
        options.ignored = ignore
        var files = try LoadedFiles(data, options: options)
        let verification = try verificationKey.map { (key) throws(PolicyProblem) in
            try BundleKeys.verification(
                key: key, algorithm: signingAlg, identifier: verificationKeyId, scope: scope)
        }
        for path in bundle { try files.add(bundle: path, verification: verification) }
        return files
    }
}

/// Where an input comes from.
struct PolicyInputOptions: ParsableArguments {
    @Option(name: [.short, .long], help: ArgumentHelp("The input: a JSON or YAML file.", valueName: "file"))
    var input: String?

    @Flag(name: [.customShort("I"), .long], help: "Read the input from standard input, as JSON.")
    var stdinInput = false

    func validate() throws {
        if input != nil && stdinInput { throw ValidationError("--input and --stdin-input exclude one another.") }
    }

    /// The input, if one was given.
    func read() throws -> (name: String, form: DocumentForm, bytes: [UInt8])? {
        if stdinInput { return ("standard input", .json, try FileTree.read("-")) }
        return try input.map { ($0, DocumentForm(path: $0) ?? .json, try FileTree.read($0)) }
    }
}

/// A duration as a person types it.
struct PolicyTimeout: ExpressibleByArgument {
    let nanoseconds: UInt64

    init?(argument: String) {
        guard let nanoseconds = DurationText.nanoseconds(argument) else { return nil }
        self.nanoseconds = nanoseconds
    }
}

/// The forms of output as a person types them.
enum PolicyOutput {
    /// A form of `yett policy eval`.
    static func evaluationFormat(_ text: String) throws -> QueryEvaluation.Format {
        guard let format = QueryEvaluation.Format(rawValue: text) else {
            throw ValidationError("“\(text)” is no format; take json, values, bindings, pretty, raw or discard.")
        }
        return format
    }
}
