// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import FoundationEssentials
import NIOCore
import Storage

/// Records and proofs of an audit tree: the running gate's, or those in a directory.
protocol RecordSource: Sendable {
    /// The newest records that match, oldest of them first.
    func find(_ query: RecordQuery) async throws -> [RecordLine]
    /// Records from an index on; may wait a while for the first.
    func follow(from index: UInt64) async throws -> [RecordLine]
    /// Records from an index on as far as they are there; none when there are none.
    func page(from index: UInt64) async throws -> [RecordLine]
    /// The proof of one record in the form of C2SP `tlog-proof`.
    func proof(of index: UInt64) async throws -> String
}

/// The records of the running gate.
struct GateRecords: RecordSource {
    let gate: AdminClient

    func find(_ query: RecordQuery) async throws -> [RecordLine] {
        try Self.lines(
            try await gate.ask(
                "audit/records",
                query: [
                    ("agent", query.agent), ("connection", query.connection), ("decision", query.decision),
                    ("host", query.host), ("kind", query.kind), ("reason", query.reason), ("service", query.service),
                    ("task", query.task), ("verdict", query.verdict), ("since", query.since.map { String($0) }),
                    ("until", query.until.map { String($0) }), ("before", query.before.map { String($0) }),
                    ("limit", String(query.limit)),
                ]))
    }

    func follow(from index: UInt64) async throws -> [RecordLine] {
        try Self.lines(try await gate.ask("audit/tail", query: [("from", String(index)), ("wait", "25")], seconds: 40))
    }

    func page(from index: UInt64) async throws -> [RecordLine] {
        try Self.lines(try await gate.ask("audit/tail", query: [("from", String(index)), ("wait", "0")]))
    }

    func proof(of index: UInt64) async throws -> String {
        String(buffer: try await gate.ask("audit/proofs/\(index)"))
    }

    private static func lines(_ answer: ByteBuffer) throws -> [RecordLine] {
        try answer.readableBytesView.split(separator: UInt8(ascii: "\n")).map { line in
            guard let record = RecordLine(line: line) else {
                throw CommandFailure("the gate's answer is not understood by yett \(Version.text)")
            }
            return record
        }
    }
}

/// The records in a directory that may or may not have a running gate.
struct DirectoryRecords: RecordSource {
    private static let pageSize: UInt64 = 1000

    private let directory: String

    init(directory: String) throws {
        self.directory = directory
        _ = try reader()
    }

    func find(_ query: RecordQuery) async throws -> [RecordLine] {
        if let agent = query.agent, !agent.utf8.contains(UInt8(ascii: ":")) {
            // Only the gate knows in which trust domain the short name stands.
            throw CommandFailure(
                "a directory knows agents by their SPIFFE ID, not as “\(agent)”",
                remedy: "--agent spiffe://TRUST_DOMAIN/agent/\(agent)", code: .usage)
        }
        var wanted = AuditQuery()
        wanted.agent = query.agent
        wanted.connection = query.connection
        wanted.decision = query.decision
        wanted.host = query.host
        wanted.kind = try query.kind.map { try Self.parse($0, "kind") }
        wanted.reason = query.reason
        wanted.service = query.service
        wanted.task = query.task
        wanted.verdict = try query.verdict.map { try Self.parse($0, "verdict") }
        wanted.since = query.since.map { $0.multipliedReportingOverflow(by: 1_000_000).partialValue }
        wanted.until = query.until.map { $0.multipliedReportingOverflow(by: 1_000_000).partialValue }
        wanted.before = query.before
        wanted.limit = query.limit
        return try reading { try reader().query(wanted) }.reversed().map(RecordLine.init)
    }

    func follow(from index: UInt64) async throws -> [RecordLine] {
        while true {
            let records = try await page(from: index)
            if !records.isEmpty { return records }
            try await Task.sleep(for: .milliseconds(200))
        }
    }

    func page(from index: UInt64) async throws -> [RecordLine] {
        var records: [RecordLine] = []
        try reading {
            let reader = try reader()
            guard index < reader.size else { return }
            let range = index..<min(reader.size, index + Self.pageSize)
            try reader.forEachRecord(in: range) { index, bytes in
                records.append(RecordLine(IndexedRecord(index: index, bytes: bytes)))
            }
        }
        return records
    }

    func proof(of index: UInt64) async throws -> String {
        try reading { String(decoding: try reader().prove(index).bytes, as: UTF8.self) }
    }

    private func reader() throws -> AuditReader { try reading { try AuditReader(directory: directory) } }

    private func reading<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as AuditLogError {
            throw CommandFailure("\(error)", remedy: "yett audit verify --directory \(directory)")
        }
    }

    private static func parse<Value: RawRepresentable<String> & CaseIterable>(
        _ text: String, _ name: String
    ) throws -> Value {
        if let value = Value(rawValue: text) { return value }
        let allowed = Value.allCases.map(\.rawValue).joined(separator: ", ")
        throw CommandFailure("--\(name) is “\(text)”; allowed are \(allowed)", code: .usage)
    }
}

extension RecordLine {
    /// A record of a log.
    init(_ record: IndexedRecord) {
        self.init(index: record.index, json: String(decoding: record.bytes, as: UTF8.self))
    }

    /// Reads `{"index":…,"record":{…}}`.
    init?(line: some BidirectionalCollection<UInt8>) {
        let opening = Array(#"{"index":"#.utf8)
        let middle = Array(#","record":"#.utf8)
        guard line.starts(with: opening), line.last == .some(UInt8(ascii: "}")) else { return nil }
        let digits = line.dropFirst(opening.count).prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        let rest = line[digits.endIndex...]
        guard rest.starts(with: middle), let index = UInt64(String(decoding: digits, as: UTF8.self)) else { return nil }
        self.init(index: index, json: String(decoding: rest.dropFirst(middle.count).dropLast(), as: UTF8.self))
    }

    /// The record's members; `nil` when it is not a record of this program.
    var record: AuditRecord? { AuditRecord(Array(json.utf8)) }
}
