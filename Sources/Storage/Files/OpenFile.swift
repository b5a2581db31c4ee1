// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Glibc

/// An open file that is closed when the last reference goes.
final class OpenFile: Sendable {
    let descriptor: Int32
    let path: String

    /// Opens a file, never following a symbolic link in its last part; new files get mode 0600 whatever the umask.
    init(_ path: String, _ flags: Int32) throws(AuditLogError) {
        let (descriptor, code) = SystemCall.retrying { open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0o600) }
        guard descriptor >= 0 else { throw .file(path: path, operation: "open", code: code) }
        self.descriptor = descriptor
        self.path = path
    }

    deinit {
        close(descriptor)
    }

    var status: stat {
        var status = stat()
        fstat(descriptor, &status)
        return status
    }

    /// Writes all bytes at the current position.
    func write(_ bytes: [UInt8]) throws(AuditLogError) {
        var done = 0
        while done < bytes.count {
            let (count, code) = bytes.withUnsafeBytes { buffer in
                SystemCall.retrying {
                    Glibc.write(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done)
                }
            }
            guard count > 0 else { throw .file(path: path, operation: "write", code: count == 0 ? EIO : code) }
            done += count
        }
    }

    /// Reads the whole file; refuses more than `limit` bytes before it allocates.
    func readAll(limit: Int) throws(AuditLogError) -> [UInt8] {
        let size = Int(status.st_size)
        guard size <= limit else { throw .insecure(path: path, reason: "is larger than \(limit) bytes") }
        var failure: Int32?
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
            while filled < size {
                let (count, code) = SystemCall.retrying {
                    pread(descriptor, buffer.baseAddress.map { $0 + filled }, size - filled, off_t(filled))
                }
                if count < 0 { failure = code }
                guard count > 0 else { break }
                filled += count
            }
        }
        if let failure { throw .file(path: path, operation: "read", code: failure) }
        return bytes
    }

    /// Waits until the data of the file is on the device.
    func synchronizeData() throws(AuditLogError) {
        let (result, code) = SystemCall.retrying { fdatasync(descriptor) }
        guard result == 0 else { throw .file(path: path, operation: "fdatasync", code: code) }
    }

    /// Waits until the file and its metadata are on the device; for a directory, its entries.
    func synchronize() throws(AuditLogError) {
        let (result, code) = SystemCall.retrying { fsync(descriptor) }
        guard result == 0 else { throw .file(path: path, operation: "fsync", code: code) }
    }
}
