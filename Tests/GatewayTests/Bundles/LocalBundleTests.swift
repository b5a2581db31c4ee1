// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import Foundation
import GateSupport
import Gateway
import GatewaySupport
import PolicyBundle
import Testing

@Suite("Policy bundles at paths") struct LocalBundleTests {
    private static func write(_ files: [BundleFile], to directory: String) throws {
        for file in files {
            let path = directory + "/" + file.path
            try FileManager.default.createDirectory(
                at: URL(filePath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(file.bytes).write(to: URL(filePath: path), options: .atomic)
        }
    }

    private static func configuration(_ port: UInt16, _ bundles: String, files: String = "[]") -> String {
        Sample.tunnels(to: port) + "\npolicy: {files: \(files), bundles: \(bundles)}\n"
    }

    @Test("are read at start, read again when a file changes, and refused as a whole")
    func reload() async throws {
        let upstream = UpstreamServer.echo()
        defer { upstream.stop() }
        let port = upstream.port
        let text = Self.configuration(port, "{main: {path: policy}}")
        try await RunningGate.run(
            text, watchesFiles: true, prepare: { try Self.write(BundleFile.policy("r1"), to: $0 + "/policy") }
        ) { gate throws in
            #expect(try BundleTests.outcome(gate, port) == "granted")
            #expect(try gate.status().bundles.first?.activeRevision == "r1")
            try Self.write([BundleFile("more.rego", "package elsewhere\n")], to: gate.directory + "/policy")
            #expect(comesTrue { (try? gate.status().lastReload?.isAccepted) == false })
            #expect(
                try gate.status().lastReload?.diagnostics.first?.contains("do not permit package 'elsewhere'") == true)
            #expect(try BundleTests.outcome(gate, port) == "granted")
            try FileManager.default.removeItem(atPath: gate.directory + "/policy/more.rego")
            try Self.write(BundleFile.policy("r2", refusing: "closed"), to: gate.directory + "/policy")
            #expect(try BundleTests.serves("r2", gate))
            #expect(try BundleTests.outcome(gate, port) == "policy_denied")
        }
    }

    @Test("may be archives, and stand beside files and bundles from servers")
    func together() async throws {
        let (server, upstream) = (try BundleServer(), UpstreamServer.echo())
        defer {
            server.remove()
            upstream.stop()
        }
        let port = upstream.port
        try server.put([
            BundleFile(".manifest", #"{"revision": "s1", "roots": ["roles"]}"#),
            BundleFile("roles/data.json", #"{"closed": ["web.test"]}"#),
        ])
        let bundles = """
            {near: {path: near.tar.gz},
             main: {url: "\(server.url())", polling: {min_delay: 100ms, max_delay: 100ms}, persist: false}}
            """
        let near = [
            BundleFile(".manifest", #"{"revision": "n1", "roots": ["library"]}"#),
            BundleFile("x.rego", "package library\nis_closed(host) if host in data.roles.closed\n"),
        ]
        try await RunningGate.run(
            Self.configuration(port, bundles, files: "[authz.rego]"),
            prepare: { directory in
                try Data(try BundleWriter.archive(near)).write(to: URL(filePath: directory + "/near.tar.gz"))
                let rule = "package yett.authz\ndeny contains \"c\" if data.library.is_closed(input.destination.host)\n"
                try rule.write(toFile: directory + "/authz.rego", atomically: true, encoding: .utf8)
            }
        ) { gate throws in
            #expect(try BundleTests.serves("s1", gate))
            #expect(try BundleTests.outcome(gate, port) == "policy_denied")
            let policies = try gate.ask("GET", "policies").text
            #expect(policies.contains(#""id":"near/x.rego""#))
            // What a server sends may not reach into what the file or another bundle owns.
            for (root, words) in [
                ("yett", "lies below the roots [\"yett\"] of bundle 'main'"),
                ("library/x", "'near' and 'main' own the same"),
                ("", "own the same"),
            ] {
                try server.put([BundleFile(".manifest", #"{"revision": "s2", "roots": ["\#(root)"]}"#)])
                #expect(try BundleTests.fails(words, gate))
            }
            #expect(try BundleTests.outcome(gate, port) == "policy_denied")
        }
    }

    @Test(
        "refuse to start when they are not right",
        arguments: [
            ("{main: {path: nowhere}}", "open"), ("{a: {path: policy}, b: {path: policy}}", "'a' and 'b' own the same"),
            ("{main: {path: yett.yaml}}", "gzip data is damaged"),
        ])
    func mistakes(bundles: String, words: String) async throws {
        let failure = try await RunningGate.failure(
            Self.configuration(1, bundles), prepare: { try Self.write(BundleFile.policy("r1"), to: $0 + "/policy") })
        #expect(failure?.isConfiguration == true)
        #expect(failure?.description.contains(words) == true, "\(failure?.description ?? "")")
    }

    @Test("leave a change of which bundles there are, and of keys, to a restart")
    func restart() async throws {
        try await RunningGate.run(
            Self.configuration(1, "{main: {path: policy}}"),
            prepare: { try Self.write(BundleFile.policy("r1"), to: $0 + "/policy") }
        ) { gate throws in
            try gate.rewrite(Self.configuration(1, "{main: {path: policy}, more: {path: policy}}"))
            let report = try gate.ask("POST", "reload", for: ReloadReport.self)
            #expect(report.isAccepted)
            #expect(report.needsRestart == ["policy.bundles"])
            #expect(try gate.status().bundles.map(\.name) == ["main"])
        }
    }

    @Test("are checked without the server")
    func check() throws {
        let directory = "/tmp/yett-check-" + String(UInt64.random(in: .min ... .max), radix: 36)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try Self.write(
            [
                BundleFile(
                    "yett.yaml",
                    "trust_domain: a.test\npolicy: {files: [x.rego], bundles: {main: {url: \"https://bundles.test/x\"}}}\n"
                ),
                BundleFile("x.rego", "package x\n"),
            ], to: directory)
        let good = ConfigurationCheck.run(path: directory + "/yett.yaml")
        #expect(good.isUsable)
        #expect(good.diagnostics.contains { $0.contains("bundle main has not come yet") })
        try Self.write([BundleFile("x.rego", "package x\np if {\n")], to: directory)
        #expect(!ConfigurationCheck.run(path: directory + "/yett.yaml").isUsable)
    }
}
