// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc
internal import Synchronization

/// Runs code in virtual machines of Firecracker's, each for one job and in the jail of Firecracker's own jailer. It needs
/// root, hardware virtualization, and the image that the other virtual machines boot.
public final class FirecrackerDriver: SandboxDriver {
    /// Where its parts are.
    public struct Settings: Sendable {
        /// The directory of the image that machines boot.
        public var image = SandboxImage.standardDirectory + "/python"
        /// How many machines wait for each size; with none, no copies are made ahead.
        public var warm = 2
        /// Firecracker, where it lies neither in `/usr/local/bin` nor in `/usr/bin`.
        public var firecracker: String? {
            get { host.firecracker }
            set { host.firecracker = newValue }
        }
        /// Its jailer, likewise.
        public var jailer: String? {
            get { host.jailer }
            set { host.jailer = newValue }
        }
        /// Where machines' jails lie, best on the same file system as the image.
        public var workspace = "/var/lib/yett/machines"
        var host = FirecrackerHost()
        var times = FirecrackerTimes()

        /// The defaults.
        public init() {}
    }

    /// `firecracker`.
    public let name = "firecracker"
    private let settings: Settings
    private let jail: NamespaceDriver.Settings
    private let parts = Mutex<Parts?>(nil)

    /// What stays from run to run.
    private struct Parts: Sendable {
        let fleet: MachineFleet
        let isolation: SandboxIsolation
    }

    /// Prepares a driver; nothing is started yet.
    ///
    /// - Parameter jail: Where `yett-sandbox` is, and which user ids machines may have.
    public init(_ settings: Settings = Settings(), jail: NamespaceDriver.Settings = NamespaceDriver.Settings()) {
        self.settings = settings
        self.jail = jail
    }

    deinit {
        stop()
    }

    /// Ends every machine that waits; the next run looks for everything again.
    public func stop() {
        let ending = parts.withLock { parts in
            defer { parts = nil }
            return parts
        }
        ending?.fleet.pool.close()
    }

    /// Why machines are booted instead of copied, a line for each size that it is so for.
    public var faults: [String] { parts.withLock { $0?.fleet.pool.faults } ?? [] }

    /// How many machines wait now.
    public var idleCount: Int { parts.withLock { $0?.fleet.pool.idleCount } ?? 0 }

    /// Runs a program of each language; see ``SandboxDriver/probe()``.
    public func probe() async -> SandboxVerdict {
        let programs: (firecracker: String, jailer: String)
        do throws(FirecrackerHost.Obstacle) {
            programs = try settings.host.programs()
        } catch {
            return .unusable(reason: error.reason, remedy: error.remedy)
        }
        do throws(SandboxError) {
            let parts = try ready(programs)
            return try await parts.fleet.probe(parts.isolation)
        } catch {
            let isImageThere = access(settings.image + "/" + SandboxImage.manifest, F_OK) == 0
            return .unusable(reason: error.description, remedy: isImageThere ? "" : SandboxImage.remedy)
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
        return try await parts.fleet.run(request, parts.isolation, listener: listener)
    }

    private func ready() throws(SandboxError) -> Parts {
        if let known = parts.withLock({ $0 }) { return known }
        let programs: (firecracker: String, jailer: String)
        do throws(FirecrackerHost.Obstacle) {
            programs = try settings.host.programs()
        } catch {
            throw error.error
        }
        return try ready(programs)
    }

    /// The parts, found at the first use.
    private func ready(_ programs: (firecracker: String, jailer: String)) throws(SandboxError) -> Parts {
        let made: Result<Parts, SandboxError> = parts.withLock { parts in
            if let known = parts { return .success(known) }
            do throws(SandboxError) {
                let new = try make(programs)
                parts = new
                return .success(new)
            } catch {
                return .failure(error)
            }
        }
        return try made.get()
    }

    private func make(_ programs: (firecracker: String, jailer: String)) throws(SandboxError) -> Parts {
        guard access(settings.image + "/" + SandboxImage.manifest, F_OK) == 0 else {
            throw .refused(.unavailable, "there is no image at \(settings.image)")
        }
        let image = try SandboxImage(directory: settings.image)
        let (kernel, initrd, disk) = (
            try image.file("vmlinux"), try image.file("initrd.cpio"), try image.file("root.erofs")
        )
        let groups = FirecrackerGroups.found()
        let workspace = try FirecrackerWorkspace(below: settings.workspace, groups)
        let machines = FirecrackerParts(
            firecracker: programs.firecracker, jailer: programs.jailer, settings: jail.launcher, workspace: workspace,
            groups: groups, kernel: try workspace.adopt(kernel.descriptor, as: "kernel"),
            initrd: try workspace.adopt(initrd.descriptor, as: "initrd"),
            disk: try workspace.adopt(disk.descriptor, as: "disk"), times: settings.times)
        let isolation = SandboxIsolation(
            driver: name, wall: .vm, acceleration: .hardware, isJailed: true, isFiltered: true,
            groups: groups?.version ?? .none, hasAtomicKill: groups?.version == .v2, hasOwnUser: true, isOneShot: true,
            image: image.digest)
        let fleet = MachineFleet(machines, image: image, filters: try CallFilters(), warm: settings.warm)
        return Parts(fleet: fleet, isolation: isolation)
    }
}
