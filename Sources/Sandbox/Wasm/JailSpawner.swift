// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CSandbox
internal import CSpawn
internal import Glibc
internal import Synchronization

/// Starts workers in namespaces of their own, through the sandboxes' launcher: no network, no files but the engine's, a
/// user id of their own, control groups where there are some.
public final class JailSpawner: WasmSpawner {
    private let launcher: HeldLauncher

    /// How long the launcher may take to set a jail up.
    private static let setUpMilliseconds: Int64 = 12_000
    static let scratch = "/scratch"

    /// Prepares a spawner; nothing is started yet.
    public init(_ settings: NamespaceDriver.Settings = NamespaceDriver.Settings()) {
        launcher = HeldLauncher(settings.launcher)
    }

    /// Ends the launcher and every worker.
    public func stop() { launcher.stop() }

    /// What the launcher's jails are; see ``WasmSpawner/jail()``.
    public func jail() throws(SandboxError) -> WasmJail {
        let ready = try launcher.running().ready
        var jail = WasmJail(
            isJailed: true, groups: ready.groups, hasAtomicKill: ready.hasAtomicKill, hasOwnUser: ready.changesUsers,
            scratch: Self.scratch)
        jail.imageDescriptor = Int32(yett_job_data_target)
        return jail
    }

    /// Starts a process in a jail; see ``WasmSpawner/spawn(_:)``.
    public func spawn(_ launch: WasmLaunch) throws(SandboxError) -> any WasmProcess {
        let launcher = try self.launcher.running()
        let options = try SandboxDescriptor.sealed(Self.options(launch).flatMap { Array($0.utf8) + [0] })
        let null = SandboxDescriptor(open("/dev/null", O_RDWR | O_CLOEXEC))
        let channel = try SandboxDescriptor.pair()
        var limits = launch.limits
        // Without control groups the launcher limits the address space, of which the engine reserves much and uses little.
        // The worker bounds what it writes to by itself.
        if launcher.ready.groups == .none { limits.memoryBytes = Self.addressBytes }
        let job = LauncherJob(
            number: 0, limits: limits, fileBytes: launch.limits.scratchBytes,
            needsGroups: launcher.ready.groups != .none, arguments: launch.arguments)
        let image = launch.image.map { [$0] } ?? []
        try launcher.start(
            job,
            [channel.theirs.number, launch.channel, launch.channel, null.number, options.number] + image)
        channel.theirs.close()
        withExtendedLifetime((options, null)) {}
        switch SandboxLauncher.hear(channel.mine.number, milliseconds: Int32(Self.setUpMilliseconds)) {
        case .started(let start) where start.network.holds:
            return JailedProcess(channel: channel.mine, network: start.network)
        case .failed(let kind, _) where kind == yett_refusal_busy: throw .busy(retryMilliseconds: 1000)
        case .failed(_, let text): throw .refused(.setUp, "the jail of a WebAssembly worker was not made: \(text)")
        default: throw .refused(.setUp, "the jail of a WebAssembly worker was not made: yett-sandbox does not answer")
        }
    }

    private static let addressBytes = 60 << 30

    /// The options for bubblewrap. The worker's own filter of calls comes later and is stricter than one for programs, so
    /// none is loaded here.
    static func options(_ launch: WasmLaunch) -> [String] {
        var words = [
            "--unshare-user", "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup",
            "--disable-userns", "--die-with-parent", "--new-session", "--hostname", "sandbox", "--cap-drop", "ALL",
            "--uid", "65534", "--gid", "65534", "--clearenv",
        ]
        for directory in ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64"] {
            words += ["--ro-bind-try", directory, directory]
        }
        for link in ["/lib", "/lib64"] {
            if let target = HostPaths.linkTarget(link) {
                words += ["--symlink", target, link]
            } else {
                words += ["--ro-bind-try", link, link]
            }
        }
        for path in launch.readable { words += ["--ro-bind", path, path] }
        words += ["--proc", "/proc", "--remount-ro", "/proc"]
        words += ["--perms", "0700", "--size", "\(launch.limits.scratchBytes)", "--tmpfs", Self.scratch]
        words += ["--remount-ro", "/", "--chdir", Self.scratch]
        words += ["--info-fd", "\(yett_job_information_target)", "--block-fd", "\(yett_job_barrier_target)"]
        return words
    }
}

/// A process in a jail; the launcher tells its end.
final class JailedProcess: WasmProcess {
    let network: SandboxNetworkProof
    private let channel: SandboxDescriptor
    private let ended = Mutex<WasmEnd?>(nil)

    init(channel: SandboxDescriptor, network: SandboxNetworkProof) {
        self.channel = channel
        self.network = network
    }

    func kill() { cut(channel) }

    func end(milliseconds: Int32) -> WasmEnd? {
        ended.withLock { ended in
            if let known = ended { return known }
            guard case .ended(let end) = SandboxLauncher.hear(channel.number, milliseconds: milliseconds),
                end.cause != yett_cause_stuck
            else { return nil }
            ended = WasmEnd(time: end.time, memoryKills: end.usage.memoryKills)
            return ended
        }
    }
}
