// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Sandbox
import Testing

/// The drivers that run programs in Python and shell, and of which the same is expected.
enum Candidate: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case namespace
    case gvisor
    case microvm

    var testDescription: String { rawValue }

    var driver: any SandboxDriver {
        switch self {
        case .namespace: Bench.driver
        case .gvisor: Self.onGVisor
        case .microvm: TestImage.driver
        }
    }

    /// The same driver as `sandbox-fixture` is told of it.
    var word: String { self == .microvm ? "microvm=\(TestImage.directory ?? "/nowhere")" : rawValue }

    private static let onGVisor = GVisorDriver()
    private static let probes = SandboxProbes(allCases.map(\.driver))

    /// The driver where it works here; what does not is named in the output.
    func usable() async -> (any SandboxDriver)? {
        for probe in await Self.probes.all() where probe.driver == rawValue {
            guard case .unusable(let reason, let remedy) = probe.verdict else { return driver }
            print("not run: \(rawValue): \(reason) [\(remedy)]")
        }
        return nil
    }
}
