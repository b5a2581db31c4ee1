// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import ArgumentParser
import FoundationEssentials
import SquidImport

/// `yett import squid`: translates Squid's access rules to agents and grants.
struct ImportSquidCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "squid", abstract: "Translate Squid's access rules to agents and grants.",
        discussion: """
            The configuration goes to standard output, what became of each line to standard error. The result never
            allows more than the original: lines without an equal are left out and named.
            """)

    @Argument(help: ArgumentHelp("The Squid configuration; - reads standard input.", valueName: "file"))
    var file: String

    @Option(help: ArgumentHelp("The trust domain of the result.", valueName: "name"))
    var trustDomain = "example.internal"

    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp("Write the configuration here, not to standard output.", valueName: "file"))
    var output: String?

    @Flag(help: "Take lines that are not known, such as include, not to deny anything.")
    var ignoreUnknown = false

    @Flag(help: "Print configuration and reports as JSON for programs.")
    var json = false

    func run() throws {
        let bytes = try InputFile.read(file, limit: SquidImport.maximumBytes + 1)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandFailure("\(file) is not UTF-8", code: .usage)
        }
        let translation = SquidImport.translate(
            text, trustDomain: trustDomain, unknownLines: ignoreUnknown ? .ignore : .denyWhatFollows)
        if json {
            try OutputFile(path: output).write(ImportReport(translation).line.utf8)
        } else {
            try OutputFile(path: output).write(translation.configuration.utf8)
            for report in translation.reports { Terminal.complain("\(file):\(report)") }
        }
    }
}

/// The answer of `yett import squid --json`.
private struct ImportReport: Encodable {
    struct Line: Encodable {
        let line: Int
        let text: String
        let outcome: String
        let notes: [String]
    }

    let configuration: String
    let lines: [Line]

    init(_ translation: SquidTranslation) {
        configuration = translation.configuration
        lines = translation.reports.map { report in
            Line(line: report.line, text: report.text, outcome: report.outcome.rawValue, notes: report.notes)
        }
    }

    var line: String {
        guard let data = try? AdminJSON.encoder.encode(self) else { return "{}\n" }
        return String(decoding: data, as: UTF8.self) + "\n"
    }
}
