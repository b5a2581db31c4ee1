// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import Glibc
import Testing

/// `yett mcp stdio` from the client's lines to the record.
@Suite(.serialized) struct MCPStdioTests {
    private static let peers = StdioGate.servers.deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "RealPeers/Python")

    @Test(
        "carries the official clients and servers, with the gate between them",
        arguments: [("sdks", "auto", "2026-07-28"), ("sdks", "legacy", "2025-11-25"), ("mcp-1", "", "2025-11-25")])
    func official(list: String, mode: String, revision: String) async throws {
        try await onOwnThread {
            let python = try PythonPackage(list: Self.peers.appending(path: list + ".txt")).python
            let gate = try StdioGate(tools: "{add: {}, count: {}, look: {}}")
            defer { gate.stop() }
            let base = try Program(python, ["-c", "import sys; print(sys.base_prefix)"]).outcome().text
                .trimmingCharacters(in: .whitespacesAndNewlines)
            let server = Self.peers.appending(path: "mcp_stdio_server.py").path
            let environment = URL(filePath: python).deletingLastPathComponent().deletingLastPathComponent().path
            let shown = base.hasPrefix("/usr") ? [] : ["--read", base]
            let command =
                [CommandLineProgram.path]
                + gate.arguments("local", ["--read", environment, "--read", server] + shown) + [python, server]
            let client = Self.peers.appending(path: "mcp_stdio_client.py").path
            let outcome = try Program(
                "env", ["-C", gate.work, python, "-W", "ignore", client, mode] + command, keepsErrors: true
            ).outcome(within: 90)
            let lines = outcome.text.split(separator: "\n").map(String.init)
            #expect(
                lines.filter { !$0.hasPrefix("[local]") } == [
                    "revision \(revision)", "tools add count look", "sum 3", "sees nothing", "progress 1 2",
                    "progress 2 2", "counted", "tool: The tool is not granted",
                    "arguments: The client's request is refused: the arguments do not fit the tool's input schema "
                        + "(a: has another type than the schema names)",
                ])
            #expect(lines.contains("[local] a line for people"))
            let records = try gate.gate.yett("audit", "query", "--agent", "desk", "--json").output
            #expect(records.contains(#""tool":"add""#) && records.contains("tool_not_granted"))
            #expect(records.contains(#""proof":"peer-credentials""#) && records.contains(#""service":"local""#))
            let tools = try gate.gate.yett("tools", "list", "local", "--agent", "desk").output
            #expect(tools.contains("delete_ticket"))
            #expect(try gate.gate.yett("status", "--json").output.contains(#""launches":0"#))
        }
    }

    @Test("passes calls, refuses what is not granted, and marks what the server says to people")
    func plain() async throws {
        try await onOwnThread {
            let gate = try StdioGate()
            defer { gate.stop() }
            let outcome = try gate.run(
                "plain",
                StdioGate.opening + [
                    StdioGate.call(2), StdioGate.call(3, tool: "erase"),
                    #"{"jsonrpc":"2.0","id":4,"method":"resources/read","params":{"uri":"file:///etc/passwd"}}"#,
                    #"{"jsonrpc":"2.0","id":5,"method":"no/such"}"#,
                ])
            #expect(outcome.text(2) == "hello", "\(outcome.errors)")
            #expect(outcome.error(3) == "The tool is not granted.")
            #expect(outcome.answers[4]?["error"] != nil && outcome.answers[5]?["error"] != nil)
            #expect(outcome.errors.contains("[local] called {'text': 'hello'}"))
            #expect(!outcome.errors.contains("\u{1b}"))
            #expect(outcome.status == 0)
        }
    }

    @Test(
        "has the gate refuse lines that are no message, and goes on",
        arguments: [
            "nonsense", "[\(StdioGate.call(7)),\(StdioGate.call(8))]", #"{"jsonrpc":"2.0","id":1e1,"method":"ping"}"#,
            #"{"jsonrpc":"2.0","id":7,"method":"tools/call","method":"tools/call","params":{"name":"echo"}}"#,
            #"{"jsonrpc":"2.0","id":null,"method":"ping"}"#, String(repeating: "x", count: 70_000),
        ])
    func strictLines(line: String) async throws {
        try await onOwnThread {
            let gate = try StdioGate(limits: "{stdio_line: 64KiB}")
            defer { gate.stop() }
            let outcome = try gate.run("plain", StdioGate.opening + [line, StdioGate.call(2)])
            #expect(outcome.answers[-1]?["error"] != nil, "\(outcome.output)")
            #expect(outcome.text(2) == "hello")
            #expect(outcome.answers.keys.sorted() == [-1, 1, 2])
        }
    }

    @Test(
        "tells the client why a server's answer does not come",
        arguments: [
            ("dies", "The server has ended with exit code 3."),
            ("twice", "The server's answer is refused"),
            ("floods", "The server wrote 1000 lines that are no messages."),
            ("long", "The server wrote a message longer than service_proxy.limits.stdio_line (32768 bytes)."),
        ])
    func brokenServer(manner: String, message: String) async throws {
        try await onOwnThread {
            let gate = try StdioGate(limits: "{stdio_line: 32KiB, stdio_grace: 1s}")
            defer { gate.stop() }
            let outcome = try gate.run(manner, StdioGate.opening + [StdioGate.call(2)])
            #expect(outcome.error(2)?.hasPrefix(message) == true, "\(outcome.output) \(outcome.errors)")
            #expect(comesTrue { !Self.isRunning(StdioGate.servers.appending(path: "stdio_server.py").path, gate.work) })
        }
    }

    @Test("ends with the server's exit code when the server ends first")
    func exitCode() async throws {
        try await onOwnThread {
            let gate = try StdioGate()
            defer { gate.stop() }
            let server = StdioGate.servers.appending(path: "stdio_server.py").path
            // The client's input stays open: only the end of the server ends the command.
            let script =
                "( printf '%s\\n' \"$@\"; sleep 20 & wait $! ) | \"$YETT\" "
                + (gate.arguments("local", ["--read", server]) + ["python3", server, "dies"]).joined(separator: " ")
                + "; echo \"status $?\""
            let outcome = try Program(
                "env",
                [
                    "-C", gate.work, "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "YETT=\(CommandLineProgram.path)", "bash",
                    "-c", script, "sh",
                ] + StdioGate.opening
                    + [StdioGate.call(2)], keepsErrors: true
            ).outcome(within: 60)
            #expect(outcome.text.contains("status 3"), "\(outcome.text)")
            #expect(outcome.text.contains("The server has ended with exit code 3."))
        }
    }

    @Test("goes on when the server prints what is no message, and when it floods the client with notifications")
    func noise() async throws {
        try await onOwnThread {
            let gate = try StdioGate()
            defer { gate.stop() }
            let printed = try gate.run("prints", StdioGate.opening + [StdioGate.call(2)])
            #expect(printed.text(2) == "hello")
            #expect(printed.errors.contains("the server wrote a line that is no message: Starting the server..."))
            let flooded = try gate.run("notifies", StdioGate.opening + [StdioGate.call(2)])
            #expect(flooded.text(2) == "hello", "\(flooded.errors)")
        }
    }

    @Test("gives an answer to nobody who did not ask")
    func foreign() async throws {
        try await onOwnThread {
            let gate = try StdioGate(limits: "{stdio_grace: 1s}")
            defer { gate.stop() }
            let outcome = try gate.run("foreign", StdioGate.opening + [StdioGate.call(2)])
            #expect(outcome.answers[4711] == nil)
            #expect(outcome.text(2) == nil)
        }
    }

    @Test("ends a server that neither the end of its input nor a signal ends, and leaves nothing behind")
    func stubborn() async throws {
        try await onOwnThread {
            let gate = try StdioGate(limits: "{stdio_grace: 300ms}")
            defer { gate.stop() }
            let started = ContinuousClock.now
            let outcome = try gate.run("stubborn", StdioGate.opening + [StdioGate.call(2)])
            #expect(outcome.text(2) == "hello")
            #expect(outcome.status == 137)
            #expect(outcome.errors.contains("the server does not end, and is ended"))
            #expect(ContinuousClock.now - started < .seconds(20))
            #expect(comesTrue { !Self.isRunning(StdioGate.servers.appending(path: "stdio_server.py").path, gate.work) })
            #expect(comesTrue { (try? gate.gate.yett("status", "--json").output.contains(#""launches":0"#)) == true })
        }
    }

    @Test("says what to type where the gate cannot begin")
    func remedies() async throws {
        try await onOwnThread {
            let gate = try StdioGate()
            defer { gate.stop() }
            func run(_ service: String, _ socket: String) throws -> CommandLineProgram.Outcome {
                try CommandLineProgram.run(
                    ["mcp", "stdio", "--socket", socket, "--service", service, "--", "true"], directory: gate.work)
            }
            let unknown = try run("wiki", gate.gate.socket)
            #expect(unknown.status == 1 && unknown.output.isEmpty)
            #expect(unknown.errors.contains("no service is named “wiki”"))
            #expect(unknown.errors.contains("add under services: wiki: {protocol: mcp, stdio: AGENT}"))
            let absent = try run("local", gate.work + "/none.sock")
            #expect(absent.errors.contains("start one: yett run --config yett.yaml"))
            let missing = try CommandLineProgram.run(
                gate.arguments() + ["no-such-program"], input: StdioGate.opening[0] + "\n", directory: gate.work)
            #expect(missing.status == 127)
            #expect(missing.error(1)?.hasPrefix("The server could not be started: ") == true)
        }
    }

    @Test("lets nobody but the process that asked use its socket, nor anybody but the gate the server's")
    func strangers() async throws {
        try await onOwnThread {
            let gate = try StdioGate()
            defer { gate.stop() }
            // The asking process is curl: it is gone with its answer, and with it the launch.
            let body = #"{"service":"local","uid":\#(geteuid()),"socketName":"yett-mcp-1","bringsToken":false}"#
            let script = """
                curl -sS --unix-socket "$1" -d '\(body)' http://gate/v1/stdio; echo
                curl -sS --unix-socket "$1" -d '\(body.replacing("yett-mcp-1", with: "../x"))' http://gate/v1/stdio
                """
            let outcome = try Program("sh", ["-c", script, "sh", gate.gate.socket], keepsErrors: true).outcome()
            #expect(outcome.text.contains("client_socket") || outcome.text.contains("clientSocket"), "\(outcome.text)")
            #expect(outcome.text.contains("is not the name of a socket of yett"))
            #expect(comesTrue { (try? gate.gate.yett("status", "--json").output.contains(#""launches":0"#)) == true })
        }
    }

    private static func isRunning(_ program: String, _ directory: String) -> Bool {
        let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return processes.contains { process in
            guard let line = FileManager.default.contents(atPath: "/proc/\(process)/cmdline"),
                let place = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/cwd")
            else { return false }
            return String(decoding: line, as: UTF8.self).contains(program) && place.hasSuffix(directory)
        }
    }
}
