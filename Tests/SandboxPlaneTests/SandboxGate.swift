// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Foundation
import GateSupport
import GatewaySupport
import Glibc
import Protocols

/// Gates with sandboxes, and what agents ask of them.
enum SandboxGate {
    static let token = "agent-token-sandbox-41f7"
    static let otherToken = "agent-token-nobody-09ad"

    /// One agent that may run code, and one that may not.
    ///
    /// - Parameters:
    ///   - sandbox: The keys of the section.
    ///   - grant: Further keys of the grant, each behind a comma.
    ///   - policy: A policy of the gate's own.
    static func run<Value: Sendable>(
        sandbox: String = "drivers: [namespace]", grant: String = "", policy: String? = nil, sections: String = "",
        _ body: @escaping @Sendable (RunningGate) throws -> Value
    ) async throws -> Value {
        let text = """
            agents:
              bot:
                attest: [{token: {value: "file:$DIRECTORY/token"}}, {launch: true}]
                grants: [{name: code, service: sandbox, tools: {execute: {}}\(grant)}]
              other:
                attest: [{token: {value: "file:$DIRECTORY/other"}}]
                grants: [{name: web, hosts: [web.test]}]
            sandbox: {\(sandbox)}
            service_proxy:
              listeners: [{address: "127.0.0.1:0", identify: [token]}]
            \(policy == nil ? "" : "policy: {files: [policies]}")
            \(sections)
            """
        return try await RunningGate.run(
            text,
            prepare: { directory in
                try write(token, to: directory + "/token")
                try write(otherToken, to: directory + "/other")
                guard let policy else { return }
                try FileManager.default.createDirectory(
                    atPath: directory + "/policies", withIntermediateDirectories: true)
                try write(policy, to: directory + "/policies/authz.rego")
            }, body)
    }

    private static func write(_ text: String, to path: String) throws {
        let isWritten = FileManager.default.createFile(
            atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
        guard isWritten else { throw CocoaError(.fileWriteUnknown) }
    }

    /// The processes on this machine whose command line holds the word.
    static func processes(naming word: String) -> Int {
        let wanted = Array(word.utf8)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.filter { name in
            guard let process = Int32(name), process != getpid(),
                let line = FileManager.default.contents(atPath: "/proc/\(name)/cmdline")
            else { return false }
            return Array(line).firstRange(of: wanted) != nil
        }.count
    }
}

/// A program that is found on the host by a word of its own while it runs.
struct LongProgram {
    let word = "86400.\(UInt32.random(in: 1_000_000...9_999_999))"

    /// Python that starts another program and waits for it.
    var source: String { "import subprocess; print('up', flush=True); subprocess.run(['sleep', '\(word)'])" }

    var isRunning: Bool { SandboxGate.processes(naming: word) > 0 }
}

extension RunningGate {
    private static func head(_ path: String, _ token: String, _ fields: String, _ count: Int) -> String {
        "POST \(path) HTTP/1.1\r\nHost: gate.test\r\nAuthorization: Bearer \(token)\r\nContent-Type: application/json\r\n"
            + fields + "Content-Length: \(count)\r\n\r\n"
    }

    /// Sends the arguments of a run as plain HTTP, and does not wait for the answer.
    func begin(_ arguments: JSONValue, fields: String = "", token: String = SandboxGate.token) throws -> RawSocket {
        let socket = try RawSocket.connect(port: port)
        let body = arguments.text
        try socket.write(Self.head("/v1/sandbox/runs", token, fields, body.utf8.count) + body)
        return socket
    }

    /// Asks for a run as plain HTTP.
    func post(_ arguments: JSONValue, fields: String = "", token: String = SandboxGate.token) throws -> HTTPText {
        try HTTPText.readResponse(from: begin(arguments, fields: fields, token: token))
    }

    /// Asks for a run with any body.
    func post(body: String, path: String = "/v1/sandbox/runs", fields: String = "") throws -> HTTPText {
        let socket = try RawSocket.connect(port: port)
        try socket.write(Self.head(path, SandboxGate.token, fields, body.utf8.count) + body)
        return try HTTPText.readResponse(from: socket)
    }

    /// Sends a message of MCP.
    func message(_ method: String, _ params: JSONValue = [:], fields: String = "") throws -> JSONValue {
        let body: JSONValue = ["jsonrpc": "2.0", "id": 1, "method": .string(method), "params": params]
        let answer = try post(
            body: body.text, path: "/s/sandbox/",
            fields: "Accept: application/json, text/event-stream\r\nMCP-Protocol-Version: 2025-06-18\r\n" + fields)
        return try JSONValue(parsing: answer.body)
    }

    /// Calls the tool.
    func execute(_ arguments: JSONValue, fields: String = "") throws -> JSONValue {
        try message("tools/call", ["name": "execute", "arguments": arguments], fields: fields)
    }

    /// The decisions on calls of the tool.
    func calls(verdict: String) throws -> [AuditRecord] {
        try records("kind=decision&limit=1000&verdict=\(verdict)").filter { $0.text("tool") == "execute" }
    }

    /// What the records say of runs.
    func runs() throws -> [JSONValue] {
        try records("kind=observation&limit=1000").filter { $0.text("cause") == "sandbox_run" }
            .compactMap { $0.text("detail").flatMap { try? JSONValue(parsing: $0) } }
    }
}
