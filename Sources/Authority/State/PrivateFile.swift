// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CLinux
internal import Glibc

/// A small file that nobody else may read.
enum PrivateFile {
    /// The most bytes that are read.
    static let largest = 4096

    /// Reads a file of ours or of root that no other user can read or change.
    ///
    /// Root's file may be readable for a group: service managers hand out credentials that way.
    ///
    /// - Returns: `nil` when there is no such file.
    static func read(_ path: String) throws(AuthorityError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw .state(path: path, reason: "open: \(errorText(errno))")
        }
        defer { close(descriptor) }
        var status = yett_file_status()
        guard yett_open_file_status(descriptor, &status) == 0, status.mode & S_IFMT == S_IFREG else {
            throw .state(path: path, reason: "is not a plain file")
        }
        guard status.uid == geteuid() || status.uid == 0 else {
            throw .state(path: path, reason: "belongs to user \(status.uid), not to user \(geteuid()) or root")
        }
        guard status.mode & (status.uid == geteuid() ? 0o077 : 0o037) == 0 else {
            throw .state(path: path, reason: "can be read by others; run chmod 600 on it")
        }
        guard let bytes = contents(of: descriptor, atMost: largest) else {
            throw .state(path: path, reason: "cannot be read, or is larger than \(largest) bytes")
        }
        return bytes
    }

    /// Makes a file with mode 0600 that has all of its bytes from the moment it has its name.
    ///
    /// - Throws: ``AuthorityError``, also when there is such a file.
    static func create(_ path: String, _ bytes: [UInt8]) throws(AuthorityError) {
        let temporary = path + ".new"
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .state(path: temporary, reason: "open: \(errorText(errno))") }
        defer {
            close(descriptor)
            unlink(temporary)
        }
        guard write(bytes, to: descriptor), fsync(descriptor) == 0 else {
            throw .state(path: temporary, reason: "write: \(errorText(errno))")
        }
        guard link(temporary, path) == 0 else { throw .state(path: path, reason: "link: \(errorText(errno))") }
        let parent = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[..<$0]) } ?? "."
        try synchronize(directory: parent.isEmpty ? "/" : parent)
    }

    /// Waits until the names in a directory are on the device.
    private static func synchronize(directory path: String) throws(AuthorityError) {
        let directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw .state(path: path, reason: "open: \(errorText(errno))") }
        defer { close(directory) }
        guard fsync(directory) == 0 else { throw .state(path: path, reason: "fsync: \(errorText(errno))") }
    }

    /// Everything from the current position to the end; `nil` when it is more than `limit` bytes or cannot be read.
    static func contents(of descriptor: CInt, atMost limit: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = Glibc.read(descriptor, &part, part.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0, bytes.count &+ count <= limit else { return nil }
            if count == 0 { return bytes }
            bytes += part.prefix(count)
        }
    }

    /// Writes all bytes; false with `errno` otherwise.
    static func write(_ bytes: [UInt8], to descriptor: CInt) -> Bool {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress.map { $0 + done }, $0.count - done)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            done += count
        }
        return true
    }
}

/// The text of an error number.
func errorText(_ code: CInt) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
        guard let base = buffer.baseAddress, strerror_r(code, base, buffer.count) == 0 else { return "error \(code)" }
        return String(cString: base)
    }
}
