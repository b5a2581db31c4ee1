// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import Glibc
import Testing

/// `yett exec` from the command to the record.
@Suite(.serialized) struct ExecTests {
    @Test("starts a program that reaches what it was granted, and nothing else")
    func reaches() async throws {
        try await onOwnThread {
            let gate = try RunningProgram(
                grants: "[{name: web, hosts: [web.test], ports: any, methods: [GET], require: {strength: launched}}]")
            defer { gate.stop() }
            let work = try Self.workingDirectory()
            defer { try? FileManager.default.removeItem(atPath: work) }
            let target = "web.test:\(gate.upstream.port)"
            let script = """
                curl -sS -m 60 http://\(target)/hello; echo " [granted $?]"
                curl -sS -m 60 -o /dev/null -w '%{http_code}' http://prod-db-01:5432/; echo " [denied $?]"
                curl -sS -m 60 --noproxy '*' http://127.0.0.1:\(gate.upstream.port)/; echo "[direct $?]"
                exit 7
                """
            let outcome = try CommandLineProgram.run(
                ["exec", "--agent", "bot", "--socket", gate.socket, "--", "sh", "-c", script], directory: work)
            #expect(outcome.output.contains("hello [granted 0]"), "\(outcome.errors)")
            #expect(outcome.output.contains("403 [denied 0]"))
            #expect(outcome.output.contains("[direct 7]"))
            #expect(outcome.status == 7)

            let records = try gate.yett("audit", "query", "--agent", "bot", "--json").output
            #expect(records.contains(#""proof":"launched""#))
            #expect(records.contains(#""kind":"launch""#))
            #expect(comesTrue { (try? gate.yett("audit", "query", "--kind", "launch_end").output.isEmpty) == false })
            #expect(try gate.yett("status", "--json").output.contains(#""launches":0"#))
        }
    }

    @Test("leads a program to the services of its grants, with a key that it never sees")
    func services() async throws {
        try await onOwnThread {
            let gate = try RunningProgram(
                grants: "[{name: books, service: books, methods: [GET], paths: [/v1]}]",
                further: """
                    services:
                      books:
                        host: web.test
                        port: $UPSTREAM
                        credential: {secret: "env:BOOKS_KEY"}
                        env: {BOOKS_URL: /v1, BOOKS_KEY: unused}
                    service_proxy: {listeners: []}
                    """, environment: ["BOOKS_KEY": "books-key-52c07a"],
                answer: { request in
                    request["authorization"] == "Bearer books-key-52c07a"
                        ? UpstreamServer.hello : "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"
                })
            defer { gate.stop() }
            let work = try Self.workingDirectory()
            defer { try? FileManager.default.removeItem(atPath: work) }
            let script = """
                curl -sS -m 60 -H "Authorization: Bearer $BOOKS_KEY" "$BOOKS_URL/1"; echo " [granted $?]"
                curl -sS -m 60 --http2-prior-knowledge "$BOOKS_URL/2"; echo " [granted $?]"
                curl -sS -m 60 -o /dev/null -w '%{http_code}' "http://127.0.0.1:3128/s/books/v2"; echo " [denied $?]"
                curl -sS -m 60 -o /dev/null -w '%{http_code}' --noproxy '' http://127.0.0.1:3128/s/books/v1; echo " [proxied $?]"
                env
                """
            let outcome = try CommandLineProgram.run(
                ["exec", "--agent", "bot", "--socket", gate.socket, "--", "sh", "-c", script], directory: work)
            #expect(outcome.output.components(separatedBy: "hello [granted 0]").count == 3, "\(outcome)")
            #expect(outcome.output.contains("403 [denied 0]"), "\(outcome)")
            #expect(outcome.output.contains("403 [proxied 0]"), "\(outcome)")
            #expect(outcome.output.contains("BOOKS_URL=http://127.0.0.1:3128/s/books/v1\n"))
            #expect(outcome.output.contains("\nNO_PROXY=127.0.0.1\n"))
            #expect(!outcome.output.contains("52c07a"))
        }
    }

    @Test("plants credentials that open nothing, in the environment and in the home directory")
    func canaries() async throws {
        try await onOwnThread {
            let gate = try RunningProgram(
                grants: "[{name: web, hosts: [web.test], ports: any, methods: [GET]}]\n"
                    + "    canaries: {environment: [github], files: [aws, pem]}",
                further: "leaks: {}")
            defer { gate.stop() }
            let work = try Self.workingDirectory()
            defer { try? FileManager.default.removeItem(atPath: work) }
            let script = """
                echo "token $GITHUB_TOKEN"; cat ~/.aws/credentials; head -1 ~/.ssh/deploy-key.pem
                echo x > ~/.aws/credentials || echo kept
                curl -sS -m 60 -o /dev/null -w '%{http_code}' "http://web.test:\(gate.upstream.port)/?q=$GITHUB_TOKEN"
                """
            let outcome = try CommandLineProgram.run(
                ["exec", "--agent", "bot", "--socket", gate.socket, "--", "sh", "-c", script], directory: work)
            #expect(outcome.output.contains("token ghp_"), "\(outcome)")
            #expect(outcome.output.contains("[default]\naws_access_key_id = AKIA"), "\(outcome)")
            #expect(outcome.output.contains("-----BEGIN PRIVATE KEY-----\n"), "\(outcome)")
            #expect(outcome.output.contains("kept\n403"), "\(outcome)")
            #expect(try gate.yett("canary", "list").output.contains("launch-github-bot"))
            let records = try gate.yett("audit", "query", "--kind", "observation", "--json").output
            #expect(records.contains("canary_touched"), "\(records)")
        }
    }

