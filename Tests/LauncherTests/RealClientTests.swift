// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Testing

/// Real programs, unmodified, through the relay to local servers with a test certificate authority.
@Suite struct RealClientTests {
    private static let hello = "hello through the gate\n"

    private func bench(_ account: Account, needs program: String, package: String) async throws -> Workbench {
        try #require(
            FileManager.default.isExecutableFile(atPath: program),
            "\(program) is missing: apt-get install \(package)")
        return try await Workbench.shared(account)
    }

    private func trusting(_ bench: Workbench) -> [String] { ["--ca", bench.gate + "/ca.pem"] }

    @Test("curl fetches over HTTP, HTTPS and SOCKS5", arguments: Account.available)
    func curl(account: Account) async throws {
        let bench = try await bench(account, needs: "/usr/bin/curl", package: "curl")
        let outcome = try await bench.script(
            """
            set -e
            curl -sS http://web.test/hello.txt
            curl -sS https://web.test/hello.txt
            curl -sS -x "$YETT_SOCKS_PROXY" https://web.test/hello.txt
            """, options: trusting(bench))
        #expect(outcome.code == 0 && outcome.output == Self.hello + Self.hello + Self.hello, "\(outcome)")
        #expect(bench.log.contains("connect web.test:443"))
        #expect(bench.log.contains("socks web.test:443"))
    }

    @Test("curl is told when a name is denied, and that a certificate is not trusted", arguments: Account.available)
    func curlDenied(account: Account) async throws {
        let bench = try await bench(account, needs: "/usr/bin/curl", package: "curl")
        let denied = try await bench.script("curl -sS https://denied.example/", options: trusting(bench))
        #expect(denied.code == 56 && denied.errors.contains("403"), "\(denied)")
        let untrusted = try await bench.script("curl -sS https://web.test/hello.txt")
        #expect(untrusted.code == 60, "\(untrusted)")
    }

    @Test("git clones over HTTPS", arguments: Account.available)
    func git(account: Account) async throws {
        let bench = try await bench(account, needs: "/usr/bin/git", package: "git")
        let source = bench.gate + "/www/project.git"
        let make = """
            set -e
            export HOME=/nonexistent GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@a GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@a
            git init -q --bare -b main '\(source)'
            tree=$(git -C '\(source)' mktree </dev/null)
            commit=$(git -C '\(source)' commit-tree -m first "$tree")
            git -C '\(source)' update-ref refs/heads/main "$commit"
            git -C '\(source)' update-server-info
            """
        let made = await (try RunningProgram(["/bin/sh", "-c", make])).outcome()
        try #require(made.code == 0, "\(made)")
        let outcome = try await bench.script(
            "rm -rf clone && git clone -q https://git.test/project.git clone && git -C clone log --format=%s",
            options: trusting(bench))
        #expect(outcome.code == 0 && outcome.output == "first\n", "\(outcome)")
    }

    @Test("pip downloads from an index over HTTPS", arguments: Account.available)
    func pip(account: Account) async throws {
        let bench = try await bench(account, needs: "/usr/bin/pip3", package: "python3-pip")
        let package = bench.gate + "/www/simple/demo"
        try FileManager.default.createDirectory(atPath: package, withIntermediateDirectories: true)
        let make = """
            import sys, zipfile
            with zipfile.ZipFile(sys.argv[1] + "/demo-1.0-py3-none-any.whl", "w") as wheel:
                wheel.writestr("demo.py", "")
                wheel.writestr("demo-1.0.dist-info/METADATA", "Metadata-Version: 2.1\\nName: demo\\nVersion: 1.0\\n")
                wheel.writestr("demo-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\\nTag: py3-none-any\\n")
                wheel.writestr("demo-1.0.dist-info/RECORD", "")
            """
        let made = await (try RunningProgram(["/usr/bin/python3", "-c", make, package])).outcome()
        try #require(made.code == 0, "\(made)")
        let outcome = try await bench.script(
            "/usr/bin/python3 -m pip download -q --no-deps -d downloads --index-url https://pypi.test/simple/ demo "
                + "&& ls downloads", options: trusting(bench))
        #expect(outcome.code == 0 && outcome.output.contains("demo-1.0-py3-none-any.whl"), "\(outcome)")
    }

    @Test("Python's clients obey the proxy", arguments: ["requests", "httpx"], Account.available)
    func python(module: String, account: Account) async throws {
        let bench = try await bench(account, needs: "/usr/bin/python3", package: "python3")
        let known = await (try RunningProgram(["/usr/bin/python3", "-c", "import \(module)"])).outcome()
        try #require(known.code == 0, "Python has no \(module): apt-get install python3-\(module)")
        let outcome = try await bench.launch(
            ["/usr/bin/python3", "http_clients.py", module], options: trusting(bench))
        #expect(outcome.code == 0 && outcome.output == "all\n", "\(outcome)")
    }

    @Test("Node's fetch, http and https obey the proxy", arguments: Account.available)
    func node(account: Account) async throws {
        let bench = try await bench(account, needs: "/usr/bin/node", package: "nodejs")
        let outcome = try await bench.launch(["/usr/bin/node", "node_fetch.mjs"], options: trusting(bench))
        #expect(outcome.code == 0 && outcome.output == "all\n", "\(outcome)")
    }

    @Test("the relay carries megabytes both ways without a changed byte", arguments: Account.available)
    func bulk(account: Account) async throws {
        let bench = try await bench(account, needs: "/usr/bin/curl", package: "curl")
        let outcome = try await bench.script(
            """
            head -c 20000000 /dev/urandom > bulk
            curl -sS --limit-rate 60M --data-binary @bulk -H 'Expect:' https://web.test/echo | cmp - bulk && echo same
            rm bulk
            """, options: trusting(bench))
        #expect(outcome.code == 0 && outcome.output == "same\n", "\(outcome)")
    }

    @Test("two hundred connections at once all answer", arguments: Account.available)
    func many(account: Account) async throws {
        let bench = try await bench(account, needs: "/usr/bin/python3", package: "python3")
        let outcome = try await bench.launch([
            "/usr/bin/python3", "-c",
            """
            import socket
            sockets = [socket.create_connection(("127.0.0.1", 3128)) for _ in range(200)]
            for item in sockets: item.sendall(b"GET http://web.test/hello.txt HTTP/1.1\\r\\nHost: web.test\\r\\n\\r\\n")
            for item in sockets: item.shutdown(socket.SHUT_WR)
            answers = [b"".join(iter(lambda: item.recv(65536), b"")) for item in sockets]
            print(sum(answer.endswith(b"hello through the gate\\n") for answer in answers))
            """,
        ])
        #expect(outcome.output == "200\n", "\(outcome)")
    }
}
