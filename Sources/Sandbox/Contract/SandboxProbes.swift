// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc

/// Probes drivers, each once in a boot of the machine, and remembers what was found.
public actor SandboxProbes {
    private let drivers: [any SandboxDriver]
    private let boot: String
    private var found: [String: SandboxProbe] = [:]
    /// Who asked for a driver while it is being probed.
    private var waiting: [String: [CheckedContinuation<SandboxProbe, Never>]] = [:]

    /// Remembers for these drivers, which have different names.
    public init(_ drivers: [any SandboxDriver]) {
        self.init(drivers, boot: Self.currentBoot())
    }

    init(_ drivers: [any SandboxDriver], boot: String) {
        self.drivers = drivers
        self.boot = boot
    }

    /// The probes in the order of the drivers; those that are not known yet are made now.
    public func all() async -> [SandboxProbe] {
        var probes: [SandboxProbe] = []
        for driver in drivers { probes.append(await probe(driver)) }
        return probes
    }

    /// Forgets what is known of a driver, so that the next question probes it again: something was installed, or it
    /// broke down.
    public func forget(_ name: String) {
        found[name] = nil
    }

    private func probe(_ driver: any SandboxDriver) async -> SandboxProbe {
        if let known = found[driver.name] { return known }
        if waiting[driver.name] != nil {
            return await withCheckedContinuation { waiting[driver.name, default: []].append($0) }
        }
        waiting[driver.name] = []
        let clock = ContinuousClock()
        let start = clock.now
        let verdict = await driver.probe()
        let taken = start.duration(to: clock.now).components
        let microseconds = taken.seconds &* 1_000_000 &+ taken.attoseconds / 1_000_000_000_000
        let probe = SandboxProbe(driver: driver.name, verdict: verdict, microseconds: microseconds, boot: boot)
        found[driver.name] = probe
        for other in waiting.removeValue(forKey: driver.name) ?? [] { other.resume(returning: probe) }
        return probe
    }

    /// The kernel's identity of the current boot; empty where it has none.
    private static func currentBoot() -> String {
        let file = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return "" }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = read(file, &bytes, bytes.count)
        guard count > 0 else { return "" }
        return String(decoding: bytes[..<count].prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }
}
