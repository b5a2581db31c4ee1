// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Decision
import EgressPlane
import Foundation
import GateSupport
import Testing

@Suite("Programs with proxy variables") struct ClientTests {
    private static let requests = """
        import requests, sys
        print(requests.get("https://allowed.test/text").text)
        print(requests.get("http://allowed.test/text").text)
        session = requests.Session()
        print(len({session.get("https://allowed.test/text").status_code for _ in range(5)}))
        try: requests.get("https://denied.test/")
        except requests.exceptions.ProxyError as error: print("403" in str(error))
        print(requests.get("http://denied.test/").headers["Yett-Reason"])
        """

    private static let httpx = """
        import httpx, ssl
        with httpx.Client(verify=ssl.create_default_context(cafile=__import__("os").environ["SSL_CERT_FILE"])) as client:
            print(client.get("https://allowed.test/text").text)
            print(client.get("http://allowed.test/text").text)
            print(len({client.get("https://other.test/text").status_code for _ in range(5)}))
            try: client.get("https://denied.test/")
            except httpx.ProxyError as error: print("403" in str(error))
            print(client.get("http://denied.test/").headers["Yett-Reason"])
        """

    @Test("Python requests and httpx work unmodified", arguments: [("requests", requests), ("httpx", httpx)])
    func python(_ library: String, _ script: String) async throws {
        try await PeerGate.run { gate, server in
            // The system's Python, which is the one that the system's packages belong to.
            let found = try Program("/usr/bin/python3", ["-c", "import \(library)"]).outcome()
            guard found.status == 0 else {
                throw ProgramMissing(name: "Python's \(library)", install: "apt-get install python3-\(library)")
            }
            let outcome = try Program(
                "/usr/bin/python3", ["-c", script], environment: PeerGate.environment(gate, server), keepsErrors: true
            ).outcome()
            let lines = outcome.text.split(separator: "\n").map(String.init)
            #expect(lines == ["hello from nginx", "hello from nginx", "1", "True", "host_not_granted"])
            #expect(await gate.becomesIdle())
        }
    }

    @Test("git clones over HTTPS")
    func git() async throws {
        try await PeerGate.run { gate, server in
            let source = gate.directory + "/source"
            let identity = [
                "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "a",
                "GIT_COMMITTER_EMAIL": "a@b",
            ]
            func git(_ arguments: [String], _ environment: [String: String] = [:]) throws -> Program.Outcome {
                try Program("git", arguments, environment: environment, keepsErrors: true).outcome()
            }
            try FileManager.default.createDirectory(atPath: source, withIntermediateDirectories: true)
            _ = try git(["init", "-q", source])
            try Data(PeerGate.noise(1 << 20)).write(to: URL(filePath: source + "/file"))
            _ = try git(["-C", source, "add", "file"])
            _ = try git(["-C", source, "commit", "-q", "-m", "First"], identity)
            _ = try git(["clone", "-q", "--bare", source, server.root + "/repository.git"])
            _ = try git(["-C", server.root + "/repository.git", "update-server-info"])
            let target = gate.directory + "/target"
            let outcome = try git(
                ["clone", "-q", "https://allowed.test/repository.git", target], PeerGate.environment(gate, server))
            #expect(outcome.text.isEmpty)
            #expect(outcome.status == 0)
            #expect(FileManager.default.contents(atPath: target + "/file") == Data(PeerGate.noise(1 << 20)))
            let denied = try git(
                ["clone", "-q", "https://denied.test/repository.git", target + "2"], PeerGate.environment(gate, server))
            #expect(denied.text.contains("403"))
        }
    }

    @Test("openssl s_client goes through with its own proxy option")
    func openssl() async throws {
        try await PeerGate.run { gate, server in
            let program = try Program(
                "openssl",
                [
                    "s_client", "-quiet", "-proxy", "127.0.0.1:\(gate.port)", "-connect", "allowed.test:443",
                    "-servername",
                    "allowed.test", "-CAfile", server.authorityFile, "-verify_return_error",
                ])
            try program.write("GET /text HTTP/1.1\r\nHost: allowed.test\r\nConnection: close\r\n\r\n")
            let outcome = try program.output(until: { $0.contains("hello from nginx") })
            #expect(outcome.text.hasSuffix("hello from nginx"))
        }
    }

    @Test("openssl s_client without a server name is refused")
    func opensslWithoutName() async throws {
        try await PeerGate.run { gate, server in
            let program = try Program(
                "openssl",
                ["s_client", "-proxy", "127.0.0.1:\(gate.port)", "-connect", "allowed.test:443", "-noservername"],
                keepsErrors: true)
            let outcome = try program.output(until: { $0.contains("alert") })
            #expect(outcome.text.contains("unrecognized name"))
            #expect(gate.dials.dials.isEmpty)
        }
    }
}
