// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CSandbox
internal import Glibc

/// Starts emulators in namespaces of their own, through the sandboxes' launcher.
final class MachineJail: Sendable {
    private let launcher: HeldLauncher

    private static let setUpMilliseconds: Int32 = 12_000
    private static let threads = 32
    private static let addressBytes = 60 << 30
    /// What the emulator writes to a file: the state of a template's devices.
    private static let fileBytes = 16 << 20

    init(_ settings: NamespaceDriver.Settings) {
        launcher = HeldLauncher(settings.launcher)
    }

    /// Gives the launcher up; it ends with whoever uses it last.
    func stop() { launcher.stop() }

    /// What the launcher found here.
    func ready() throws(SandboxError) -> LauncherReady { try launcher.running().ready }

    /// The launcher's process while it runs, for tests.
    var process: Int32? { launcher.process }

    /// Starts an emulator.
    ///
    /// - Parameters:
    ///   - descriptors: In the order of ``MachineCommand/channel`` and what follows; they stay the caller's.
    ///   - filters: Filters of system calls, in memory files.
    /// - Returns: The process, and where it says what goes wrong.
    func start(
        _ command: MachineCommand, _ kind: MachineKind, _ descriptors: [Int32], filters: [SandboxDescriptor]
    ) throws(SandboxError) -> (process: JailedProcess, errors: SandboxDescriptor) {
        let launcher = try self.launcher.running()
        let first = Int(yett_job_data_target) &+ descriptors.count
        let words = command.jail(firstFilter: first, links: Self.links)
        let options = try SandboxDescriptor.sealed(words.flatMap { Array($0.utf8) + [0] })
        let null = SandboxDescriptor(open("/dev/null", O_RDWR | O_CLOEXEC))
        let channel = try SandboxDescriptor.pair()
        let errors = try SandboxDescriptor.pipe()
        // Without control groups the launcher limits the address space, of which the emulator reserves much.
        let bytes = launcher.ready.groups == .none ? Self.addressBytes : kind.wholeBytes
        let limits = SandboxLimits(
            wallMilliseconds: SandboxLimits.ceiling.wallMilliseconds, processorThousandths: kind.processorThousandths,
            memoryBytes: bytes, processes: Self.threads, scratchBytes: Self.fileBytes, outputBytes: 1)
        let job = LauncherJob(
            number: 0, limits: limits, fileBytes: Self.fileBytes, needsGroups: launcher.ready.groups != .none,
            arguments: command.words)
        try launcher.start(
            job,
            [channel.theirs.number, null.number, null.number, errors.write.number, options.number] + descriptors
                + filters.map(\.number))
        channel.theirs.close()
        errors.write.close()
        withExtendedLifetime((options, null, filters)) {}
        switch SandboxLauncher.hear(channel.mine.number, milliseconds: Self.setUpMilliseconds) {
        case .started(let start) where start.network.holds:
            // There is no card, and the emulator could reach no network either.
            var network = start.network
            network.reason = "no_device"
            return (JailedProcess(channel: channel.mine, network: network), errors.read)
        case .failed(let kind, _) where kind == yett_refusal_busy: throw .busy(retryMilliseconds: 1000)
        case .failed(_, let text):
            throw .refused(.setUp, "the jail of a virtual machine was not made: \(text)\(Self.said(errors.read))")
        default: throw .refused(.setUp, "the jail of a virtual machine was not made: yett-sandbox does not answer")
        }
    }

    /// The first line of what was said, with a colon before it; empty when nothing was.
    static func said(_ errors: SandboxDescriptor) -> String {
        var bytes = [UInt8](repeating: 0, count: 512)
        let count = read(errors.number, &bytes, bytes.count)
        guard count > 0 else { return "" }
        let line = bytes[..<count].prefix { $0 != UInt8(ascii: "\n") }.map { (0x20...0x7e).contains($0) ? $0 : 0x3f }
        return ": " + String(decoding: line, as: UTF8.self)
    }

    private static var links: [(path: String, target: String?)] {
        ["/lib", "/lib64"].map { ($0, HostPaths.linkTarget($0)) }
    }
}
