// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import ArgumentParser
import PolicyTool

/// `yett policy bench`: measures how long a query takes.
struct PolicyBenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure how long a query takes.",
        discussion: """
            Measures the evaluation from a prepared input, and with a JSON input also from its text. Take a release
            build for numbers that count.
            """)

    @Argument(help: ArgumentHelp("The query, such as data.app.allow.", valueName: "query"))
    var query: String

    @OptionGroup var sources: PolicySourceOptions
    @OptionGroup var input: PolicyInputOptions

    @Option(name: [.short, .long], help: ArgumentHelp("pretty, json or gobench.", valueName: "format"))
    var format: PolicyTestCommand.Format = .pretty

    @Option(help: ArgumentHelp("How often the measurement is made.", valueName: "count"))
    var count = 1

    @Option(help: ArgumentHelp("How long each measurement takes.", valueName: "duration"))
    var duration: PolicyTimeout?

    func validate() throws {
        guard count > 0 else { throw ValidationError("--count takes 1 or more.") }
    }

    func run() throws {
        for _ in 0..<count {
            let bench = try PolicyFailure.reporting(json: format == .json) {
                var request = QueryEvaluation.Request(query: query, files: try sources.load())
                request.input = try input.read()
                var options = Measurement.Options()
                if let duration { options.nanoseconds = duration.nanoseconds }
                return try PolicyBench(request, options: options)
            }
            switch format {
            case .pretty: Terminal.write(bench.pretty)
            case .json: Terminal.write(bench.json.jsonText() + "\n")
            case .gobench:
                Terminal.write(bench.prepared.goBench(name: "Prepared"))
                if let fromText = bench.fromText { Terminal.write(fromText.goBench(name: "FromText")) }
            }
        }
    }
}
