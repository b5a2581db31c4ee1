// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Manifests
import Testing
import YettConfiguration

/// Directories of `Golden/`: what configurations of `Inputs/` and `examples/` become. `YETT_GOLDEN=write` writes them anew.
/// `RealPeers` shows the same files to the programs that they are for.
@Suite struct GoldenTests {
    static let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

    @Test("writes each configuration for each system as its golden files say", arguments: Sample.all)
    func golden(sample: Sample) throws {
        let folder = Self.directory.appendingPathComponent("Golden/\(sample.name)")
        let actual = try sample.files()
        if ProcessInfo.processInfo.environment["YETT_GOLDEN"] == "write" {
            try? FileManager.default.removeItem(at: folder)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            for (name, text) in actual {
                try text.write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
            }
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(names == actual.map(\.name).sorted())
        for (name, text) in actual {
            let expected = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
            #expect(text == expected, "\(sample.name)/\(name)")
        }
    }

    @Test("has no golden directory that nothing writes")
    func complete() throws {
        let names = try FileManager.default.contentsOfDirectory(
            atPath: Self.directory.appendingPathComponent("Golden").path)
        #expect(names.sorted() == Sample.all.map(\.name).sorted())
    }

    @Test("is what the Kustomize base has, for its configuration")
    func kustomize() throws {
        let packaging = Self.directory.appendingPathComponent("../../packaging/kustomize").standardizedFileURL
        let text = try String(contentsOf: packaging.appendingPathComponent("yett.yaml"), encoding: .utf8)
        let configuration = try #require(GateConfiguration.read(text, file: "yett.yaml").configuration)
        let source = try String(
            contentsOf: Self.directory.appendingPathComponent("../../Sources/yett/Version.swift"), encoding: .utf8)
        let version = try #require(source.firstMatch(of: /text = "([0-9.]+)"/)).output.1
        let documents = try ManifestKind.kubernetes.render(configuration, RenderOptions(image: "yett:\(version)"))
            .documents
        let base = packaging.appendingPathComponent("base")
        if ProcessInfo.processInfo.environment["YETT_GOLDEN"] == "write" {
            for document in documents {
                try document.text.write(
                    to: base.appendingPathComponent(document.name), atomically: true, encoding: .utf8)
            }
        }
        let listed = try String(contentsOf: base.appendingPathComponent("kustomization.yaml"), encoding: .utf8)
        for document in documents {
            #expect(
                document.text == (try String(contentsOf: base.appendingPathComponent(document.name), encoding: .utf8)))
            #expect(listed.contains("  - \(document.name)\n"))
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: base.path).count == documents.count + 1)
    }

    @Test("is what the Helm chart has for its configuration by default")
    func helm() throws {
        let packaging = Self.directory.appendingPathComponent("../../packaging").standardizedFileURL
        let text = try String(contentsOf: packaging.appendingPathComponent("kustomize/yett.yaml"), encoding: .utf8)
        let configuration = try #require(GateConfiguration.read(text, file: "yett.yaml").configuration)
        let lines = configuration.effectiveText().split(separator: "\n").map { "  \($0)\n" }.joined()
        let values = packaging.appendingPathComponent("helm/yett/values.yaml")
        let present = try String(contentsOf: values, encoding: .utf8)
        let key = try #require(present.range(of: "\nconfiguration: |\n"))
        if ProcessInfo.processInfo.environment["YETT_GOLDEN"] == "write" {
            try (present[..<key.upperBound] + lines).write(to: values, atomically: true, encoding: .utf8)
        } else {
            #expect(present[key.upperBound...] == lines)
        }
    }

    @Test("writes the same bytes each time", arguments: Sample.all)
    func deterministic(sample: Sample) throws {
        let first = try sample.files().map(\.text)
        let again = try sample.files().map(\.text)
        #expect(first == again)
    }
}

/// A configuration, a system and its options.
struct Sample: Sendable, CustomTestStringConvertible {
    let name: String
    let input: String
    let kind: ManifestKind
    var mode = RenderOptions.Mode.deployment

    var testDescription: String { name }

    static let all: [Sample] = {
        let inputs = ["quickstart", "documented", "everything"]
        return inputs.flatMap { input in
            ManifestKind.allCases.map { kind in
                var sample = Sample(name: "\(input)-\(kind.rawValue)", input: input, kind: kind)
                if kind == .kubernetes, input == "quickstart" { sample.mode = .sidecar }
                if kind == .kubernetes, input == "everything" { sample.mode = .daemonset }
                return sample
            }
        }
    }()

    /// The files with what is said about them; what is wrong, where there are none.
    func files() throws -> [(name: String, text: String)] {
        var options = RenderOptions(image: "yett:1.0.0")
        options.mode = mode
        options.agentImage = "agent:1.0.0"
        let configuration = try Self.configuration(input)
        do throws(ManifestError) {
            let rendering = try kind.render(configuration, options)
            let notes = rendering.notes.map { "\($0)\n" }.joined()
            return rendering.documents.map { ($0.name, $0.text) } + [("notes.txt", notes)]
        } catch {
            return [("error.txt", "\(error)\n\(error.remedy)\n")]
        }
    }

    static func configuration(_ input: String) throws -> GateConfiguration {
        let url =
            input == "quickstart"
            ? GoldenTests.directory.appendingPathComponent("../../examples/quickstart/yett.yaml")
            : GoldenTests.directory.appendingPathComponent("Inputs/\(input).yaml")
        let result = GateConfiguration.read(
            try String(contentsOf: url, encoding: .utf8), file: url.lastPathComponent)
        return try #require(result.configuration, "\(result.diagnostics)")
    }
}
