// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Sandbox
import Testing

/// The drivers that run programs in Python and shell, and of which the same is expected.
enum Candidate: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case namespace
    case gvisor
    case microvm
    case firecracker

    var testDescription: String { rawValue }

    var driver: any SandboxDriver {
        switch self {
        case .namespace: Bench.driver
        case .gvisor: Self.onGVisor
        case .microvm: TestImage.driver
        case .firecracker: Self.onFirecracker
        }
    }

    /// Whether the code has a kernel of its own.
    var isMachine: Bool { self == .microvm || self == .firecracker }

    /// The same driver as `sandbox-fixture` is told of it.
    var word: String { isMachine ? "\(rawValue)=\(TestImage.directory ?? "/nowhere")" : rawValue }

    private static let onGVisor = GVisorDriver()
    /// Firecracker itself, where it and hardware virtualization are.
    private static let onFirecracker: FirecrackerDriver = {
        var settings = FirecrackerDriver.Settings()
        settings.image = TestImage.directory ?? "/nowhere"
        settings.workspace = "/var/tmp/yett-machines"
        settings.warm = 1
        return FirecrackerDriver(settings)
    }()
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
