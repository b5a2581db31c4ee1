// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CSpawn
internal import Glibc
internal import Synchronization

/// An open descriptor that closes itself.
final class SandboxDescriptor: Sendable {
    private let current: Atomic<Int32>

    init(_ number: Int32) {
        current = Atomic(number)
    }

    deinit {
        close()
    }

    /// The descriptor; -1 when it is closed.
    var number: Int32 { current.load(ordering: .relaxed) }

    /// Closes it now, whoever still holds the object: the other end of a channel must see the end of a process.
    func close() {
        let number = current.exchange(-1, ordering: .relaxed)
        if number >= 0 { Glibc.close(number) }
    }

    /// A memory file with these bytes, read from its beginning, that nobody can change or let grow: what is inside of
    /// the sandbox shares the file with whoever made it.
    static func sealed(_ bytes: [UInt8]) throws(SandboxError) -> SandboxDescriptor {
        let number = yett_sealable_memory_file("data")
        guard number >= 0 else { throw .unavailable("making a memory file", errno) }
        let file = SandboxDescriptor(number)
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { write(number, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .unavailable("filling a memory file", errno) }
            written &+= count
        }
        guard lseek(number, 0, SEEK_SET) == 0, yett_seal(number) == 0 else {
            throw .unavailable("sealing a memory file", errno)
        }
        return file
    }

    /// A pipe: what reads from it does not block, what writes to it does, and neither survives exec.
    static func pipe() throws(SandboxError) -> (read: SandboxDescriptor, write: SandboxDescriptor) {
        var ends: [Int32] = [-1, -1]
        guard yett_pipe(&ends) == 0 else { throw .unavailable("making a pipe", errno) }
        let pair = (read: SandboxDescriptor(ends[0]), write: SandboxDescriptor(ends[1]))
        guard fcntl(ends[1], F_SETFL, 0) == 0 else { throw .unavailable("making a pipe", errno) }
        return pair
    }

    /// A connected pair of sequenced-packet sockets that do not survive exec.
    static func pair() throws(SandboxError) -> (mine: SandboxDescriptor, theirs: SandboxDescriptor) {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_SEQPACKET.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw .unavailable("making a channel", errno) }
        return (SandboxDescriptor(ends[0]), SandboxDescriptor(ends[1]))
    }
}

extension SandboxError {
    static func unavailable(_ what: String, _ error: Int32) -> SandboxError {
        .refused(.unavailable, "\(what): \(String(cString: strerror(error)))")
    }
}

/// Runs a function on a thread of its own, for what waits on descriptors.
func onThreadOfItsOwn(_ body: @escaping @Sendable () -> Void) throws(SandboxError) {
    final class Box: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    let box = Unmanaged.passRetained(Box(body))
    let code = pthread_create(
        &thread, nil,
        { pointer in
            if let pointer { Unmanaged<Box>.fromOpaque(pointer).takeRetainedValue().body() }
            return nil
        }, box.toOpaque())
    guard code == 0 else {
        box.release()
        throw .unavailable("starting a thread", code)
    }
    pthread_detach(thread)
}
