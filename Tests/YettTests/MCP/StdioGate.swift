// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import Glibc

/// A gate with a local MCP server as a service, and the command that starts it.
final class StdioGate {
    let gate: RunningProgram
    let work: String

    static let servers = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Servers")

    /// - Parameters:
    ///   - tools: The tools of the client's grant.
    ///   - limits: Those of the service proxy.
    ///   - service: More keys of the service.
    init(tools: String = "{echo: {}}", limits: String = "{}", service: String = "") throws {
        let agents = """
            []
              desk:
                attest: [{unix: {uid: \(geteuid())}}]
                grants: [{name: local, service: local, tools: \(tools)}]
              server:
                attest: [{launch: true}]
                grants: []
            """
        gate = try RunningProgram(
            grants: agents,
            further: """
                services:
                  local: {protocol: mcp, stdio: server\(service)}
                service_proxy: {limits: \(limits)}
                """)
        work = "/tmp/yett-stdio-" + String(UInt64.random(in: .min ... .max), radix: 36)
        try FileManager.default.createDirectory(atPath: work, withIntermediateDirectories: true)
    }

    func stop() {
        gate.stop()
        try? FileManager.default.removeItem(atPath: work)
    }

    /// The command's arguments before the server's.
    func arguments(_ service: String = "local", _ options: [String] = []) -> [String] {
        ["mcp", "stdio", "--socket", gate.socket, "--service", service] + options + ["--"]
    }

    /// Runs the scripted server, with these lines as the client's.
    func run(_ manner: String, _ lines: [String]) throws -> CommandLineProgram.Outcome {
        let server = Self.servers.appending(path: "stdio_server.py").path
        return try CommandLineProgram.run(
            arguments("local", ["--read", server]) + ["python3", server, manner],
            input: lines.map { $0 + "\n" }.joined(), directory: work)
    }

    /// What a client of 2025-11-25 says first.
    static let opening = [
        #"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"c","version":"1"}}}"#,
        #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
    ]

    /// A call.
    static func call(_ id: Int, _ text: String = "hello", tool: String = "echo") -> String {
        #"{"jsonrpc":"2.0","id":\#(id),"method":"tools/call","params":{"name":"\#(tool)","arguments":{"text":"\#(text)"}}}"#
    }
}

extension CommandLineProgram.Outcome {
    /// The messages that the client got, by identifier.
    var answers: [Int: [String: Any]] {
        var answers: [Int: [String: Any]] = [:]
        for line in output.split(separator: "\n") {
            guard let message = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] else {
                continue
            }
            answers[message["id"] as? Int ?? -1] = message
        }
        return answers
    }

    /// The text of a tool's result.
    func text(_ id: Int) -> String? {
        let result = answers[id]?["result"] as? [String: Any]
        return (result?["content"] as? [[String: Any]])?.first?["text"] as? String
    }

    /// The sentence of an error.
    func error(_ id: Int) -> String? { (answers[id]?["error"] as? [String: Any])?["message"] as? String }
}
