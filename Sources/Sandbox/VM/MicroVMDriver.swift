// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CLinux
internal import CSandbox
internal import Glibc
internal import Synchronization

/// Runs code in virtual machines of QEMU's smallest kind, each for one job: a kernel of its own, a disk to read from, a
/// channel to this process, and nothing else. The emulator itself runs in a jail.
public final class MicroVMDriver: SandboxDriver {
    /// Where its parts are.
    public struct Settings: Sendable {
        /// The directory of the image that machines boot.
        public var image = SandboxImage.standardDirectory + "/python"
        /// How many machines wait for each size; with none, no copies are made ahead.
        public var warm = 2

        /// The defaults.
        public init() {}
    }

    /// `microvm`.
    public let name = "microvm"
    private let settings: Settings
    private let jail: MachineJail
    private let parts = Mutex<Parts?>(nil)

    /// What stays from run to run.
    private struct Parts: Sendable {
        let machine: MachineParts
        let fleet: MachineFleet
    }

    private static let remedy = "apt-get install qemu-system-x86"

    /// Prepares a driver whose machines live in jails of the launcher; nothing is started yet.
    public init(_ settings: Settings = Settings(), jail: NamespaceDriver.Settings = NamespaceDriver.Settings()) {
        self.settings = settings
        self.jail = MachineJail(jail)
    }

    deinit {
        stop()
    }

    /// Ends every machine that waits, and the launcher; the next run looks for the image again.
    public func stop() {
        let ending = parts.withLock { parts in
            defer { parts = nil }
            return parts
        }
        ending?.fleet.pool.close()
        jail.stop()
    }

    /// Why machines are booted instead of copied, a line for each size that it is so for.
    public var faults: [String] { parts.withLock { $0?.fleet.pool.faults } ?? [] }

    /// How many machines wait now.
    public var idleCount: Int { parts.withLock { $0?.fleet.pool.idleCount } ?? 0 }

    /// The launcher's process while it runs.
    var helperProcess: Int32? { jail.process }

    /// Runs a program of each language; see ``SandboxDriver/probe()``.
    public func probe() async -> SandboxVerdict {
        do throws(SandboxError) {
            let parts = try ready()
            return try await parts.fleet.probe(try isolation(parts.machine))
        } catch {
            let isEmulatorThere = access(MachineCommand.emulator, X_OK) == 0
            return .unusable(reason: error.description, remedy: isEmulatorThere ? SandboxImage.remedy : Self.remedy)
        }
    }

    /// Makes what runs with such limits are copied from, and as many machines as wait, before anybody asks.
    public func warm(_ limits: SandboxLimits) async throws(SandboxError) {
        try await ready().fleet.warm(limits)
    }

    /// Runs one request; see ``SandboxDriver/run(_:listener:)``.
    public func run(_ request: SandboxRequest, listener: SandboxListener?) async throws(SandboxError) -> SandboxResult {
        try request.judge()
        let parts = try ready()
        return try await parts.fleet.run(request, try isolation(parts.machine), listener: listener)
    }

    private func isolation(_ parts: MachineParts) throws(SandboxError) -> SandboxIsolation {
        let ready = try parts.jail.ready()
        return SandboxIsolation(
            driver: name, wall: .vm, acceleration: parts.acceleration, isJailed: true,
            isFiltered: parts.acceleration != .hardware, groups: ready.groups, hasAtomicKill: ready.hasAtomicKill,
            hasOwnUser: ready.changesUsers, isOneShot: true, image: parts.image.digest)
    }

    /// The parts, found at the first use.
    private func ready() throws(SandboxError) -> Parts {
        let (settings, jail) = (settings, jail)
        let made: Result<Parts, SandboxError> = parts.withLock { parts in
            if let known = parts { return .success(known) }
            do throws(SandboxError) {
                guard access(MachineCommand.emulator, X_OK) == 0 else {
                    throw .refused(.unavailable, "QEMU is not installed at \(MachineCommand.emulator)")
                }
                guard access(settings.image + "/" + SandboxImage.manifest, F_OK) == 0 else {
                    throw .refused(.unavailable, "there is no image at \(settings.image)")
                }
                let image = try SandboxImage(directory: settings.image)
                let acceleration = Self.acceleration(changesUsers: try jail.ready().changesUsers)
                let machine = MachineParts(
                    jail: jail, image: image, kernel: try image.file("vmlinux").descriptor,
                    initrd: try image.file("initrd.cpio").descriptor, root: try image.file("root.erofs").descriptor,
                    filters: try CallFilters(), acceleration: acceleration,
                    timestampKilohertz: yett_timestamp_kilohertz())
                let new = Parts(
                    machine: machine,
                    fleet: MachineFleet(machine, image: image, filters: machine.filters, warm: settings.warm))
                parts = new
                return .success(new)
            } catch {
                return .failure(error)
            }
        }
        return try made.get()
    }

    /// Hardware where the processor runs a guest's kernel itself and the machines' users may use it.
    private static func acceleration(changesUsers: Bool) -> SandboxAcceleration {
        var status = yett_file_status()
        guard yett_file_status(AT_FDCWD, "/dev/kvm", 0, &status) == 0, !changesUsers || status.mode & 0o006 == 0o006
        else { return .emulated }
        var error: Int32 = 0
        return yett_virtualization_probe(&error) == yett_virtualization_hardware ? .hardware : .emulated
    }
}
