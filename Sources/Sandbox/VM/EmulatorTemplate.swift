// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CSpawn
internal import Glibc

/// A machine of QEMU's that was saved: copies share its memory and own the pages that they write to. Both files are in
/// memory and sealed, so that no copy can change what the next one gets.
final class EmulatorTemplate: MachineTemplate {
    private let memory: SandboxDescriptor
    private let state: SandboxDescriptor
    private let parts: MachineParts
    private let kind: MachineKind

    /// Boots a machine and saves it. Takes seconds.
    init(_ parts: MachineParts, _ kind: MachineKind) throws(SandboxError) {
        memory = try Self.file("machine")
        state = try Self.file("devices")
        self.parts = parts
        self.kind = kind
        guard ftruncate(memory.number, kind.guestMebibytes << 20) == 0 else {
            throw .unavailable("making the memory of a virtual machine", errno)
        }
        try parts.save(kind, memory: memory.number, state: state.number)
        guard yett_seal(memory.number) == 0, yett_seal(state.number) == 0 else {
            throw .unavailable("sealing the memory of a virtual machine", errno)
        }
    }

    /// A copy, which runs.
    func copy() throws(SandboxError) -> Machine {
        try parts.copy(kind, memory: memory.number, state: state.number)
    }

    private static func file(_ name: String) throws(SandboxError) -> SandboxDescriptor {
        let file = SandboxDescriptor(yett_sealable_memory_file(name))
        guard file.number >= 0 else { throw .unavailable("making a memory file", errno) }
        return file
    }
}
