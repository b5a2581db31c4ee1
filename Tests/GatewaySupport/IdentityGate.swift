// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Dispatch
import Foundation
import GateSupport
import Glibc
package import Identity
import IdentityPlane
import Protocols
import Synchronization
import Testing
package import WorkloadClient

/// A running gate that issues identities, and what clients do with them.
package struct IdentityGate: Sendable {
    package let gate: RunningGate

    /// Looks at a gate that runs.
    package init(gate: RunningGate) { self.gate = gate }

    /// The configuration: this process is an agent and, second, a tool server.
    package static func text(lifetime: String = "1h", extra: String = "", entries: String? = nil) -> String {
        """
        agents:
          coder:
            attest: [{x509: true}]
            grants: [{name: tickets, service: tickets, tools: {search: {}, create: {}}}]
          planner:
            attest: [{x509: true}]
            grants: [{name: tickets, service: tickets, tools: {search: {}}}]
        services:
          tickets: {host: tickets.gate.test, port: 443, protocol: mcp, spiffe_id: "spiffe://gate.test/tool/tickets"}
        identity:
          source: embedded
          directory: $DIRECTORY/identity
          socket: $DIRECTORY/workload.sock
          endpoints: {address: "127.0.0.1:0", issuer: "https://localhost"}
          dns_names: [localhost]
          x509_lifetime: \(lifetime)
          entries: \(entries ?? usualEntries)
        \(extra)
        """
    }

    /// This process is both.
    package static let usualEntries = """
        [{id: /agent/coder, selectors: ["unix:uid:\(geteuid())", "unix:gid:\(getegid())"], hint: agent},
                    {id: /tool/tickets, selectors: ["unix:uid:\(geteuid())"], hint: tool}]
        """

    /// Runs a gate for as long as `body` runs.
    package static func run<Value: Sendable>(
        _ text: String = Self.text(), _ body: @escaping @Sendable (IdentityGate) throws -> Value
    ) async throws -> Value {
        try await RunningGate.run(text) { try body(IdentityGate(gate: $0)) }
    }

    package var socket: String { gate.directory + "/workload.sock" }
    package var url: String { "https://localhost:\(gate.tokenPort)" }

    // MARK: Workloads

    /// What the Workload API gives this process.
    package func state() throws -> IdentityState { try Self.state(socket: socket) }

    /// The Workload API of the gate as a source.
    package func source() throws -> WorkloadAPISource {
        WorkloadAPISource(
            socket: try WorkloadSocket(parsing: "unix://" + socket), now: { Int64(Date().timeIntervalSince1970) })
    }

    /// What a Workload API gives this process, or why it gives nothing within some seconds.
    package static func state(socket: String) throws -> IdentityState {
        try waiting {
            let source = WorkloadAPISource(
                socket: try WorkloadSocket(parsing: "unix://" + socket), now: { Int64(Date().timeIntervalSince1970) })
            let follower = Task { await source.run { _ in } }
            defer {
                source.shutDown()
                follower.cancel()
            }
            let timeout = Task {
                try await Task.sleep(for: .seconds(20))
                source.shutDown()
            }
            defer { timeout.cancel() }
            for await state in source.updates() { return state }
            throw IdentitySourceError.notReady
        }
    }

    /// Does something that suspends, from a thread of one's own.
    package static func waiting<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) throws -> Value {
        let outcome = Mutex<Result<Value, any Error>?>(nil)
        let done = DispatchSemaphore(value: 0)
        Task {
            do {
                let value = try await body()
                outcome.withLock { $0 = .success(value) }
            } catch {
                outcome.withLock { $0 = .failure(error) }
            }
            done.signal()
        }
        done.wait()
        guard let result = outcome.withLock({ $0 }) else { throw IdentitySourceError.notReady }
        return try result.get()
    }

    /// Writes an identity as files, as `NAME.pem` and `NAME.key`, and the trust bundle as `bundle.pem`.
    @discardableResult
    package func write(_ name: String, _ svid: X509SVID, _ state: IdentityState) throws -> String {
        let base = gate.directory + "/" + name
        try Data(PEMText.certificates(svid.chain)).write(to: URL(filePath: base + ".pem"))
        try Data(PEMText.privateKey(svid.key)).write(to: URL(filePath: base + ".key"))
        try Data(PEMText.certificates(state.ownBundle?.x509.authorities ?? [])).write(
            to: URL(filePath: gate.directory + "/bundle.pem"))
        return base
    }

    /// Fetches both identities and writes them as `agent` and `tool`.
    package func fetch() throws -> IdentityState {
        let state = try state()
        for svid in state.svids { try write(svid.hint, svid, state) }
        return state
    }

    // MARK: Token endpoints

    /// Asks the token endpoints, with a certificate that was written as `name` before.
    package func ask(
        _ path: String, as name: String? = nil, _ arguments: [String] = []
    ) throws -> (code: Int, text: String) {
        var all = [
            "-sS", "--max-time", "20", "--cacert", gate.directory + "/bundle.pem", "-w", "\n%{http_code}",
        ]
        if let name {
            all += ["--cert", "\(gate.directory)/\(name).pem", "--key", "\(gate.directory)/\(name).key"]
        }
        let outcome = try Program("curl", all + arguments + [url + path], keepsErrors: true).outcome()
        guard let line = outcome.text.lastIndex(of: "\n"), let code = Int(outcome.text[line...].dropFirst()) else {
            return (0, outcome.text)
        }
        return (code, String(outcome.text[..<line]))
    }

    /// Asks for a token for a tool.
    package func exchange(
        _ tool: String, handle: String, as name: String? = "agent", _ further: [String] = []
    ) throws -> (code: Int, text: String) {
        let details = #"[{"type":"mcp_tool_call","server":"tickets","tool":"\#(tool)"}]"#
        return try ask(
            "/token", as: name,
            [
                "--data-urlencode", "grant_type=urn:ietf:params:oauth:grant-type:token-exchange",
                "--data-urlencode", "subject_token=\(handle)",
                "--data-urlencode", "subject_token_type=urn:yett:params:oauth:token-type:task-handle",
                "--data-urlencode", "resource=https://localhost/mcp/tickets",
                "--data-urlencode", "authorization_details=\(details)",
            ] + further)
    }

    /// Starts a task of an agent.
    package func startTask(_ agent: String = "coder") throws -> (id: String, handle: String) {
        let answer = try gate.ask(
            "POST", "tasks", body: #"{"agent":"\#(agent)","purpose":"test","grants":[{"name":"tickets"}]}"#)
        let report = try JSONValue(parsing: answer.body)
        return (
            try #require(report["task"]?["id"]?.string, "\(answer.text)"), try #require(report["handle"]?.string)
        )
    }
}

extension WorkloadAPISource {
    /// Whether a token that this source gets is one that it accepts.
    package func verifies(audience: String) async throws -> Bool {
        let follower = Task { await run { _ in } }
        defer {
            shutDown()
            follower.cancel()
        }
        for await _ in updates() { break }
        let token = try await jwtSVID(audience: [audience], id: nil)
        let verified = try await verify(
            jwtSVID: token.secretToken(), audience: audience, now: Int64(Date().timeIntervalSince1970))
        return verified.id == token.id
    }
}
