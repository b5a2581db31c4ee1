// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Decision
internal import Glibc
public import NIOCore

/// Reads what the kernel says about the process at the other end of a Unix socket.
public enum PeerCredentials {
    /// Reads `SO_PEERCRED` and the executable's path.
    ///
    /// Where the kernel offers a pidfd for the peer, the path is used only if that very process still lives after the
    /// path was read, so that a recycled process id cannot lend its executable.
    ///
    /// - Parameter channel: An accepted Unix-socket connection, on its event loop.
    /// - Returns: `nil` when the channel has no peer credentials.
    public static func read(from channel: any Channel) -> ProcessCredentials? {
        guard let process = PeerProcess(of: channel) else { return nil }
        let path = readLink("/proc/\(process.pid)/exe")
        return ProcessCredentials(
            pid: process.pid, uid: process.uid, gid: process.gid, path: process.isAlive == false ? nil : path)
    }

    private static func readLink(_ path: String) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { buffer in
            guard let base = buffer.baseAddress else { return nil }
            let count = readlink(path, base, buffer.count)
            guard count > 0, count < buffer.count else { return nil }
            return String(decoding: UnsafeRawBufferPointer(start: base, count: count), as: UTF8.self)
        }
    }
}
