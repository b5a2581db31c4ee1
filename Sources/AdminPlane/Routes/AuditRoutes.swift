// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import NIOCore

/// Records and proofs.
struct AuditRoutes {
    let gate: any GateControl

    /// The longest that a request for new records is held open.
    private static let longestWait = 30

    func add(to router: RouterGroup<AdminContext>) {
        router.get("audit/records") { request, _ in
            Self.lines(try await gate.records(try Self.query(request.uri.queryParameters)))
        }
        router.get("audit/tail") { request, _ in
            let parameters = request.uri.queryParameters
            let from = try Self.number(parameters, "from", UInt64.self) ?? 0
            let wait = try Self.number(parameters, "wait", Int.self) ?? Self.longestWait
            return Self.lines(try await gate.follow(from: from, waiting: max(0, min(wait, Self.longestWait))))
        }
        router.get("audit/proofs/:index") { _, context in
            let text = try context.parameters.require("index")
            guard let index = UInt64(text) else {
                throw AdminError(.malformed, "“\(text)” is not the index of a record")
            }
            return Response(
                status: .ok, headers: [.contentType: "text/plain; charset=utf-8"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: try await gate.proof(of: index))))
        }
    }

    private static func query(_ parameters: FlatDictionary<Substring, Substring>) throws -> RecordQuery {
        let known = ["from", "agent", "host", "kind", "verdict", "reason", "since", "until", "limit", "newest"]
        for (name, _) in parameters where !known.contains(String(name)) {
            throw AdminError(
                .malformed, "“\(name)” is no part of a query", remedy: "allowed are \(known.joined(separator: ", "))")
        }
        let limit = try number(parameters, "limit", Int.self) ?? 100
        guard (1...RecordQuery.largestLimit).contains(limit) else {
            throw AdminError(.malformed, "limit is \(limit); allowed are 1 to \(RecordQuery.largestLimit)")
        }
        return RecordQuery(
            from: try number(parameters, "from", UInt64.self), agent: text(parameters, "agent"),
            host: text(parameters, "host"), kind: text(parameters, "kind"), verdict: text(parameters, "verdict"),
            reason: text(parameters, "reason"), since: try number(parameters, "since", Int64.self),
            until: try number(parameters, "until", Int64.self), limit: limit,
            newest: text(parameters, "newest") == "true")
    }

    private static func text(_ parameters: FlatDictionary<Substring, Substring>, _ name: String) -> String? {
        parameters[Substring(name)].map(String.init)
    }

    private static func number<Number: FixedWidthInteger>(
        _ parameters: FlatDictionary<Substring, Substring>, _ name: String, _: Number.Type
    ) throws -> Number? {
        guard let text = parameters[Substring(name)] else { return nil }
        guard let number = Number(text) else {
            throw AdminError(.malformed, "\(name) is “\(text)”; it must be a number")
        }
        return number
    }

    private static func lines(_ records: [RecordLine]) -> Response {
        var buffer = ByteBuffer()
        for record in records {
            buffer.writeString(record.line)
            buffer.writeInteger(UInt8(ascii: "\n"))
        }
        return Response(
            status: .ok, headers: [.contentType: "application/jsonl"], body: ResponseBody(byteBuffer: buffer))
    }
}
