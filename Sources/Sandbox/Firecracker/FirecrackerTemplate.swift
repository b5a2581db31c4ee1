// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc

/// A machine of Firecracker's that was saved: copies share its memory and own the pages that they write to. Both files are
/// root's and can only be read once the machine that wrote them is gone.
final class FirecrackerTemplate: MachineTemplate {
    private let parts: FirecrackerParts
    private let kind: MachineKind
    private let state: SharedFile
    private let memory: SharedFile

    /// The state of devices is some 20 KiB.
    private static let stateLimit: Int64 = 16 << 20
    private static let endMilliseconds: Int32 = 10_000

    /// Takes the files of a machine that was saved, and ends it.
    init(_ parts: FirecrackerParts, _ kind: MachineKind, from jail: FirecrackerJail) throws(SandboxError) {
        let name = "\(parts.workspace.path)/files/\(parts.workspace.machineName())"
        self.parts = parts
        self.kind = kind
        do throws(SandboxError) {
            try jail.take("state", to: name + "-state")
            try jail.take("memory", to: name + "-memory")
            // Whoever wrote the files could go on writing to them.
            jail.process.kill()
            guard jail.process.end(milliseconds: Self.endMilliseconds) != nil else {
                throw .refused(.setUp, "a virtual machine that was saved does not end")
            }
            state = try Self.own(name + "-state", 1...Self.stateLimit)
            let size = Int64(kind.guestMebibytes) << 20
            memory = try Self.own(name + "-memory", size...size)
        } catch {
            for part in ["-state", "-memory"] { unlink(name + part) }
            throw error
        }
    }

    deinit {
        unlink(state.path)
        unlink(memory.path)
    }

    func copy() throws(SandboxError) -> Machine { try parts.copy(kind, state: state, memory: memory) }

    /// Makes a file root's: a regular one, under this name alone, of such a size.
    private static func own(_ path: String, _ sizes: ClosedRange<Int64>) throws(SandboxError) -> SharedFile {
        let file = SandboxDescriptor(open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK))
        var status = stat()
        guard file.number >= 0, fstat(file.number, &status) == 0 else { throw .unavailable(path, errno) }
        guard status.st_mode & S_IFMT == S_IFREG, status.st_nlink == 1, sizes.contains(Int64(status.st_size)) else {
            throw .refused(.setUp, "Firecracker saved a machine to what is no such file")
        }
        guard fchown(file.number, 0, 0) == 0, fchmod(file.number, 0o444) == 0 else { throw .unavailable(path, errno) }
        return try SharedFile(path, bytes: Int64(status.st_size))
    }
}
