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
        var query = RecordQuery()
        for (name, value) in parameters {
            let text = String(value)
            switch name {
            case "agent": query.agent = text
            case "connection": query.connection = text
            case "decision": query.decision = text
            case "host": query.host = text
            case "kind": query.kind = text
            case "reason": query.reason = text
            case "service": query.service = text
            case "task": query.task = text
            case "verdict": query.verdict = text
            case "since": query.since = try number(parameters, "since", Int64.self)
            case "until": query.until = try number(parameters, "until", Int64.self)
            case "before": query.before = try number(parameters, "before", UInt64.self)
            case "limit": query.limit = try number(parameters, "limit", Int.self) ?? query.limit
            default: throw AdminError(.malformed, "“\(name)” is no part of a query", remedy: "yett audit query --help")
            }
        }
        for time in [query.since, query.until].compactMap({ $0 }) where !(0...RecordQuery.latest).contains(time) {
            throw AdminError(.malformed, "\(time) is not a time in Unix seconds")
        }
        guard (1...RecordQuery.largestLimit).contains(query.limit) else {
            throw AdminError(.malformed, "limit is \(query.limit); allowed are 1 to \(RecordQuery.largestLimit)")
        }
        return query
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
