// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Glibc

/// Whole files and directories of the audit log.
enum Files {
    /// The most bytes of a file that is read at once (a full entry bundle of the largest entries is 16.8 MB).
    static let largest = 32 << 20

    static func read(_ path: String, limit: Int = largest) throws(AuditLogError) -> [UInt8] {
        try OpenFile(path, O_RDONLY).readAll(limit: limit)
    }

    /// The contents of a file; nil when there is none.
    static func readIfPresent(_ path: String, limit: Int = largest) throws(AuditLogError) -> [UInt8]? {
        do {
            return try read(path, limit: limit)
        } catch {
            if case .file(_, _, ENOENT) = error { return nil }
            throw error
        }
    }

    static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// Creates or replaces a file in place, with the directories above it inside `root` where they are missing.
    static func write(_ bytes: [UInt8], to path: String, in root: String) throws(AuditLogError) {
        let file: OpenFile
        do {
            file = try OpenFile(root + "/" + path, O_WRONLY | O_CREAT | O_TRUNC)
        } catch {
            guard case .file(_, _, ENOENT) = error else { throw error }
            try createDirectories(above: path, in: root)
            file = try OpenFile(root + "/" + path, O_WRONLY | O_CREAT | O_TRUNC)
        }
        try file.write(bytes)
    }

    private static func createDirectories(above path: String, in root: String) throws(AuditLogError) {
        var current = root
        for part in path.split(separator: "/").dropLast() {
            current += "/" + part
            guard mkdir(current, 0o700) == 0 || errno == EEXIST else {
                throw .file(path: current, operation: "mkdir", code: errno)
            }
        }
    }

    /// Replaces a file so that a reader, and a crash, sees the old bytes or the new ones.
    ///
    /// - Parameter isDurable: whether the new bytes and the name are on the device when this returns.
    static func replace(_ path: String, with bytes: [UInt8], isDurable: Bool) throws(AuditLogError) {
        let temporary = path + ".new"
        let file = try OpenFile(temporary, O_WRONLY | O_CREAT | O_TRUNC)
        try file.write(bytes)
        if isDurable { try file.synchronizeData() }
        guard rename(temporary, path) == 0 else { throw .file(path: path, operation: "rename", code: errno) }
        if isDurable { try synchronizeDirectory(of: path) }
    }

    static func synchronizeDirectory(of path: String) throws(AuditLogError) {
        let end = path.utf8.lastIndex(of: UInt8(ascii: "/")) ?? path.utf8.startIndex
        let directory = String(path[..<end])
        try OpenFile(directory.isEmpty ? "." : directory, O_RDONLY | O_DIRECTORY).synchronize()
    }

    /// Removes a file; a missing one is no error.
    static func remove(_ path: String) throws(AuditLogError) {
        guard unlink(path) == 0 || errno == ENOENT else {
            throw .file(path: path, operation: "unlink", code: errno)
        }
    }

    /// Removes a directory and the plain files in it; used for the partial tiles that a full one replaces.
    static func removeFlatDirectory(_ path: String) {
        for name in names(in: path) { unlink(path + "/" + name) }
        rmdir(path)
    }

    /// The names in a directory, sorted; none when it cannot be read.
    static func names(in path: String) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Makes a directory with mode 0700, or checks that the existing one is ours alone.
    static func secureDirectory(_ path: String) throws(AuditLogError) {
        if mkdir(path, 0o700) == 0 { return }
        guard errno == EEXIST else { throw .file(path: path, operation: "mkdir", code: errno) }
        let directory = try OpenFile(path, O_RDONLY | O_DIRECTORY)
        try requirePrivate(directory)
    }

    /// Refuses a file or directory of somebody else, or one that others may read or write.
    static func requirePrivate(_ file: OpenFile) throws(AuditLogError) {
        let status = file.status
        guard status.st_uid == geteuid() else {
            throw .insecure(path: file.path, reason: "belongs to uid \(status.st_uid), not to uid \(geteuid())")
        }
        guard status.st_mode & 0o077 == 0 else {
            let mode = String(status.st_mode & 0o777, radix: 8)
            throw .insecure(path: file.path, reason: "has mode \(mode); run chmod go-rwx on it")
        }
    }
}
