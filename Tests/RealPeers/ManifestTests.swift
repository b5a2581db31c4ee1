// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import Testing

/// The golden files of `ManifestsTests`, shown to the programs that they are written for.
@Suite("Manifests") struct ManifestTests {
    private static let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    private static let golden = tests.appending(path: "ManifestsTests/Golden")
    private static let schemas = PythonPackage(
        list: tests.appending(path: "RealPeers/Python/kubernetes.txt"))

    /// The golden files of a system that have this ending.
    private static func files(_ system: String, _ ending: String) throws -> [URL] {
        let folders = try FileManager.default.contentsOfDirectory(at: golden, includingPropertiesForKeys: nil)
        return try folders.filter { $0.lastPathComponent.hasSuffix("-\(system)") }.flatMap { folder in
            try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        }.filter { $0.lastPathComponent.hasSuffix(ending) }.sorted { $0.path < $1.path }
    }

    @Test("are of the schemas that Kubernetes publishes, with no field that it does not know")
    func kubernetes() throws {
        let files =
            try Self.files("kubernetes", ".yaml") + Self.files("istio", "network-policy.yaml")
        #expect(files.count >= 20)
        let outcome = try Program(
            try Self.schemas.python,
            ["-m", "kubernetes_validate", "--strict", "-k", "1.34"] + files.map(\.path), keepsErrors: true
        ).outcome(within: 60)
        #expect(outcome.status == 0, "\(outcome.text)")
        #expect(outcome.text.contains("networkpolicy/agents-default-deny"), "\(outcome.text)")
    }

    @Test("are refused by those schemas when a field is wrong")
    func kubernetesRefuses() throws {
        let file = try #require(try Self.files("kubernetes", "network-policies-agents.yaml").first)
        let text = try String(contentsOf: file, encoding: .utf8).replacing("policyTypes", with: "policyKinds")
        try Scratch.file("policy.yaml", text) { path in
            let outcome = try Program(
                try Self.schemas.python, ["-m", "kubernetes_validate", "--strict", "-k", "1.34", path],
                keepsErrors: true
            ).outcome(within: 60)
            #expect(outcome.status != 0, "\(outcome.text)")
        }
    }

    @Test("are what the Helm chart makes of its defaults, by Helm itself where it is there")
    func helm() throws {
        let packaging = Self.tests.deletingLastPathComponent().appending(path: "packaging")
        let chart = packaging.appending(path: "helm/yett").path
        let base = packaging.appending(path: "kustomize/base").path
        let script = Self.tests.appending(path: "RealPeers/Python/helm_chart.py").path
        let filled = try Program(try Self.schemas.python, [script, chart, base], keepsErrors: true).outcome(within: 30)
        #expect(filled.text == "equal 14\n")
        if let helm = Self.helm {
            let made = try Program(try Self.schemas.python, [script, chart, base, helm], keepsErrors: true).outcome(
                within: 60)
            #expect(made.text == "equal 14\n")
        }
    }

    private static let helm = ["/usr/local/bin/helm", "/usr/bin/helm", "/usr/sbin/helm"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    @Test("are what Envoy takes for its configuration")
    func envoy() throws {
        let files = try Self.files("envoy", "envoy.yaml")
        #expect(files.count == 2)
        for file in files {
            // Envoy reads the authorities that it names.
            let authorities = "/etc/ssl/certs/ca-certificates.crt"
            let text = try String(contentsOf: file, encoding: .utf8)
                .replacing("\"/etc/yett/tickets ca.pem\"", with: authorities)
            try Scratch.file("envoy.yaml", text) { path in
                let outcome = try Program(
                    try RealEnvoy.path.get(), ["--mode", "validate", "-l", "warning", "-c", path], keepsErrors: true
                ).outcome(within: 30)
                #expect(outcome.status == 0, "\(outcome.text)")
                #expect(!outcome.text.contains("deprecated"), "\(outcome.text)")
            }
        }
    }

    @Test("are what Squid takes for its configuration, without a warning")
    func squid() throws {
        let files = try Self.files("squid", "squid.conf")
        #expect(files.count == 3)
        for file in files {
            let outcome = try Program(
                "squid", ["-k", "parse", "-f", file.path], keepsErrors: true, install: "apt-get install squid"
            ).outcome(within: 30)
            #expect(outcome.status == 0, "\(outcome.text)")
            for word in ["WARNING", "ERROR", "FATAL", "Bungled"] {
                #expect(!outcome.text.contains(word), "\(outcome.text)")
            }
        }
    }

    @Test("are units that systemd reads without a complaint")
    func systemd() throws {
        let files = try Self.files("systemd", "yett.service")
        #expect(files.count == 3)
        for file in files {
            // systemd looks for the program.
            let text = try String(contentsOf: file, encoding: .utf8).replacing("/usr/bin/yett", with: "/usr/bin/true")
            let socket = try String(
                contentsOf: file.deletingLastPathComponent().appending(path: "yett.socket"), encoding: .utf8)
            try Scratch.file("yett.socket", socket) { socketPath in
                let service = URL(filePath: socketPath).deletingLastPathComponent().appending(path: "yett.service")
                try text.write(to: service, atomically: true, encoding: .utf8)
                let outcome = try Program(
                    "systemd-analyze", ["verify", "--man=no", service.path, socketPath], keepsErrors: true,
                    install: "apt-get install systemd"
                ).outcome(within: 30)
                #expect(outcome.status == 0, "\(outcome.text)")
                #expect(outcome.text == "", "\(outcome.text)")
            }
        }
    }
}

/// A directory for one file of a test.
private enum Scratch {
    static func file(_ name: String, _ text: String, _ body: (String) throws -> Void) throws {
        let folder = URL(filePath: NSTemporaryDirectory()).appending(path: "yett-manifests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: name).path
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        try body(path)
    }
}
