// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import GateSupport
import GatewaySupport
import Glibc
import Testing

/// What becomes of entries of an access log that no Envoy would write.
@Suite(.timeLimit(.minutes(1))) struct MeshAccessLogTests {
    private static let text = """
        agents:
          coder: {attest: [{x509: true}], grants: []}
        identity:
          source: embedded
          directory: $DIRECTORY/identity
          socket: $DIRECTORY/workload.sock
          entries: [{id: /agent/coder, selectors: ["unix:uid:\(geteuid())"]}]
        mesh:
          socket: $DIRECTORY/mesh.sock
          uids: [\(geteuid())]
        """

    private static let method = "/envoy.service.accesslog.v3.AccessLogService/StreamAccessLogs"

    private static func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] { MeshCall.field(number, bytes) }

    /// What entries of both kinds have.
    private static func common(_ uris: [String], _ more: [UInt8] = []) -> [UInt8] {
        let names = uris.flatMap { field(1, field(1, Array($0.utf8))) }
        return field(1, field(4, field(5, names)) + more)
    }

    private static func http(_ entries: [[UInt8]]) -> [UInt8] { field(2, entries.flatMap { field(1, $0) }) }
    private static func tcp(_ entries: [[UInt8]]) -> [UInt8] { field(3, entries.flatMap { field(1, $0) }) }

    private static let agent = "spiffe://gate.test/agent/coder"
    private static let largest: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]

    @Test func `Entries of nobody, and of two at once, are left out, and numbers and texts are kept within bounds`()
        async throws
    {
        try await RunningGate.run(Self.text) { gate throws in
            let long = [UInt8](repeating: 0x61, count: 5000)
            // 2^64 - 1 bytes of a body, an authority and details that are too long, a method that there is none of.
            let request = Self.field(3, MeshCall.number(1, 99) + Self.field(3, long) + [0x60] + Self.largest)
            let response = Self.field(4, Self.field(1, MeshCall.number(1, 100)) + Self.field(6, long))
            let entries = [
                Self.common([]) + request, Self.common([Self.agent, Self.agent]) + request,
                Self.common(["spiffe://gate.test/agent/other"]) + request, Self.common(["no uri"]) + request,
                Self.common([Self.agent], Self.field(23, [0x08] + Self.largest)) + request + response,
            ]
            // What is told in between, and a reason that is no plain text.
            let intermediate = Self.common([Self.agent], MeshCall.number(26, 1))
            let ended =
                Self.common([Self.agent], Self.field(25, Array("a\r\nb".utf8))) + Self.field(2, [0x08] + Self.largest)
            let call = try MeshCall(Self.method, of: gate, [Self.http(entries), Self.tcp([intermediate, ended])])
            #expect(call.status == 0, "\(call.text)")
            #expect(try comesTrue { try gate.records("kind=connection_end&limit=100").count == 2 })
            let records = try gate.records("kind=connection_end&limit=100")
            let first = try #require(records.first)
            #expect(first.text("agent") == Self.agent && first.text("method") == nil)
            #expect(first.number("bytes_up") == 1 << 50 && first.number("duration_us") == nil)
            #expect(first.text("host")?.utf8.count == 255)
            #expect(first.text("detail")?.hasPrefix("status 100, aaa") == true)
            #expect((first.text("detail")?.utf8.count ?? 1000) <= 128 + 12)
            #expect(records.last?.number("bytes_up") == 1 << 50 && records.last?.text("detail") == nil)
        }
    }

    @Test func `A message has a number of entries, and a second`() async throws {
        try await RunningGate.run(Self.text) { gate throws in
            let entry = Self.common([Self.agent])
            let full = Self.http(Array(repeating: entry, count: 2000))
            let more = try MeshCall(Self.method, of: gate, [Self.http(Array(repeating: entry, count: 2001))])
            #expect(more.status == 8 && more.text.contains("2000 entries"), "\(more.text)")
            #expect(try gate.records("kind=connection_end&limit=10").isEmpty)
            // As many as a slow machine gets through in some seconds: all are recorded or counted.
            let call = try MeshCall(Self.method, of: gate, Array(repeating: full, count: 6))
            #expect(call.status == 0, "\(call.text)")
            #expect(
                try comesTrue {
                    let leftOut = try gate.records("kind=observation&limit=100").filter {
                        $0.text("cause") == "access_log_limited"
                    }.compactMap { $0.text("detail")?.split(separator: " ").last.flatMap { Int($0) } }
                    // The gate has some records of its own besides.
                    let records = Int(try gate.status().audit.records)
                    return (12_000..<12_100).contains(records + leftOut.reduce(0, +))
                })
        }
    }

    @Test func `What is no message ends the call, and nothing of it is recorded`() async throws {
        try await RunningGate.run(Self.text) { gate throws in
            for noise: [UInt8] in [[0xFF, 0xFF], [0x12, 0x7F, 0x01], Self.field(2, [0x0A, 0x05, 0x01])] {
                #expect(try MeshCall(Self.method, of: gate, [noise]).status == 3)
            }
            #expect(try MeshCall(Self.method, of: gate, []).status == 0)
            // A message that says it is longer than any may be, one that is compressed, and one that is cut short.
            for (rest, status): ([UInt8], Int) in [
                ([0, 0, 0x40, 0, 1, 0], 8), ([1, 0, 0, 0, 1, 0], 12), ([0, 0, 0, 0, 9, 1], 3),
            ] {
                let call = try MeshCall(Self.method, of: gate, [], rest: rest)
                #expect(call.status == status, "\(call.text)")
            }
            #expect(try gate.records("kind=connection_end&limit=10").isEmpty)
        }
    }
}
