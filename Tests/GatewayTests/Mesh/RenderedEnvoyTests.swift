// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import GatewaySupport
import Glibc
import Identity
import Manifests
import Testing
import YettConfiguration

/// A real Envoy with the bootstrap that `yett render envoy` writes for the running gate's own configuration.
@Suite(.timeLimit(.minutes(3))) struct RenderedEnvoyTests {
    private static func text(upstream: UInt16) -> String {
        """
        agents:
          coder:
            attest: [{x509: true}]
            grants:
              - {name: files, service: files, methods: [GET], paths: [/open/]}
        services:
          files: {host: 127.0.0.1, port: \(upstream), hosts: [localhost]}
        identity:
          source: embedded
          directory: $DIRECTORY/identity
          socket: $DIRECTORY/workload.sock
          entries:
            - {id: /envoy/front, selectors: ["unix:uid:\(geteuid())"], hint: front}
            - {id: /agent/coder, selectors: ["unix:uid:\(geteuid())"], hint: agent}
        mesh:
          socket: $DIRECTORY/mesh.sock
          uids: [\(geteuid())]
          follow: [files]
        """
    }

    /// Starts Envoy for the configuration of a gate, on another port.
    private static func start(_ gate: RunningGate, port: UInt16) throws -> Program {
        let text = try String(contentsOfFile: gate.configuration, encoding: .utf8)
        let configuration = try #require(GateConfiguration.read(text, file: "yett.yaml").configuration)
        let rendering = try ManifestKind.envoy.render(configuration, RenderOptions(image: "yett"))
        let bootstrap = try #require(rendering.documents.first).text
            .replacing("port_value: 10443", with: "port_value: \(port)")
        let path = gate.directory + "/envoy.yaml"
        try bootstrap.write(toFile: path, atomically: true, encoding: .utf8)
        return try Program(
            try RealEnvoy.path.get(),
            [
                "-c", path, "--base-id", "\(UInt32.random(in: 1...1_000_000))", "--concurrency", "1", "-l", "warning",
                "--disable-hot-restart",
            ], keepsErrors: true)
    }

    private static func curl(_ gate: RunningGate, _ port: UInt16, _ path: String, _ more: [String] = []) throws
        -> String
    {
        try Program(
            "curl",
            ["-skSi", "--max-time", "20", "--path-as-is"] + more + ["https://localhost:\(port)\(path)"],
            keepsErrors: true
        ).outcome().text
    }

    @Test func `It takes its identity from the gate's socket, and asks the gate about each request`() async throws {
        let upstream = UpstreamServer.http()
        defer { upstream.stop() }
        try await RunningGate.run(Self.text(upstream: upstream.port)) { running throws in
            let state = try IdentityGate(gate: running).fetch()
            #expect(state.svids.count == 2)
            let server = UpstreamServer.echo()
            let port = server.port
            server.stop()
            let envoy = try Self.start(running, port: port)
            defer { envoy.stop() }
            let agent = ["--cert", running.directory + "/agent.pem", "--key", running.directory + "/agent.key"]
            let isUp = try comesTrue { try Self.curl(running, port, "/open/a", agent).contains(" 200") }
            #expect(isUp, "\(envoy.text)")
            #expect(try Self.curl(running, port, "/open/a", agent).hasSuffix("hello"))

            let denied = try Self.curl(running, port, "/secret", agent)
            #expect(
                denied.contains(" 403") && denied.lowercased().contains("yett-reason: path_not_granted"), "\(denied)")
            // The certificate says who asks; Envoy's own says that it is no agent, none at all opens no connection.
            let front = ["--cert", running.directory + "/front.pem", "--key", running.directory + "/front.key"]
            #expect(try Self.curl(running, port, "/open/a", front).contains(" 403"))
            #expect(!(try Self.curl(running, port, "/open/a").contains("HTTP/")))
            // Paths that two readers could read differently, and headers that say who somebody is.
            #expect(!(try Self.curl(running, port, "/open/%2e%2e%2fsecret", agent).contains(" 200")))
            #expect(!(try Self.curl(running, port, "/open%2Fa", agent).contains(" 200")))
            let forged = try Self.curl(
                running, port, "/open/a", front + ["-H", "x-forwarded-client-cert: URI=spiffe://gate.test/agent/coder"])
            #expect(forged.contains(" 403"), "\(forged)")
            // A host that no service has is nobody's.
            #expect(try Self.curl(running, port, "/open/a", agent + ["-H", "Host: other.test"]).contains(" 404"))
        }
    }
}