    /// Asks the Workload API for identities and prints their SPIFFE IDs, or the status of the refusal.
    private static let workloadClient = #"""
        import os, re, socket
        def frame(kind, flags, payload):
            return len(payload).to_bytes(3, "big") + bytes([kind, flags, 0, 0, 0, int(kind != 4)]) + payload
        def text(value): return bytes([len(value)]) + value.encode()
        fields = [(":method", "POST"), (":scheme", "http"), (":path", "/SpiffeWorkloadAPI/FetchX509SVID"),
                  (":authority", "localhost"), ("content-type", "application/grpc"), ("te", "trailers"),
                  ("workload.spiffe.io", "true")]
        block = b"".join(b"\0" + text(name) + text(value) for name, value in fields)
        s = socket.socket(socket.AF_UNIX); s.settimeout(20)
        s.connect(os.environ["SPIFFE_ENDPOINT_SOCKET"].removeprefix("unix://"))
        s.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, b"") + frame(1, 4, block) + frame(0, 1, b"\0" * 5))
        data, over = b"", False
        while not over and not re.search(rb"spiffe://", data):
            more = s.recv(65536)
            if not more: break
            data += more
            at = 0
            while at + 9 <= len(data):
                over = over or (data[at + 3] == 1 and data[at + 4] & 1 == 1)
                at += 9 + int.from_bytes(data[at:at + 3], "big")
        ids = set(re.findall(rb"spiffe://run\.test/[a-z/]+[a-z]", data))
        print(b" ".join(sorted(ids)).decode() or "nobody", flush=True)
        """#

    @Test("gives a launched agent the identity of its launch, and none that its user has")
    func identity() async throws {
        try await onOwnThread {
            let gate = try RunningProgram(
                further: """
                    identity:
                      source: embedded
                      directory: $DIRECTORY/identity
                      socket: $DIRECTORY-workload.sock
                      entries:
                        - {id: /agent/bot, selectors: ["yett:agent:bot"]}
                        - {id: /agent/host, selectors: ["unix:uid:\(geteuid())"]}
                    """)
            defer {
                gate.stop()
                for end in ["", ".launch"] { unlink(gate.directory + "-workload.sock" + end) }
            }
            let work = try Self.workingDirectory()
            defer { try? FileManager.default.removeItem(atPath: work) }
            let client = ["python3", "-c", Self.workloadClient]
            let inside = try CommandLineProgram.run(
                ["exec", "--agent", "bot", "--socket", gate.socket, "--"] + client, directory: work)
            #expect(
                inside.output.split(whereSeparator: \.isNewline) == ["spiffe://run.test/agent/bot"], "\(inside.errors)")
            let outside = try Program(
                "env", ["SPIFFE_ENDPOINT_SOCKET=unix://\(gate.directory)-workload.sock"] + client, keepsErrors: true
            ).outcome(within: 30)
            #expect(outside.text == "spiffe://run.test/agent/host\n")
            let stranger = try Program(
                "env", ["SPIFFE_ENDPOINT_SOCKET=unix://\(gate.directory)-workload.sock.launch"] + client,
                keepsErrors: true
            ).outcome(within: 30)
            #expect(stranger.text == "nobody\n")
            let issued = try gate.yett("audit", "query", "--kind", "identity_issue", "--json").output
            #expect(issued.contains("spiffe://run.test/agent/bot"))
        }
    }

    @Test("names the directory that keeps a launched agent from the Workload API", .enabled(if: geteuid() == 0))
    func closedDirectory() async throws {
        try await onOwnThread {
            let gate = try RunningProgram(
                further: """
                    identity: {source: embedded, directory: $DIRECTORY/identity, socket: $DIRECTORY/workload.sock}
                    """)
            defer { gate.stop() }
            let work = try Self.workingDirectory()
            defer { try? FileManager.default.removeItem(atPath: work) }
            let outcome = try CommandLineProgram.run(
                ["exec", "--agent", "bot", "--socket", gate.socket, "--", "true"], directory: work)
            #expect(outcome.status == 125)
            #expect(outcome.errors.contains("chmod o+x") && outcome.errors.contains(gate.directory))
        }
    }

    @Test("says that an agent may not be launched")
    func unknownAgent() async throws {
        try await onOwnThread {
            let gate = try RunningProgram()
            defer { gate.stop() }
            let outcome = try gate.yett("exec", "--agent", "nobody", "--", "true")
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains("no agent named “nobody” may be launched"))
            #expect(outcome.errors.contains("yett reload"))
        }
    }

    @Test("ends with 127 for a program that is not there, and ends the launch")
    func missingProgram() async throws {
        try await onOwnThread {
            let gate = try RunningProgram()
            defer { gate.stop() }
            let work = try Self.workingDirectory()
            defer { try? FileManager.default.removeItem(atPath: work) }
            let outcome = try CommandLineProgram.run(
                ["exec", "--agent", "bot", "--socket", gate.socket, "--", "no-such-program"], directory: work)
            #expect(outcome.status == 127)
            #expect(comesTrue { (try? gate.yett("status", "--json").output.contains(#""launches":0"#)) == true })
        }
    }

    private static func workingDirectory() throws -> String {
        let path = "/tmp/yett-work-" + String(UInt64.random(in: .min ... .max), radix: 36)
        guard mkdir(path, 0o755) == 0 else { throw POSIXError(.EIO) }
        return path
    }
}
