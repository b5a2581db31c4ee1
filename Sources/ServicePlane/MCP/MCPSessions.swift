// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Crypto
import Identity
import Protocols

/// Seals what a client keeps for a server: session ids (until 2025-11-25) and the state of a request that waits for input
/// (since 2026-07-28).
///
/// The gate remembers nothing of them. What comes back is opened only for the agent, the service and the purpose for which
/// it was sealed, and only as long as this process lives; anything else is as good as made up.
struct MCPSessions: Sendable {
    /// Seconds for which a session is taken.
    static let sessionLife: Int64 = 24 * 3600
    /// Seconds for which a state is taken.
    static let stateLife: Int64 = 3600
    /// The longest session id of a server; sealed it fits into what clients send.
    static let maximumSessionBytes = 680

    private let key: SymmetricKey
    /// The time in Unix seconds.
    let now: @Sendable () -> Int64

    /// Seals with a new key.
    init(now: @escaping @Sendable () -> Int64) {
        key = SymmetricKey(size: .bits256)
        self.now = now
    }

    // MARK: Sessions

    /// A session as the client gets it; `nil` when the server's id is too long.
    func seal(session: String, revision: MCPRevision, caller: String, service: String) -> String? {
        guard session.utf8.count <= Self.maximumSessionBytes,
            let index = MCPRevision.allCases.firstIndex(of: revision).flatMap(UInt8.init(exactly:))
        else { return nil }
        return seal([index] + Array(session.utf8), ["session", service, caller])
    }

    /// The server's id of a session and its revision; `nil` for one that this caller was not given here.
    func open(session: String, caller: String, service: String) -> (session: String, revision: MCPRevision)? {
        guard let content = open(session, ["session", service, caller], life: Self.sessionLife),
            let index = content.first.map(Int.init), MCPRevision.allCases.indices.contains(index),
            let id = String(validating: content.dropFirst(), as: UTF8.self)
        else { return nil }
        return (id, MCPRevision.allCases[index])
    }

    // MARK: State

    /// What a state belongs to: the caller, and the very request that is to be repeated.
    struct Request: Sendable {
        /// Who asks.
        let caller: String
        /// Which server.
        let service: String
        /// What is asked: the method, the subject and the digest of the arguments.
        let operation: [String]

        var binding: [String] { ["state", service, caller] + operation }
    }

    /// A state as the client gets it.
    ///
    /// - Parameter isOwn: Whether it is the gate's own, and not the server's.
    func seal(state: String?, task: String?, of request: Request, isOwn: Bool = false) -> String {
        let task = Array((task ?? "").utf8.prefix(255))
        let flags: UInt8 = state == nil ? 0 : isOwn ? 2 : 1
        return seal([flags, UInt8(task.count)] + task + Array((state ?? "").utf8), request.binding)
    }

    /// The server's state, and the task in which it was given; `nil` for one that does not belong to this request.
    func open(state: String, of request: Request) -> (state: String?, task: String?, isOwn: Bool)? {
        guard let content = open(state, request.binding, life: Self.stateLife), content.count >= 2 else { return nil }
        let count = Int(content[1])
        guard content.count >= 2 &+ count,
            let task = String(validating: content[2..<(2 &+ count)], as: UTF8.self),
            let inner = String(validating: content[(2 &+ count)...], as: UTF8.self)
        else { return nil }
        return (content[0] == 0 ? nil : inner, task.isEmpty ? nil : task, content[0] == 2)
    }

    // MARK: Sealing

    private func seal(_ content: [UInt8], _ binding: [String]) -> String {
        var bytes: [UInt8] = []
        let time = UInt64(bitPattern: now())
        for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: time >> (56 &- UInt64(shift) &* 8))) }
        bytes += content
        let box = try? AES.GCM.seal(bytes, using: key, authenticating: Self.joined(binding))
        // Without a nonce of another length there is always a combined form; nothing opens what is empty.
        guard let combined = box?.combined else { return "" }
        return StrictBase64.url.text(Array(combined))
    }

    private func open(_ text: String, _ binding: [String], life: Int64) -> [UInt8]? {
        guard text.utf8.count <= 6 << 20, let bytes = StrictBase64.url.decode(Array(text.utf8)),
            let box = try? AES.GCM.SealedBox(combined: bytes),
            let opened = try? AES.GCM.open(box, using: key, authenticating: Self.joined(binding)), opened.count >= 8
        else { return nil }
        let content = Array(opened)
        let time = Int64(bitPattern: content.prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
        let age = now().subtractingReportingOverflow(time)
        // A clock that was set back must not make a seal live for ever.
        guard !age.overflow, age.partialValue >= -60, age.partialValue < life else { return nil }
        return Array(content.dropFirst(8))
    }

    /// Each part with its length, so that no two lists have the same bytes.
    private static func joined(_ parts: [String]) -> [UInt8] {
        var bytes = Array("yett mcp".utf8)
        for part in parts {
            let text = Array(part.utf8)
            for shift in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: text.count >> (24 &- shift &* 8))) }
            bytes += text
        }
        return bytes
    }
}
