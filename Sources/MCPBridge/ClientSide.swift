// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc
internal import NIOCore
internal import NIOHTTP1
internal import Protocols

/// The side towards the client: each of its lines becomes a request to the gate, and what comes back becomes lines.
///
/// It judges nothing. A line that is no message is sent as it is, so that the gate refuses and records it.
actor ClientSide {
    private let settings: BridgeSettings
    private let gate: GateClient
    private let output: LineWriter
    private let complain: @Sendable (String) -> Void
    private var fields = MessageFields()
    private var running: [JSONRPCID: Task<Void, Never>] = [:]
    private var listening: Task<Void, Never>?
    /// Why nothing more is asked.
    private var over: String?

    init(_ settings: BridgeSettings, output: LineWriter, complain: @escaping @Sendable (String) -> Void) {
        self.settings = settings
        self.output = output
        self.complain = complain
        gate = GateClient(socket: settings.clientSocket, path: "/s/\(settings.service)/", token: settings.token)
    }

    // MARK: Lines of the client

    /// Takes a line; returns when the next one may come.
    func take(_ line: LineSplitter.Line) async {
        guard case .whole(let bytes) = line else {
            let text =
                "The client's message is longer than service_proxy.limits.stdio_line (\(settings.lineBytes) bytes)."
            return await emit(BridgeMessage.error(BridgeMessage.invalid, text, to: nil))
        }
        let message = try? JSONValue(parsing: bytes, limits: .line(settings.lineBytes))
        let method = message?["method"]?.string
        let id = message?["id"].flatMap { JSONRPCID($0) }
        guard let method, let id else {
            if let cancelled = cancelled(message) { return cancelled.cancel() }
            return await ask(bytes, message, nil)
        }
        guard over == nil else { return await fail(id, over ?? "") }
        guard running[id] == nil else {
            return await fail(id, "The client's identifier is that of a request under way.", BridgeMessage.invalid)
        }
        guard running.count < BridgeSettings.requests else {
            return await fail(id, "\(BridgeSettings.requests) requests of the client are under way; wait for answers.")
        }
        let task = Task {
            await ask(bytes, message, id)
            running[id] = nil
        }
        running[id] = task
        // Everything behind it depends on what comes of it.
        if method.utf8.elementsEqual("initialize".utf8) { await task.value }
    }

    /// The request that a notification ends. Over HTTP a client that goes away does that.
    private func cancelled(_ message: JSONValue?) -> Task<Void, Never>? {
        guard message?["method"]?.string?.utf8.elementsEqual("notifications/cancelled".utf8) == true else { return nil }
        return message?["params"]?["requestId"].flatMap { JSONRPCID($0) }.flatMap { running[$0] }
    }

    /// Waits until every request is answered, but no longer than the grace; then nothing more is asked.
    func finish(_ why: String) async {
        let tasks = Array(running.values)
        let patience = Task { try? await Task.sleep(for: settings.grace) }
        let waiting = Task {
            for task in tasks { await task.value }
            patience.cancel()
        }
        await patience.value
        waiting.cancel()
        over = why
        listening?.cancel()
        for task in running.values { task.cancel() }
    }

    // MARK: One request

    private enum Body {
        case nothing
        case json([UInt8])
        case events(EventStreamParser)
    }

    /// What has come of one request.
    private final class Progress: @unchecked Sendable {
        // Unchecked: touched by the one task that asks, between suspensions of the actor.
        var status: UInt = 0
        var session: String?
        var body = Body.nothing
        var isAnswered = false
    }

    private func ask(_ line: [UInt8], _ message: JSONValue?, _ id: JSONRPCID?) async {
        let progress = Progress()
        do {
            try await gate.ask(.POST, fields.fields(of: message), line) { part in
                try await self.take(part, progress, message, id)
            }
            try await end(progress, message, id)
        } catch {
            guard !Task.isCancelled, !progress.isAnswered else { return }
            let text = "The gate ended the connection before the answer: \(Self.describe(error))"
            if let id { await fail(id, text) } else { complain("yett: \(text)") }
            return
        }
        guard !Task.isCancelled, !progress.isAnswered else { return }
        if let id {
            await fail(id, "The gate's answer (status \(progress.status)) has no message for this request.")
        } else if progress.status >= 400 {
            complain("yett: the gate refused a message of the client (status \(progress.status))")
        }
    }

    private static func describe(_ error: any Error) -> String {
        if let error = error as? IOError, [ENOENT, ECONNREFUSED].contains(error.errnoCode) {
            return "it does not run any more; start it with yett run, and this client again."
        }
        return "\(error)"
    }

    private func take(
        _ part: GateClient.Part, _ progress: Progress, _ message: JSONValue?, _ id: JSONRPCID?
    ) async throws {
        switch part {
        case .head(let status, let type, let session):
            progress.status = status
            progress.session = session
            if type.utf8.starts(with: "text/event-stream".utf8) {
                progress.body = .events(Self.parser(settings.lineBytes))
            } else if type.utf8.starts(with: "application/".utf8) {
                progress.body = .json([])
            }
        case .body(let buffer):
            switch progress.body {
            case .nothing: break
            case .json(var bytes):
                progress.body = .nothing
                guard bytes.count &+ buffer.readableBytes <= settings.lineBytes else { throw TooLarge() }
                bytes += buffer.readableBytesView
                progress.body = .json(bytes)
            case .events(var parser):
                progress.body = .nothing
                let events = try parser.feed(Array(buffer.readableBytesView))
                progress.body = .events(parser)
                for event in events where !event.data.isEmpty { await deliver(event.data, progress, message, id) }
            }
        }
    }

    /// An answer that no line holds.
    private struct TooLarge: Error, CustomStringConvertible {
        var description: String { "it is longer than service_proxy.limits.stdio_line." }
    }

    private static func parser(_ bytes: Int) -> EventStreamParser {
        EventStreamParser(
            limits: EventStreamLimits(eventBytes: bytes, streamBytes: .max, events: .max, idleBytes: .max))
    }

    private func end(_ progress: Progress, _ message: JSONValue?, _ id: JSONRPCID?) async throws {
        if case .json(let bytes) = progress.body, !bytes.isEmpty { await deliver(bytes, progress, message, id) }
        guard progress.status < 300, let method = message?["method"]?.string else { return }
        if method.utf8.elementsEqual("notifications/initialized".utf8) { listen() }
    }

    /// Passes a message on, and takes note of what later requests need.
    private func deliver(_ bytes: [UInt8], _ progress: Progress, _ message: JSONValue?, _ id: JSONRPCID?) async {
        guard let value = try? JSONValue(parsing: bytes, limits: .line(settings.lineBytes)) else { return }
        guard value["jsonrpc"] != nil else { return await refuse(value, progress, id) }
        if value["method"] == nil {
            // Nobody asked without an identifier, unless the gate could not read what was asked.
            if id == nil, progress.status < 400 { return }
            progress.isAnswered = true
            if let result = value["result"] { learn(result, progress, message) }
        }
        await emit(value.bytes)
    }

    private func learn(_ result: JSONValue, _ progress: Progress, _ message: JSONValue?) {
        let method = message?["method"]?.string ?? ""
        if method.utf8.elementsEqual("initialize".utf8) {
            fields.session = MessageFields.Session(
                id: progress.session, version: result["protocolVersion"]?.string)
        } else if method.utf8.elementsEqual("tools/list".utf8) {
            fields.learn(result)
        }
    }

    /// A problem document becomes an error.
    private func refuse(_ problem: JSONValue, _ progress: Progress, _ id: JSONRPCID?) async {
        let parts = ["title", "detail"].compactMap { problem[$0]?.string }
        let text = parts.isEmpty ? "The gate refused the request." : parts.joined(separator: ": ")
        progress.isAnswered = true
        if let id {
            await emit(BridgeMessage.error(BridgeMessage.failed, text, to: id, data: problem))
        } else {
            complain("yett: a message of the client was refused: \(text)")
        }
    }

    // MARK: What the server says by itself (until 2025-11-25)

    private func listen() {
        guard listening == nil, fields.session?.id != nil else { return }
        listening = Task {
            while !Task.isCancelled, over == nil {
                let progress = Progress()
                try? await gate.ask(.GET, fields.sessionFields + [("accept", "text/event-stream")]) { part in
                    try await self.take(part, progress, nil, nil)
                }
                // A server, or a gate, that will not have it now will not have it later.
                guard progress.status < 400 else { return }
                try? await Task.sleep(for: BridgeSettings.pause)
            }
        }
    }

    // MARK: Lines to the client

    private func fail(_ id: JSONRPCID, _ text: String, _ code: Int = BridgeMessage.failed) async {
        await emit(BridgeMessage.error(code, text, to: id))
    }

    private func emit(_ line: [UInt8]) async { try? await output.write(line) }
}
