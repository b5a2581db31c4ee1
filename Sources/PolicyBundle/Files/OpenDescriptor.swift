// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc

/// An open file or directory that is closed when the last reference goes.
final class OpenDescriptor {
    let number: Int32
    let path: String

    /// Opens a path; new files get mode 0600.
    init(_ path: String, _ flags: Int32) throws(BundleFailure) {
        number = Glibc.open(path, flags | O_CLOEXEC, 0o600)
        self.path = path
        if number < 0 { throw .file(path, "open", errno) }
    }

    deinit {
        if number >= 0 { close(number) }
    }

    /// What the system knows of it.
    func status() throws(BundleFailure) -> stat {
        var status = stat()
        guard fstat(number, &status) == 0 else { throw .file(path, "fstat", errno) }
        return status
    }

    /// Whether it is a file, not a directory or a device.
    func isFile() throws(BundleFailure) -> Bool {
        try status().st_mode & S_IFMT == S_IFREG
    }

    /// All bytes of a file, of which there may be so many.
    func readAll(limit: Int) throws(BundleFailure) -> [UInt8] {
        var bytes: [UInt8] = []
        let chunk = 64 << 10
        let room = [UInt8](repeating: 0, count: chunk)
        while true {
            let filled = bytes.count
            bytes.append(contentsOf: room)
            let count = bytes.withUnsafeMutableBytes { buffer in
                read(number, buffer.baseAddress.map { $0 + filled }, chunk)
            }
            let code = errno
            bytes.removeLast(chunk &- max(0, count))
            if count < 0, code == EINTR { continue }
            if count < 0 { throw .file(path, "read", code) }
            if bytes.count > limit { throw .limit("\(path) has more than \(limit) bytes") }
            if count == 0 { return bytes }
        }
    }

    /// Writes all bytes at the current position.
    func write(_ bytes: [UInt8]) throws(BundleFailure) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(number, buffer.baseAddress.map { $0 + done }, bytes.count &- done)
            }
            if count < 0, errno == EINTR { continue }
            if count <= 0 { throw .file(path, "write", errno) }
            done &+= count
        }
    }

    /// Waits until the device has it.
    func synchronize() throws(BundleFailure) {
        guard fsync(number) == 0 else { throw .file(path, "fsync", errno) }
    }
}
