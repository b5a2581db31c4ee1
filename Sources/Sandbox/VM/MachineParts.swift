// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CSpawn
internal import Glibc

/// What every machine of QEMU's is started with.
struct MachineParts: MachineMaker {
    let jail: MachineJail
    let image: SandboxImage
    let kernel: SandboxDescriptor
    let initrd: SandboxDescriptor
    let root: SandboxDescriptor
    let filters: CallFilters
    let acceleration: SandboxAcceleration
    let timestampKilohertz: UInt32

    /// A machine that says nothing by then hangs.
    private static let bootMicroseconds: Int64 = 40_000_000
    /// The same for a copy.
    private static let resumeMicroseconds: Int64 = 10_000_000

    func command(_ kind: MachineKind, _ memory: MachineCommand.Memory) -> MachineCommand {
        MachineCommand(
            acceleration: acceleration, timestampKilohertz: timestampKilohertz, guestMebibytes: kind.guestMebibytes,
            memory: memory, filters: acceleration == .hardware ? 0 : filters.programs.count)
    }

    func boot(_ kind: MachineKind) throws(SandboxError) -> Machine {
        let control = try Self.sockets()
        let machine = try start(kind, .own, memory: [], control: control.theirs)
        try machine.hearReady(within: Self.bootMicroseconds)
        return machine
    }

    func template(_ kind: MachineKind) throws(SandboxError) -> any MachineTemplate {
        try EmulatorTemplate(self, kind)
    }

    /// Boots a machine whose memory is this file, saves its devices to the other, and ends it.
    func save(_ kind: MachineKind, memory: Int32, state: Int32) throws(SandboxError) {
        let (mine, theirs) = try Self.sockets()
        let machine = try start(kind, .template, memory: [memory], control: theirs)
        defer { machine.finish() }
        theirs.close()
        try machine.hearReady(within: Self.bootMicroseconds)
        var control = try MachineControl(mine, until: SteadyClock.microseconds() &+ Self.resumeMicroseconds)
        try control.save(to: state)
    }

    /// Copies a machine that was saved. The files must be sealed: other machines are copied from them.
    func copy(_ kind: MachineKind, memory: Int32, state: Int32) throws(SandboxError) -> Machine {
        let (mine, theirs) = try Self.sockets()
        let machine = try start(kind, .copy, memory: [memory], control: theirs)
        theirs.close()
        // One that is read from its beginning, whoever read the other.
        let state = SandboxDescriptor(open("/proc/self/fd/\(state)", O_RDONLY | O_CLOEXEC))
        var control = try MachineControl(mine, until: SteadyClock.microseconds() &+ Self.resumeMicroseconds)
        do throws(SandboxError) {
            try control.resume(from: state.number)
        } catch {
            throw .refused(error.kind, error.description + machine.said)
        }
        mine.close()
        return machine
    }

    private func start(
        _ kind: MachineKind, _ memory: MachineCommand.Memory, memory files: [Int32], control: SandboxDescriptor
    ) throws(SandboxError) -> Machine {
        let (channel, guests) = try StreamChannel.open()
        let filters = acceleration == .hardware ? [] : filters.programs
        var sealed: [SandboxDescriptor] = []
        for program in filters { sealed.append(try SandboxDescriptor.sealed(program)) }
        let (process, errors) = try jail.start(
            command(kind, memory), kind,
            [guests.number, control.number, kernel.number, initrd.number, root.number] + files, filters: sealed)
        guests.close()
        return Machine(channel: channel, process: process, errors: errors)
    }

    private static func sockets() throws(SandboxError) -> (mine: SandboxDescriptor, theirs: SandboxDescriptor) {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw .unavailable("making a channel", errno) }
        return (SandboxDescriptor(ends[0]), SandboxDescriptor(ends[1]))
    }
}
