// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Foundation
import GateSupport
import Identity
import IdentityPlane
import Outbound
import Synchronization

@testable import Authority

/// A trust domain with an authority of its own, in a directory that goes with the test.
final class Domain: Sendable {
    let directory: String
    let authority: Authority
    let source: EmbeddedIdentitySource
    /// The ID of its gate.
    let gate: SPIFFEID

    init(_ name: String) throws {
        directory = FileManager.default.temporaryDirectory.path + "/federation-" + UUID().uuidString.prefix(8)
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
        var configuration = AuthorityConfiguration(
            trustDomain: try TrustDomain(parsing: name), directory: directory + "/authority")
        configuration.refreshHint = 1
        authority = try Authority(configuration)
        source = try EmbeddedIdentitySource(authority)
        gate = try source.current().svid.id
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    var name: TrustDomain { authority.configuration.trustDomain }
    var bundle: TrustBundle { authority.state.bundle }

    /// Whether an identity of another domain is accepted here now.
    func accepts(_ other: Domain) -> Bool {
        guard let state = try? source.current(), let svid = try? other.source.current().svid else { return false }
        let now = Int64(Date().timeIntervalSince1970)
        return
            (try? X509SVIDVerifier.verify(
                svid.chain.map(\.der), bundles: state.bundles, purpose: .clientAuthentication, now: now))?.id == svid.id
    }

    /// The names that resolve, to loopback.
    static let lookup: OutboundClient.Lookup = { _, done in done(.success([.v4(IPv4Address(127, 0, 0, 1))])) }

    /// Loopback, which the guard needs to be told of.
    static var networks: [AddressBlock] { [AddressBlock("127.0.0.0/8")].compactMap(\.self) }
}

/// What a federation reported.
final class Reports: Sendable {
    private let all = Mutex<[FederationReport]>([])

    var list: [FederationReport] { all.withLock { $0 } }

    func add(_ report: FederationReport) { all.withLock { $0.append(report) } }

    /// Waits for a failure of this kind.
    func fails(_ isExpected: (FederationError) -> Bool) async -> Bool {
        await eventually {
            list.contains { if case .failed(let error) = $0.outcome { isExpected(error) } else { false } }
        }
    }
}
