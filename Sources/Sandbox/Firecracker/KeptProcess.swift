// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CSandbox
internal import Glibc
internal import Synchronization

/// A machine's process, which `yett-sandbox` keeps: that ends it, and removes what its jailer leaves, when it is asked to,
/// when the machine's time is over, or when the gate is gone.
final class KeptProcess: WasmProcess {
    let network: SandboxNetworkProof
    /// The host's user id that the machine has.
    let user: UInt32
    private let keeper: Keeper
    private let machine: JailedProcess

    private static let setUpMilliseconds: Int32 = 12_000

    /// The keeper's process, which is reaped with the last reference to it.
    private final class Keeper: Sendable {
        let process: pid_t
        let channel: SandboxDescriptor
        private let isReaped = Mutex(false)

        private static let endMilliseconds: Int32 = 8000

        init(_ process: pid_t, _ channel: SandboxDescriptor) {
            self.process = process
            self.channel = channel
        }

        deinit {
            cut(channel)
            reap()
        }

        func reap() {
            isReaped.withLock { isReaped in
                if !isReaped { LauncherProgram.reap(process, milliseconds: Self.endMilliseconds) }
                isReaped = true
            }
        }
    }

    /// Starts a machine's jailer, and waits until that has started the machine's process.
    ///
    /// - Parameters:
    ///   - milliseconds: The most that the machine may live.
    ///   - errors: What Firecracker and its jailer say goes there.
    init(
        _ command: JailerCommand, _ kind: MachineKind, jailer: String, settings: SandboxLauncher.Settings,
        milliseconds: Int, errors: (read: SandboxDescriptor, write: SandboxDescriptor)
    ) throws(SandboxError) {
        let executable = try LauncherProgram.open(settings.helper)
        let channel = try SandboxDescriptor.pair()
        var words = ["yett-sandbox", "keep", "\(channel.theirs.number)", "\(milliseconds)"]
        words += ["\(settings.users.lowerBound)", "\(settings.users.count)", command.directory]
        words += (command.groups?.directories(of: command.id) ?? []) + ["--", jailer] + command.words(kind)
        let process = try LauncherProgram.start(
            executable, socket: channel.theirs.number, errors: errors.write.number, words)
        channel.theirs.close()
        errors.write.close()
        let keeper = Keeper(process, channel.mine)
        switch SandboxLauncher.hear(channel.mine.number, milliseconds: Self.setUpMilliseconds) {
        case .started(let start) where start.network.holds && start.user != 0:
            var network = start.network
            network.reason = "no_device"
            self.network = network
            user = start.user
        case .failed(let kind, _) where kind == yett_refusal_busy: throw .busy(retryMilliseconds: 1000)
        case .failed(_, let text):
            throw .refused(.setUp, "Firecracker's jail was not made: \(text)\(MachineJail.said(errors.read))")
        default:
            throw .refused(
                .setUp, "Firecracker's jail was not made: yett-sandbox does not answer\(MachineJail.said(errors.read))")
        }
        self.keeper = keeper
        machine = JailedProcess(channel: channel.mine, network: network)
    }

    /// Whether it ended.
    var isOver: Bool {
        var watched = pollfd(fd: keeper.channel.number, events: Int16(POLLIN), revents: 0)
        return poll(&watched, 1, 0) != 0
    }

    func kill() { machine.kill() }

    func end(milliseconds: Int32) -> WasmEnd? {
        let end = machine.end(milliseconds: milliseconds)
        if end != nil { keeper.reap() }
        return end
    }
}
