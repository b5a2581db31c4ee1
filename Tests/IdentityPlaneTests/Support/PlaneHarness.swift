// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import Identity
import InMemoryLogging
import Logging
import Testing

@testable import Authority
@testable import IdentityPlane

typealias Plane = IdentityPlane<EmbeddedIssuer, EmbeddedIdentitySource>

/// A plane with an authority, on a socket of its own, for one test.
final class PlaneHarness: Sendable {
    let authority: Authority
    let source: EmbeddedIdentitySource
    let plane: Plane
    let directory: String
    let log: InMemoryLogHandler

    var socket: String { directory + "/plane.sock" }

    static let domain = "example.test"

    /// Runs a test with a plane that serves.
    static func run(
        limits: IdentityPlaneLimits = .init(), lifetime: Int64 = 3600,
        _ test: (PlaneHarness) async throws -> Void
    ) async throws {
        let (listening, continuation) = AsyncStream<Void>.makeStream()
        let harness = try PlaneHarness(limits: limits, lifetime: lifetime) { continuation.finish() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await harness.plane.run() }
            group.addTask {
                await harness.source.run(every: .seconds(1)) { Issue.record("\($0)") }
            }
            for await _ in listening {}
            do {
                try await test(harness)
            } catch {
                group.cancelAll()
                throw error
            }
            group.cancelAll()
        }
        #expect(await eventually { harness.plane.counts == (0, 0) })
        let lines = harness.log.entries.map { "\($0.message) \($0.metadata)" }.joined(separator: "\n")
        #expect(!lines.contains("-----BEGIN") && !lines.contains("eyJ"), "a secret is in the log")
    }

    private init(limits: IdentityPlaneLimits, lifetime: Int64, onListening: @escaping @Sendable () -> Void) throws {
        directory = FileManager.default.temporaryDirectory.path + "/plane-" + UUID().uuidString.prefix(8)
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
        var configuration = AuthorityConfiguration(
            trustDomain: try TrustDomain(parsing: Self.domain), directory: directory + "/authority")
        configuration.x509Lifetime = lifetime
        authority = try Authority(configuration)
        source = try EmbeddedIdentitySource(authority)
        let log = InMemoryLogHandler()
        self.log = log
        var logger = Logger(label: "plane") { _ in log }
        logger.logLevel = .trace
        plane = IdentityPlane(
            issuer: EmbeddedIssuer(authority), source: source, socketPath: directory + "/plane.sock", limits: limits,
            logger: logger, now: { Int64(Date().timeIntervalSince1970) }, onListening: onListening)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    /// Gives this process an identity.
    @discardableResult
    func grant(
        _ path: String, x509Lifetime: Int64? = nil, hint: String = "", dnsNames: [String] = [],
        federatesWith: [String] = []
    ) async throws -> RegistrationEntry {
        let entry = try RegistrationEntry(
            spiffeID: SPIFFEID(parsing: "spiffe://\(Self.domain)\(path)"), parentID: authority.localNodeID,
            selectors: [Selector(parsing: "unix:uid:\(getuid())")], x509Lifetime: x509Lifetime, hint: hint,
            dnsNames: dnsNames, federatesWith: federatesWith.map { try TrustDomain(parsing: $0) }, origin: .operator)
        try await authority.add(entry)
        return entry
    }

    func client() async throws -> CallClient { try await CallClient(socket: socket) }
}
