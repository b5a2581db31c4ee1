// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import ArgumentParser
import PolicyTool

/// `yett policy test`: runs tests written in Rego.
struct PolicyTestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Run the rules whose names begin with test_.",
        discussion: """
            A test passes when it is defined and not false. test_x[name] tells its cases apart; todo_test_x is skipped.
            Builtins such as http.send may be replaced by `with`. The exit code is 2 when a test fails, and when one is
            skipped unless --exit-zero-on-skipped is given.
            """)

    /// The forms of the report.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case pretty
        case json
        case gobench
    }

    @Argument(help: ArgumentHelp("Files and directories.", valueName: "path"))
    var paths: [String]

    @Flag(name: [.customShort("b"), .long], help: "Take the paths for bundles.")
    var bundle = false

    @Flag(name: [.short, .long], help: "Show passed tests too.")
    var verbose = false

    @Option(
        name: [.customShort("r"), .customLong("run")],
        help: ArgumentHelp("Only tests in whose full name this is found.", valueName: "regular expression"))
    var pattern: String?

    @Option(name: [.short, .long], help: ArgumentHelp("pretty, json or gobench.", valueName: "format"))
    var format: Format = .pretty

    @Flag(name: [.short, .long], help: "Report which lines ran, as JSON.")
    var coverage = false

    @Option(help: ArgumentHelp("End with 2 when fewer lines ran than this share.", valueName: "percent"))
    var threshold: Double = 0

    @Flag(help: "Measure how long the tests take.")
    var bench = false

    @Option(help: ArgumentHelp("How often each test is run.", valueName: "count"))
    var count = 1

    @Option(help: ArgumentHelp("How long a test may take.", valueName: "duration"))
    var timeout: PolicyTimeout?

    @Flag(name: [.customShort("z"), .long], help: "Do not count skipped tests as failed.")
    var exitZeroOnSkipped = false

    @Flag(name: [.customShort("S"), .long], help: "Refuse unused imports, variables and arguments.")
    var strict = false

    @Option(
        name: [.customShort("m"), .long], help: ArgumentHelp("The most mistakes that are listed.", valueName: "count"))
    var maxErrors = 10

    @Option(help: ArgumentHelp("A capabilities file of OPA: the only builtins there are.", valueName: "file"))
    var capabilities: String?

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp(
            "Leave out files and directories of this name; * and ? stand for others.", valueName: "pattern"))
    var ignore: [String] = []

    func validate() throws {
        guard (0...100).contains(threshold) else { throw ValidationError("--threshold takes 0 to 100.") }
        guard count > 0 else { throw ValidationError("--count takes 1 or more.") }
    }

    func run() throws {
        let runner = try PolicyFailure.reporting(json: format == .json) {
            var options = TestRunner.Options()
            options.pattern = pattern
            options.coverage = coverage || threshold > 0
            options.count = count
            options.settings.checksStrictly = strict
            options.settings.errorLimit = max(1, maxErrors)
            options.settings.builtinNames = try capabilities.map { try Capabilities.builtinNames(ofFile: $0) }
            if let timeout, timeout.nanoseconds > 0 { options.settings.timeout = timeout.nanoseconds }
            return try TestRunner(files: try load(), options: options)
        }
        guard !bench else { return try measure(runner) }
        let outcomes = runner.run()
        if coverage || threshold > 0 {
            let failed = outcomes.filter { $0.result != .passed && $0.result != .skipped }
            if !failed.isEmpty { Terminal.complain(Terminal.safeLines(TestText.pretty(failed, verbose: false))) }
            Terminal.write(runner.coverage.json.jsonText() + "\n")
            if runner.coverage.percentage < threshold {
                Terminal.complain(
                    "Code coverage threshold not met: got \(runner.coverage.percentage) instead of \(threshold)")
                throw ExitCode(2)
            }
        } else if format == .json {
            Terminal.write(TestText.json(outcomes))
        } else {
            Terminal.write(Terminal.safeLines(TestText.pretty(outcomes, verbose: verbose)))
        }
        if outcomes.contains(where: { $0.result != .passed && !($0.result == .skipped && exitZeroOnSkipped) }) {
            throw ExitCode(2)
        }
    }

    private func load() throws(PolicyProblem) -> LoadedFiles {
        var options = LoadedFiles.Options()
        options.ignored = ignore
        var files = try LoadedFiles(bundle ? [] : paths, options: options)
        if bundle { for path in paths { try files.add(bundle: path) } }
        if let note = files.emptinessNote { Terminal.complain("\(paths.joined(separator: " ")): \(note)") }
        return files
    }

    private func measure(_ runner: TestRunner) throws {
        var isPassed = true
        for (test, measurement) in runner.bench(Measurement.Options()) {
            guard let measurement else {
                isPassed = isPassed && test.result == .skipped
                Terminal.complain(Terminal.safeLines(TestText.pretty([test], verbose: true)))
                continue
            }
            switch format {
            case .json: Terminal.write(measurement.json.jsonText() + "\n")
            case .gobench: Terminal.write(measurement.goBench(name: test.goName))
            case .pretty:
                Terminal.write("\(test.fullName)\t\(measurement.samples.count)\t\(measurement.line)\n")
            }
        }
        if !isPassed { throw ExitCode(2) }
    }
}
