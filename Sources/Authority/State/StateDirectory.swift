// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CLinux
internal import Glibc

/// The authority's directory: ours alone, used by one process at a time.
final class StateDirectory: Sendable {
    let path: String
    private let lock: CInt

    /// Makes the directory with mode 0700 where it is missing, and takes its lock.
    ///
    /// - Throws: ``AuthorityError`` when somebody else can enter it or another process uses it.
    init(_ path: String) throws(AuthorityError) {
        self.path = path
        if mkdir(path, 0o700) != 0, errno != EEXIST { throw .state(path: path, reason: "mkdir: \(errorText(errno))") }
        var status = yett_file_status()
        guard yett_file_status(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, &status) == 0, status.mode & S_IFMT == S_IFDIR
        else {
            throw .state(path: path, reason: "is not a directory")
        }
        guard status.uid == geteuid() else {
            throw .state(path: path, reason: "belongs to user \(status.uid), not to user \(geteuid())")
        }
        guard status.mode & 0o077 == 0 else {
            throw .state(path: path, reason: "can be entered by others; run chmod 700 on it")
        }
        let file = path + "/lock"
        lock = open(file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard lock >= 0 else { throw .state(path: file, reason: "open: \(errorText(errno))") }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            close(lock)
            throw .state(path: path, reason: "is in use by another process; two authorities must not share it")
        }
    }

    deinit { close(lock) }

    /// The path of a file in it.
    func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Makes a file with mode 0600 that has all of its bytes from the moment it has its name.
    ///
    /// - Throws: ``AuthorityError``, also when there is such a file.
    func create(_ name: String, _ bytes: [UInt8]) throws(AuthorityError) {
        try PrivateFile.create(file(name), bytes)
    }

}
