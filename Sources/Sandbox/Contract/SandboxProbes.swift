// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc

/// Probes drivers, each once in a boot of the machine, and remembers what was found.
public actor SandboxProbes {
    private let drivers: [any SandboxDriver]
    private let boot: String
    private var found: [String: SandboxProbe] = [:]
    private var running: [String: Task<SandboxProbe, Never>] = [:]

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
        if let running = running[driver.name] { return await running.value }
        let boot = boot
        let task = Task {
            let clock = ContinuousClock()
            let start = clock.now
            let verdict = await driver.probe()
            let taken = start.duration(to: clock.now).components
            let microseconds = taken.seconds &* 1_000_000 &+ taken.attoseconds / 1_000_000_000_000
            return SandboxProbe(driver: driver.name, verdict: verdict, microseconds: microseconds, boot: boot)
        }
        running[driver.name] = task
        let probe = await task.value
        running[driver.name] = nil
        found[driver.name] = probe
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
