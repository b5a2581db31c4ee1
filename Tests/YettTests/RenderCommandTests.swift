// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import Testing

@Suite struct RenderCommandTests {
    private static let inputs = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../ManifestsTests").standardizedFileURL

    @Test("writes to standard output what the golden files have, and the rest to standard error")
    func stream() async throws {
        try await onOwnThread {
            let file = Self.inputs.appending(path: "Inputs/documented.yaml").path
            let outcome = try CommandLineProgram.run(["render", "squid", "--config", file])
            #expect(outcome.status == 0)
            let golden = Self.inputs.appending(path: "Golden/documented-squid/squid.conf")
            #expect(outcome.output == (try String(contentsOf: golden, encoding: .utf8)))
            #expect(outcome.errors.contains("note: the gate sees Squid's address"))
        }
    }

    @Test("writes one file for each document into a directory")
    func directory() async throws {
        try await onOwnThread {
            let file = Self.inputs.appending(path: "Inputs/documented.yaml").path
            let output = NSTemporaryDirectory() + "yett-render-\(UUID().uuidString)"
            defer { try? FileManager.default.removeItem(atPath: output) }
            let outcome = try CommandLineProgram.run([
                "render", "kubernetes", "--config", file, "--output", output, "--image", "yett:1.0.0",
            ])
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.output.isEmpty)
            let golden = Self.inputs.appending(path: "Golden/documented-kubernetes")
            let names = try FileManager.default.contentsOfDirectory(atPath: output).sorted()
            #expect(names.count == 9)
            for name in names {
                #expect(
                    try String(contentsOfFile: output + "/" + name, encoding: .utf8)
                        == String(contentsOf: golden.appending(path: name), encoding: .utf8), "\(name)")
            }
        }
    }

    @Test("puts namespaces, labels, modes and images where they belong")
    func options() async throws {
        try await onOwnThread {
            let file = Self.inputs.appending(path: "Inputs/documented.yaml").path
            let outcome = try CommandLineProgram.run([
                "render", "kubernetes", "--config", file, "--namespace", "gates", "--agents-namespace", "bots",
                "--agents-selector", "kind=agent", "--mode", "daemonset", "--image", "images.test/yett@sha256:12",
            ])
            #expect(outcome.status == 0, "\(outcome.errors)")
            for text in [
                "kind: DaemonSet", "namespace: gates", "namespace: bots", "kind: agent",
                "image: \"images.test/yett@sha256:12\"",
            ] {
                #expect(outcome.output.contains(text), "\(text)")
            }
        }
    }

    @Test(
        "refuses what no manifest can be made of, and says what to write",
        arguments: [
            (["render", "envoy"], "no section mesh"),
            (["render", "kubernetes"], "--mode sidecar"),
            (["render", "kubernetes", "--mode", "sidecar"], "--agent-image"),
            (["render", "kubernetes", "--namespace", "Not A Label"], "namespace"),
            (["render", "squid", "--gate", "not a host"], "--gate"),
            (["render", "nomad"], "nomad"),
        ])
    func refusals(words: [String], text: String) async throws {
        try await onOwnThread {
            let file = Self.inputs.appending(path: "../../examples/quickstart/yett.yaml").standardizedFileURL.path
            let outcome = try CommandLineProgram.run(words + ["--config", file])
            #expect(outcome.status == 2)
            #expect(outcome.output.isEmpty)
            #expect(outcome.errors.contains(text), "\(outcome.errors)")
        }
    }

    @Test("prints every mistake of the configuration")
    func mistakes() async throws {
        try await onOwnThread {
            let outcome = try CommandLineProgram.run(
                ["render", "squid", "--config", "/dev/stdin"], input: "agents: 7\n")
            #expect(outcome.status == 2)
            #expect(outcome.errors.contains("error:"), "\(outcome.errors)")
        }
    }
}
