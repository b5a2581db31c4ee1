// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Foundation
import GateSupport
import GatewaySupport
import Glibc
import Logging
import ServiceLifecycle
import Storage
import Testing
import YettConfiguration

@testable import Gateway

/// Two gates, of which one cosigns the audit tree of the other.
@Suite struct WitnessTests {
    @Test("has a witness cosign each new head, and keeps the cosignatures")
    func cosigned() async throws {
        try await Self.withWitness { log, witness, url in
            let service = try WitnessService(
                [WitnessConfiguration(url: url, key: witness.verifierKey.text)], log: log, logger: Self.quiet,
                interval: .milliseconds(20))
            let asking = Task { try await service.run() }
            defer { asking.cancel() }
            for round in 1...2 {
                var event = AuditEvent(kind: .adminAction, time: Int64(round))
                event.detail = "round \(round)"
                try log.record(event)
                try log.synchronize()
                let size = try log.reader().size
                let isCosigned = try await onOwnThread {
                    comesTrue { (try? Self.cosignedSize(log, witness)).map { $0 >= size } == true }
                }
                #expect(isCosigned)
            }
        }
    }

    @Test("refuses a key that is not a witness's", arguments: ["", "rubbish", "gate.test/audit+00000000+AQ=="])
    func badKey(key: String) async throws {
        try await Self.withWitness { log, _, _ in
            #expect(throws: GatewayError.self) {
                try WitnessService([WitnessConfiguration(url: "http://x", key: key)], log: log, logger: Self.quiet)
            }
            #expect(throws: GatewayError.self) {
                try WitnessService(
                    [WitnessConfiguration(url: "http://x", key: log.verifierKey.text)], log: log, logger: Self.quiet)
            }
        }
    }

    private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private static func cosignedSize(_ log: AuditLog, _ witness: Witness) throws -> UInt64 {
        let reader = try AuditReader.cosigned(
            directory: log.configuration.directory, key: log.verifierKey, witnesses: [witness.verifierKey])
        return reader.head.signers.contains(witness.verifierKey) ? reader.size : 0
    }

    private static func withWitness(
        _ body: @escaping @Sendable (AuditLog, Witness, String) async throws -> Void
    ) async throws {
        let directory = "/tmp/yett-witness-" + String(UInt64.random(in: .min ... .max), radix: 36)
        guard mkdir(directory, 0o700) == 0 else { throw POSIXError(.EIO) }
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let origin = try #require(NoteName("gate.test/audit"))
        let log = try AuditLog.open(AuditLog.Configuration(directory: directory + "/audit", origin: origin))
        defer { log.close() }
        let witness = try Witness(
            directory: directory + "/witness", name: try #require(NoteName("witness.test")), logs: [log.verifierKey])
        let (ports, continuation) = AsyncStream<Int>.makeStream()
        let server = TileServer(
            directory: directory + "/witness", host: "127.0.0.1", port: 0, witness: witness,
            now: { UInt64(max(0, time(nil))) }, logger: quiet
        ) { continuation.yield($0) }
        let group = ServiceGroup(services: [server], logger: quiet)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            for await port in ports {
                try await body(log, witness, "http://127.0.0.1:\(port)")
                break
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }
}
