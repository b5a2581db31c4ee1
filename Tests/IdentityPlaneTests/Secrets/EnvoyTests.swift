// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import GateSupport
import Testing

@testable import Authority
@testable import IdentityPlane

@Suite("Envoy", .timeLimit(.minutes(5)))
struct EnvoyTests {
    @Test("takes certificate and trust from the socket, and loses no request while both are rotated")
    func rotates() async throws {
        try await PlaneHarness.run { harness in
            try await harness.grant("/agent/envoy", x509Lifetime: 6)
            let envoy = try RealEnvoy.path.get()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await OfficialClient.run("envoy_traffic.py", [harness.socket, envoy, "5"], within: 150)
                }
                group.addTask {
                    // While the traffic runs: a new root is published, signs from then on, and the old one is distrusted.
                    try await Task.sleep(for: .seconds(6))
                    let old = try #require(harness.authority.keys.first { $0.kind == .x509 })
                    let new = try await harness.authority.prepare(.x509)
                    try await Task.sleep(for: .seconds(2))
                    try await harness.authority.activate(.x509, new.id)
                    try await harness.authority.taint(.x509, old.id)
                }
                try await group.waitForAll()
            }
        }
    }
}
