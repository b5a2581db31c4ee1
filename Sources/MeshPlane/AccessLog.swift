// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import AuditTree
import Decision
import Identity
import Protobufs
import SwiftProtobuf
import Transport

/// What one Envoy tells of requests and connections that have ended: each becomes the record of an end, from which behaviour
/// is watched. An agent is known by the certificate that Envoy verified; of others nothing is written down.
struct AccessLog {
    private var rate = EntryRate()

    /// Records the entries of a message.
    ///
    /// - Throws: A message has too many.
    mutating func take(
        _ message: Envoy_Service_Accesslog_V3_StreamAccessLogsMessage, of connection: MeshConnection
    ) throws(CallStatus) {
        let count = message.httpLogs.logEntry.count &+ message.tcpLogs.logEntry.count
        guard count <= MeshLimits.logEntries else {
            throw CallStatus(.resourceExhausted, "a message has at most \(MeshLimits.logEntries) entries")
        }
        for entry in message.httpLogs.logEntry where admits(connection) {
            guard var event = event(entry.commonProperties, connection) else { continue }
            event.bytesUp = Self.clamped(entry.request.requestHeadersBytes, entry.request.requestBodyBytes)
            event.bytesDown = Self.clamped(entry.response.responseHeadersBytes, entry.response.responseBodyBytes)
            event.method = Self.method(entry.request.requestMethod)
            event.host = event.host ?? Self.plain(entry.request.authority, most: 255)
            event.detail = Self.detail(entry.response)
            connection.context.record(event)
        }
        for entry in message.tcpLogs.logEntry where admits(connection) {
            // What is told while the connection lives is told once more at its end.
            guard !entry.commonProperties.intermediateLogEntry, var event = event(entry.commonProperties, connection)
            else { continue }
            event.bytesUp = Self.clamped(entry.connectionProperties.receivedBytes)
            event.bytesDown = Self.clamped(entry.connectionProperties.sentBytes)
            event.detail = Self.plain(entry.commonProperties.connectionTerminationDetails, most: 128)
            connection.context.record(event)
        }
    }

    /// Whether one more entry is recorded in this second. What was left out is recorded once, in the next one.
    private mutating func admits(_ connection: MeshConnection) -> Bool {
        let now = connection.time
        if rate.isOver(at: now) { end(connection) }
        return rate.admits(at: now)
    }

    /// Records how many entries were left out, where there were any.
    mutating func end(_ connection: MeshConnection) {
        guard let count = rate.takeLeftOut() else { return }
        var event = AuditEvent(kind: .observation, time: connection.context.clock.wall())
        event.plane = Plane.mesh.rawValue
        event.cause = "access_log_limited"
        event.detail = "entries that were left out: \(count)"
        connection.context.record(event)
    }

    /// What all entries have; `nil` when no agent is known.
    private func event(_ common: Envoy_Service_Accesslog_V3_AccessLogProperties, _ connection: MeshConnection)
        -> AuditEvent?
    {
        let uris = common.tlsProperties.peerCertificateProperties.subjectAltName.map(\.uri).filter { !$0.isEmpty }
        guard uris.count == 1, let id = try? SPIFFEID(parsing: uris[0]),
            let identity = connection.core.authorizer.snapshot.agents.identify(certificate: id)
        else { return nil }
        var event = AuditEvent(kind: .connectionEnd, time: connection.context.clock.wall())
        event.plane = Plane.mesh.rawValue
        event.agent = identity.id.description
        event.role = identity.role
        event.proof = identity.proof.description
        event.strength = identity.strength
        event.cause = ReasonCode.closed.rawValue
        let told = common.metadata.filterMetadata[Check.filter]?.fields ?? [:]
        event.decision = DecisionID(told["decision"]?.stringValue ?? "")?.description
        if let service = told["service"].flatMap({ connection.core.settings.service(named: $0.stringValue) }) {
            event.service = service.name
            event.host = service.destination.host.description
            event.port = Int(service.destination.port)
        }
        let (seconds, nanos) = (common.duration.seconds, common.duration.nanos)
        if (0...Self.longestDuration).contains(seconds), (0..<1_000_000_000).contains(nanos) {
            event.duration = seconds &* 1_000_000 &+ Int64(nanos) / 1000
        }
        return event
    }

    /// Ten years in seconds.
    private static let longestDuration: Int64 = 315_360_000
    private static let mostBytes: UInt64 = 1 << 50

    private static func clamped(_ counts: UInt64...) -> Int64 {
        counts.reduce(0) { $0 &+ Int64(min($1, mostBytes)) }
    }

    /// Envoy's numbers of methods.
    private static let methods = [
        "", "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH",
    ]

    private static func method(_ number: Int32) -> String? {
        guard let index = Int(exactly: number), index > 0, methods.indices.contains(index) else { return nil }
        return methods[index]
    }

    private static func detail(_ response: Envoy_Service_Accesslog_V3_HTTPResponseProperties) -> String? {
        let status = response.responseCode.value
        let words = plain(response.responseCodeDetails, most: 128)
        guard (100...599).contains(status) else { return words }
        return words.map { "status \(status), \($0)" } ?? "status \(status)"
    }

    /// A text of visible ASCII, cut to a length; `nil` for any other.
    private static func plain(_ text: String, most: Int) -> String? {
        let bytes = text.utf8.prefix(most)
        guard !bytes.isEmpty, bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
        return String(decoding: Array(bytes), as: UTF8.self)
    }
}

/// How many entries are recorded in a second.
struct EntryRate {
    /// Unix seconds.
    private var second: Int64 = 0
    private var taken = 0
    private var leftOut = 0

    /// Whether the second that was counted in has passed.
    func isOver(at now: Int64) -> Bool { now != second }

    /// Whether one more is recorded.
    mutating func admits(at now: Int64) -> Bool {
        if now != second { (second, taken) = (now, 0) }
        guard taken < MeshLimits.logEntriesEachSecond else {
            leftOut &+= 1
            return false
        }
        taken &+= 1
        return true
    }

    /// How many were left out since this was asked last; `nil` for none.
    mutating func takeLeftOut() -> Int? {
        defer { leftOut = 0 }
        return leftOut > 0 ? leftOut : nil
    }
}
