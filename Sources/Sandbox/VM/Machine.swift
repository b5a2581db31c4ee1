// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CSpawn
internal import Glibc

/// What every machine is started with.
struct MachineParts: Sendable {
    let jail: MachineJail
    let image: SandboxImage
    let kernel: SandboxDescriptor
    let initrd: SandboxDescriptor
    let root: SandboxDescriptor
    let filters: CallFilters
    let acceleration: SandboxAcceleration
    let timestampKilohertz: UInt32

    func command(_ kind: MachineKind, _ memory: MachineCommand.Memory) -> MachineCommand {
        MachineCommand(
            acceleration: acceleration, timestampKilohertz: timestampKilohertz, guestMebibytes: kind.guestMebibytes,
            memory: memory, filters: acceleration == .hardware ? 0 : filters.programs.count)
    }
}

/// A virtual machine whose agent waits for its one job.
final class Machine: Sendable {
    let channel: StreamChannel
    /// When it was started, in microseconds of the steady clock.
    let born: Int64
    private let process: JailedProcess
    private let errors: SandboxDescriptor

    /// A machine that says nothing by then hangs.
    private static let bootMicroseconds: Int64 = 40_000_000
    /// The same for a copy, and for its rehearsal.
    private static let resumeMicroseconds: Int64 = 10_000_000

    /// Boots a machine and waits until its agent is ready.
    convenience init(_ parts: MachineParts, _ kind: MachineKind) throws(SandboxError) {
        let control = try Self.sockets()
        try self.init(parts, kind, .own, memory: [], control: control.theirs)
        try hearReady(within: Self.bootMicroseconds)
    }

    /// Boots a machine whose memory is this file, saves its devices to the other, and ends it.
    static func save(_ parts: MachineParts, _ kind: MachineKind, memory: Int32, state: Int32) throws(SandboxError) {
        let (mine, theirs) = try sockets()
        let machine = try Machine(parts, kind, .template, memory: [memory], control: theirs)
        defer { machine.finish() }
        theirs.close()
        try machine.hearReady(within: bootMicroseconds)
        var control = try MachineControl(mine, until: SteadyClock.microseconds() &+ resumeMicroseconds)
        try control.save(to: state)
    }

    /// Copies a machine that was saved. The files must be sealed: other machines are copied from them.
    convenience init(_ parts: MachineParts, _ kind: MachineKind, memory: Int32, state: Int32) throws(SandboxError) {
        let (mine, theirs) = try Self.sockets()
        try self.init(parts, kind, .copy, memory: [memory], control: theirs)
        theirs.close()
        // One that is read from its beginning, whoever read the other.
        let state = SandboxDescriptor(open("/proc/self/fd/\(state)", O_RDONLY | O_CLOEXEC))
        var control = try MachineControl(mine, until: SteadyClock.microseconds() &+ Self.resumeMicroseconds)
        do throws(SandboxError) {
            try control.resume(from: state.number)
        } catch {
            throw .refused(error.kind, error.description + MachineJail.said(errors))
        }
        mine.close()
    }

    private init(
        _ parts: MachineParts, _ kind: MachineKind, _ memory: MachineCommand.Memory, memory files: [Int32],
        control: SandboxDescriptor
    ) throws(SandboxError) {
        let (channel, guests) = try StreamChannel.open()
        let filters = parts.acceleration == .hardware ? [] : parts.filters.programs
        var sealed: [SandboxDescriptor] = []
        for program in filters { sealed.append(try SandboxDescriptor.sealed(program)) }
        (process, errors) = try parts.jail.start(
            parts.command(kind, memory), kind,
            [guests.number, control.number, parts.kernel.number, parts.initrd.number, parts.root.number] + files,
            filters: sealed)
        guests.close()
        self.channel = channel
        born = SteadyClock.microseconds()
    }

    deinit {
        finish()
    }

    /// What the host saw of its network.
    var network: SandboxNetworkProof { process.network }

    /// Ends it, whatever it does.
    func kill() { process.kill() }

    /// Waits until nothing of it is left.
    func end(milliseconds: Int32) -> WasmEnd? { process.end(milliseconds: milliseconds) }

    /// Has the agent go the way of a job once: a copy has to translate everything anew.
    func rehearse() throws(SandboxError) {
        var bytes = GuestJob.rehearsal[...]
        guard channel.write(&bytes), bytes.isEmpty else { throw .refused(.setUp, "a virtual machine does not listen") }
        try hearReady(within: Self.resumeMicroseconds)
    }

    private func finish() {
        kill()
        _ = end(milliseconds: 1000)
    }

    private func hearReady(within microseconds: Int64) throws(SandboxError) {
        let last = SteadyClock.microseconds() &+ microseconds
        var replies = GuestReplies()
        while SteadyClock.microseconds() < last {
            channel.wait(toWrite: false, until: last)
            switch channel.read() {
            case .bytes(let bytes): replies.append(bytes)
            case .nothing: continue
            case .end:
                throw .refused(
                    .unavailable, "a virtual machine ended before it was ready\(MachineJail.said(errors))")
            }
            do {
                guard let event = try replies.next() else { continue }
                guard event == .ready else { throw GuestReplies.Malformed() }
                return
            } catch {
                throw .refused(.unavailable, "the image's agent is not the one of this version; build the image again")
            }
        }
        throw .refused(.unavailable, "a virtual machine was not ready within \(microseconds / 1_000_000) s")
    }

    private static func sockets() throws(SandboxError) -> (mine: SandboxDescriptor, theirs: SandboxDescriptor) {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw .unavailable("making a channel", errno) }
        return (SandboxDescriptor(ends[0]), SandboxDescriptor(ends[1]))
    }
}
