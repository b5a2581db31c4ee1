// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import Testing

/// `yett verify network` in network namespaces: the workload's, and another one that plays the rest of the world.
@Suite("yett verify network", .timeLimit(.minutes(2))) struct VerifyNetworkTests {
    /// What the rest of the world lets through.
    enum World: String, CaseIterable {
        /// The gate, and nothing else: packets for others are dropped.
        case closed
        /// The gate, and a public address.
        case open
        /// The gate, and a name server.
        case names
        /// Not even the gate.
        case nothing
    }

    private struct Report: Decodable {
        struct Attempt: Decodable {
            let target: String
            let kind: String
            let result: String
            let detail: String
            let remedy: String?
        }

        let verdict: String
        let gate: [Attempt]
        let attempts: [Attempt]
    }

    /// Runs the program in a namespace whose only link leads to a world with these servers.
    private static func run(_ world: World, _ arguments: [String]) throws -> Program.Outcome {
        let script = """
            set -e
            ip link set lo up
            unshare --net sleep 60 &
            inner=$!
            while [ "$(readlink /proc/$inner/ns/net)" = "$(readlink /proc/self/ns/net)" ]; do :; done
            ip link add out type veth peer name eth0 netns $inner
            ip address add 10.9.0.1/24 dev out
            ip address add 1.1.1.1/32 dev lo
            ip address add 8.8.8.8/32 dev lo
            ip link set out up
            nsenter --net=/proc/$inner/ns/net sh -c '
                ip link set lo up; ip address add 10.9.0.2/24 dev eth0; ip link set eth0 up
                ip route add default via 10.9.0.1'
            case $WORLD in
                closed) ip address del 1.1.1.1/32 dev lo; ip address del 8.8.8.8/32 dev lo ;;
                open) ip address del 8.8.8.8/32 dev lo ;;
                names) ip address del 1.1.1.1/32 dev lo ;;
                nothing) ip address del 1.1.1.1/32 dev lo; ip address del 8.8.8.8/32 dev lo ;;
            esac
            python3 -c '
            import os, socket, sys, threading
            def listen(address, port):
                server = socket.create_server((address, port))
                threading.Thread(target=lambda: [server.accept() for _ in range(99)], daemon=True).start()
            def answer(address):
                server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                server.bind((address, 53))
                def serve():
                    while True:
                        text, client = server.recvfrom(512)
                        server.sendto(text, client)
                threading.Thread(target=serve, daemon=True).start()
            world = os.environ["WORLD"]
            if world != "nothing": listen("10.9.0.1", 3128)
            if world == "open": listen("1.1.1.1", 443)
            if world == "names": answer("8.8.8.8")
            print("ready", flush=True)
            threading.Event().wait(50)
            ' > "$READY" &
            server=$!
            trap 'kill $inner $server' EXIT
            while ! grep -q ready "$READY"; do :; done
            status=0
            nsenter --net=/proc/$inner/ns/net "$@" || status=$?
            exit $status
            """
        let ready = NSTemporaryDirectory() + "yett-verify-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: ready) }
        try Data().write(to: URL(filePath: ready))
        let program = try Program(
            "unshare",
            ["--net", "--", "sh", "-c", script, "sh", CommandLineProgram.path, "verify", "network", "--json"]
                + arguments,
            environment: ["WORLD": world.rawValue, "READY": ready], install: "apt-get install util-linux iproute2")
        return program.outcome(within: 60)
    }

    private static func report(_ outcome: Program.Outcome) throws -> Report {
        try JSONDecoder().decode(Report.self, from: Data(outcome.bytes))
    }

    private static let remote = ["--gate", "10.9.0.1:3128", "--timeout", "1"]

    @Test("proves that only the gate is reached where that is so")
    func closed() async throws {
        try await onOwnThread {
            let targets = [
                "tcp:1.1.1.1:443", "tcp:[2606:4700:4700::1111]:443", "dns:8.8.8.8:53", "tcp:169.254.169.254:80",
            ]
            let outcome = try Self.run(.closed, Self.remote + targets.flatMap { ["--target", $0] })
            let report = try Self.report(outcome)
            #expect(report.verdict == "proven", "\(outcome.text)")
            #expect(report.gate.map(\.result) == ["open"])
            #expect(report.attempts.map(\.target) == targets)
            #expect(report.attempts.allSatisfy { $0.result == "closed" }, "\(outcome.text)")
            #expect(outcome.status == 0)
        }
    }

    @Test("tries all it knows of within its time, and finds nothing but sockets of this machine")
    func everything() async throws {
        try await onOwnThread {
            let clock = ContinuousClock()
            let started = clock.now
            let outcome = try Self.run(.closed, Self.remote)
            let report = try Self.report(outcome)
            #expect(clock.now - started < .seconds(30))
            #expect(report.attempts.count > 40)
            #expect(
                report.attempts.filter { $0.kind != "local-socket" }.allSatisfy { $0.result == "closed" },
                "\(outcome.text)")
            for kind in ["public-address", "name-server", "metadata", "local-socket"] {
                #expect(report.attempts.contains { $0.kind == kind }, "\(kind)")
            }
        }
    }

    @Test("finds a public address that answers, and says what to change")
    func open() async throws {
        try await onOwnThread {
            let outcome = try Self.run(.open, Self.remote)
            let report = try Self.report(outcome)
            #expect(report.verdict == "route-exists")
            let found = report.attempts.filter { $0.result == "open" }
            #expect(found.contains { $0.target == "tcp:1.1.1.1:443" && $0.detail == "connected" }, "\(outcome.text)")
            #expect(
                found.contains { $0.target == "tcp:1.1.1.1:80" && $0.detail.hasPrefix("refused") }, "\(outcome.text)")
            #expect(found.first?.remedy?.contains("agents-default-deny") == true)
            #expect(outcome.status == 1)
        }
    }

    @Test("finds a name server where that is all that is open")
    func names() async throws {
        try await onOwnThread {
            let outcome = try Self.run(
                .names, Self.remote + ["--target", "dns:8.8.8.8:53", "--target", "tcp:1.1.1.1:443"])
            let report = try Self.report(outcome)
            #expect(report.verdict == "route-exists")
            #expect(report.attempts.map(\.result) == ["open", "closed"], "\(outcome.text)")
            #expect(report.attempts.first?.detail == "answered")
            #expect(report.attempts.first?.remedy?.contains("DNS") == true)
            #expect(outcome.status == 1)
        }
    }

    @Test("proves nothing where the gate is not reached either")
    func nothing() async throws {
        try await onOwnThread {
            let outcome = try Self.run(.nothing, Self.remote + ["--target", "tcp:1.1.1.1:443"])
            let report = try Self.report(outcome)
            #expect(report.verdict == "untried")
            #expect(outcome.status == 2)
        }
    }

    @Test("finds a Unix socket that accepts")
    func unixSocket() async throws {
        try await onOwnThread {
            let path = NSTemporaryDirectory() + "yett-\(UInt32.random(in: 0...UInt32.max)).sock"
            defer { try? FileManager.default.removeItem(atPath: path) }
            let server = try Program(
                "python3",
                [
                    "-c",
                    "import socket,sys,time;s=socket.socket(socket.AF_UNIX);s.bind(sys.argv[1]);s.listen();time.sleep(60)",
                    path,
                ])
            defer { server.stop() }
            while !FileManager.default.fileExists(atPath: path), server.isRunning { usleep(1000) }
            let outcome = try CommandLineProgram.run([
                "verify", "network", "--json", "--target", "unix:\(path)", "--target", "unix:\(path).none",
            ])
            let report = try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
            #expect(report.attempts.map(\.result) == ["open", "closed"], "\(outcome.output)")
            #expect(outcome.status == 1)
        }
    }

    @Test("reads the gate from the environment, and says that it would have to ask DNS for a name")
    func places() async throws {
        try await onOwnThread {
            let environment = ["HTTPS_PROXY": "http://user:word@127.0.0.1:1/", "PATH": "/usr/bin"]
            let outcome = try CommandLineProgram.run(
                ["verify", "network", "--json", "--target", "tcp:127.0.0.1:1"], environment: environment)
            let report = try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
            #expect(report.gate.map(\.target) == ["tcp:127.0.0.1:1"])
            #expect(report.attempts.isEmpty, "the gate itself is no other way")
            #expect(outcome.status == 2)
            let named = try CommandLineProgram.run(["verify", "network", "--gate", "gate.nowhere.test:3128"])
            #expect(named.status == 2)
            #expect(named.errors.contains("hostAliases"), "\(named.errors)")
        }
    }

    @Test(
        "refuses targets that it cannot read",
        arguments: [
            "tcp", "tcp:", "tcp:host.test:80", "tcp:1.1.1.1", "tcp:1.1.1.1:0", "tcp:1.1.1.1:65536", "dns:1.1.1.1:x",
            "icmp:host", "unix:relative", "unix:/\(String(repeating: "a", count: 107))", "http://1.1.1.1/",
        ])
    func targets(text: String) async throws {
        try await onOwnThread {
            let outcome = try CommandLineProgram.run(["verify", "network", "--target=\(text)"])
            #expect(outcome.status == 2)
            #expect(outcome.errors.contains("is no target"), "\(outcome.errors)")
        }
    }
}
