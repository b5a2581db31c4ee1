// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import ArgumentParser
import PolicyTool

/// `yett policy eval`: answers a query.
struct PolicyEvalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval", abstract: "Answer a query, such as data.app.allow.",
        discussion: """
            The exit code is 0 also when the query is undefined. 1 is the answer of --fail and --fail-defined, 2 an
            error.
            """)

    @Argument(help: ArgumentHelp("The query.", valueName: "query"))
    var query: String

    @OptionGroup var sources: PolicySourceOptions
    @OptionGroup var input: PolicyInputOptions

    @Option(
        name: [.short, .long],
        help: ArgumentHelp("json (the default), values, bindings, pretty, raw or discard.", valueName: "format"),
        transform: PolicyOutput.evaluationFormat)
    var format: QueryEvaluation.Format = .json

    @Option(
        help: ArgumentHelp("The package whose rules need no path.", valueName: "name")
    )
    var package: String?

    @Option(
        name: .customLong("import"), parsing: .singleValue,
        help: ArgumentHelp("What the query may name without its path.", valueName: "path"))
    var imports: [String] = []

    @Flag(help: "End with 1 when the query is undefined.")
    var fail = false

    @Flag(help: "End with 1 when the query is defined.")
    var failDefined = false

    @Flag(help: "Take the first error of a builtin for an error, not for undefined.")
    var strictBuiltinErrors = false

    @Flag(help: "Tell the first error of a builtin.")
    var showBuiltinErrors = false

    @Flag(name: [.customShort("S"), .customLong("strict")], help: "Refuse unused imports, variables and arguments.")
    var strict = false

    @Flag(help: "Report which lines ran.")
    var coverage = false

    @Option(help: ArgumentHelp("How long the evaluation may take, such as 5s.", valueName: "duration"))
    var timeout: PolicyTimeout?

    @Option(help: ArgumentHelp("A capabilities file of OPA: the only builtins there are.", valueName: "file"))
    var capabilities: String?

    func validate() throws {
        if fail && failDefined { throw ValidationError("--fail and --fail-defined exclude one another.") }
        if format == .source {
            throw ValidationError(
                "--format source shows partial evaluation, which yett does not do; take json or pretty.")
        }
    }

    func run() throws {
        let evaluation = try PolicyFailure.reporting(json: format == .json, code: 2) {
            var request = QueryEvaluation.Request(query: query, files: try sources.load())
            request.input = try input.read()
            request.package = package
            request.imports = imports
            request.coverage = coverage
            request.settings.isStrict = strictBuiltinErrors
            request.settings.checksStrictly = strict
            request.settings.builtinNames = try capabilities.map { try Capabilities.builtinNames(ofFile: $0) }
            if let timeout, timeout.nanoseconds > 0 { request.settings.timeout = timeout.nanoseconds }
            return try QueryEvaluation(request)
        }
        for note in evaluation.notes { Terminal.complain(Terminal.safe(note)) }
        if showBuiltinErrors, let problem = evaluation.builtinError { Terminal.complain(problem.text) }
        Terminal.write(evaluation.text(format))
        if evaluation.answers.isEmpty ? fail : failDefined { throw ExitCode(1) }
    }
}
