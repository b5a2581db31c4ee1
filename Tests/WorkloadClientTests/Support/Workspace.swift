// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import Identity
import Synchronization
import Testing

@testable import Authority

/// A clock that only tests move.
final class ManualClock: Sendable {
    private let time: Mutex<(wall: Int64, monotonic: Int64)>

    init(_ wall: Int64 = 1_800_000_000) { time = Mutex((wall, 1000)) }

    var now: Int64 { time.withLock { $0.wall } }

    func advance(_ seconds: Int64) {
        time.withLock { time in
            time.wall += seconds
            time.monotonic += seconds
        }
    }

    var authorityClock: AuthorityClock {
        AuthorityClock(wall: { self.now }, monotonic: { self.time.withLock { $0.monotonic } })
    }
}

/// A directory that goes with the test, and an authority in it.
final class Workspace: Sendable {
    let directory: String
    let clock: ManualClock
    let authority: Authority

    init(domain: String = "example.test", clock: ManualClock = ManualClock()) throws {
        directory = FileManager.default.temporaryDirectory.path + "/workload-" + UUID().uuidString.prefix(8)
        self.clock = clock
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
        authority = try Authority(
            AuthorityConfiguration(trustDomain: TrustDomain(parsing: domain), directory: directory + "/authority"),
            clock: clock.authorityClock, jitter: { 0 })
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    var domain: TrustDomain { authority.configuration.trustDomain }

    /// Registers an identity for a user's processes.
    func grant(_ path: String, user: UInt32 = getuid()) async throws {
        try await authority.add(
            RegistrationEntry(
                spiffeID: SPIFFEID(parsing: "spiffe://\(domain)\(path)"), parentID: authority.localNodeID,
                selectors: [Selector(parsing: "unix:uid:\(user)")], origin: .operator))
    }

    /// An identity with its key, as an agent has it for somebody.
    func issue(_ path: String = "/agent/a") throws -> X509SVID {
        try authority.issueOwn(SPIFFEID(parsing: "spiffe://\(domain)\(path)"), dnsNames: []).svid
    }

    /// The bundle for X509-SVIDs, as messages carry it.
    var bundleBytes: [UInt8] { authority.state.bundle.x509.certificateBytes }
}
