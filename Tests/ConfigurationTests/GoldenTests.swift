// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Testing
import YettConfiguration

/// Files of `Golden/`: a configuration, a line of ten hyphens, and what reading it says. A file that can be used goes on
/// with another such line and the configuration in force. `YETT_GOLDEN=write` writes what is behind the first line.
@Suite struct GoldenTests {
    static let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden")
    static let divider = "----------\n"

    static let names: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
        return names.filter { $0.hasSuffix(".txt") }.sorted()
    }()

    @Test("reads each file as its golden text says", arguments: names)
    func golden(name: String) throws {
        let url = Self.directory.appendingPathComponent(name)
        let text = try String(contentsOf: url, encoding: .utf8)
        let divider = try #require(text.range(of: Self.divider), "no line of ten hyphens in \(name)")
        let input = String(text[..<divider.lowerBound])
        let actual = Self.outcome(of: input)
        if ProcessInfo.processInfo.environment["YETT_GOLDEN"] == "write" {
            try (input + Self.divider + actual).write(to: url, atomically: true, encoding: .utf8)
        } else {
            #expect(actual == String(text[divider.upperBound...]), "\(name)")
        }
    }

    @Test("there are at least forty files with mistakes, and some without")
    func coverage() throws {
        let wrong = try Self.names.filter { name in
            try String(contentsOf: Self.directory.appendingPathComponent(name), encoding: .utf8).contains(": error: ")
        }
        #expect(wrong.count >= 40)
        #expect(Self.names.count > wrong.count)
    }

    static func outcome(of input: String) -> String {
        let result = GateConfiguration.read(input, file: "yett.yaml", now: 1_795_132_800) { reference in
            reference.description == "file:/etc/yett/open.key" ? "others can read this file; chmod 600 it" : nil
        }
        var text = result.diagnostics.map { "\($0)\n" }.joined()
        if let configuration = result.configuration { text += divider + configuration.effectiveText() }
        return text
    }
}
