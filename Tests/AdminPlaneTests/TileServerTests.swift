// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Foundation
import GateSupport
import Logging
import ServiceLifecycle
import Storage
import Testing

@Suite struct TileServerTests {
    @Test("serves checkpoint, key and tiles, and nothing else of the directory")
    func tiles() async throws {
        try await Self.run { port, log throws in
            #expect(try Self.get(port, "/checkpoint").text.hasPrefix("gate.test/audit\n"))
            #expect(try Self.get(port, "/key.pub").text.contains(log.verifierKey.text))
            let size = try log.reader().size
            let tile = try #require(TilePath.tile(level: .entries, index: 0, inTreeOfSize: size))
            #expect(try Self.get(port, "/" + tile.text).status == 200)
            let secrets = [
                "/key", "/journal", "/index.sqlite", "/lock", "/signed-head", "/tile/../key", "/tile/..%2fkey",
                "/tile/0/000.p/999", "/tile/0/../../key", "//key", "/tile", "/tile/", "/", "/checkpoint/..//key",
            ]
            for path in secrets {
                #expect(try Self.get(port, path).status == 404, "\(path)")
            }
        }
    }

    @Test("cosigns a log that it knows, and refuses others")
    func witness() async throws {
        try await Self.run(isWitness: true) { port, log throws in
            let reader = try log.reader()
            var client = WitnessClient(witness: try Self.witnessKey(of: log), knownSize: 0)
            let body = try client.request(for: reader).bytes
            let answer = try Self.post(port, body)
            #expect(answer.status == 200)
            guard case .cosigned = client.take(status: answer.status, body: answer.body, for: reader) else {
                Issue.record("the cosignature does not hold")
                return
            }
            #expect(try Self.post(port, Array("rubbish".utf8)).status >= 400)
        }
    }

    private static func run(
        isWitness: Bool = false, _ body: @escaping @Sendable (UInt16, AuditLog) throws -> Void
    ) async throws {
        let directory = try TemporaryDirectory.make()
        defer { TemporaryDirectory.remove(directory) }
        let origin = try #require(NoteName("gate.test/audit"))
        let log = try AuditLog.open(AuditLog.Configuration(directory: directory + "/audit", origin: origin))
        defer { log.close() }
        for number in 0..<3 {
            var event = AuditEvent(kind: .adminAction, time: Int64(number))
            event.detail = "\(number)"
            try log.record(event)
        }
        try log.synchronize()
        let witness =
            isWitness
            ? try Witness(
                directory: directory + "/witness", name: try #require(NoteName("witness.test")), logs: [log.verifierKey]
            )
            : nil
        if let witness {
            try witness.verifierKey.text.write(
                toFile: directory + "/audit/witness.pub", atomically: true, encoding: .utf8)
        }
        let (ports, continuation) = AsyncStream<Int>.makeStream()
        let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let server = TileServer(
            directory: directory + "/audit", host: "127.0.0.1", port: 0, witness: witness, now: { 1_790_000_000 },
            logger: quiet
        ) { continuation.yield($0) }
        let group = ServiceGroup(services: [server], logger: quiet)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            for await port in ports {
                try await onOwnThread { try body(UInt16(port), log) }
                break
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    private static func witnessKey(of log: AuditLog) throws -> NoteVerifierKey {
        let text = try String(contentsOfFile: log.configuration.directory + "/witness.pub", encoding: .utf8)
        return try #require(NoteVerifierKey(text))
    }

    private static func get(_ port: UInt16, _ path: String) throws -> HTTPText {
        let connection = try RawSocket.connect(port: port)
        try connection.write("GET \(path) HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n")
        return try HTTPText.readResponse(from: connection)
    }

    private static func post(_ port: UInt16, _ body: [UInt8]) throws -> HTTPText {
        let connection = try RawSocket.connect(port: port)
        try connection.write(
            "POST /add-checkpoint HTTP/1.1\r\nHost: t\r\nConnection: close\r\nContent-Length: \(body.count)\r\n\r\n")
        try connection.write(body)
        return try HTTPText.readResponse(from: connection)
    }
}
