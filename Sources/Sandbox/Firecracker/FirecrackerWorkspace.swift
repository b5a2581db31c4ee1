// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CLinux
internal import CSandbox
internal import Glibc
internal import Synchronization

/// The directory of one driver's machines, which only root can enter: the files that all of them share, saved machines, and
/// a jail for each that runs. It is removed with the driver; what a gate left that was killed, by the next one.
final class FirecrackerWorkspace: Sendable {
    /// The absolute path.
    let path: String
    /// The beginning of its machines' names.
    let name: String
    private let lock: SandboxDescriptor
    private let groups: FirecrackerGroups?
    private let next = Atomic<UInt64>(1)

    private static let lockSuffix = ".lock"
    private static let chunk = 1 << 20

    /// Makes a directory below another one, and removes those in it whose gates are gone.
    init(below base: String, _ groups: FirecrackerGroups?) throws(SandboxError) {
        self.groups = groups
        try Self.makeBase(base)
        Self.sweep(base, groups)
        let digits = String(UInt32.random(in: .min ... .max), radix: 16)
        name = "\(getpid())-\(digits)"
        path = "\(base)/\(name)"
        lock = SandboxDescriptor(
            open(path + Self.lockSuffix, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600))
        guard lock.number >= 0, flock(lock.number, LOCK_EX | LOCK_NB) == 0, mkdir(path, 0o700) == 0,
            mkdir(path + "/files", 0o700) == 0
        else { throw .unavailable(path, errno) }
    }

    deinit {
        _ = yett_remove_tree(path)
        unlink(path + Self.lockSuffix)
        groups?.tidy(name)
    }

    /// A name for a machine that no other has.
    func machineName() -> String { "\(name)-\(next.wrappingAdd(1, ordering: .relaxed).oldValue)" }

    /// Gives an open file a name here, by which every user can read it: the same file where that can be, otherwise a copy.
    func adopt(_ file: SandboxDescriptor, as name: String) throws(SandboxError) -> SharedFile {
        let target = "\(path)/files/\(name)"
        var status = yett_file_status()
        guard yett_open_file_status(file.number, &status) == 0 else { throw .unavailable(target, errno) }
        if status.mode & 0o004 == 0 || !Self.link(file.number, AT_FDCWD, target) {
            try Self.copy(file.number, to: target)
        }
        return try SharedFile(target, bytes: status.size)
    }

    /// Names an open file.
    static func link(_ file: Int32, _ directory: Int32, _ name: String) -> Bool {
        linkat(AT_FDCWD, "/proc/self/fd/\(file)", directory, name, AT_SYMLINK_FOLLOW) == 0
    }

    private static func copy(_ file: Int32, to path: String) throws(SandboxError) {
        let target = SandboxDescriptor(open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o444))
        guard target.number >= 0, fchmod(target.number, 0o444) == 0 else { throw .unavailable(path, errno) }
        var piece = [UInt8](repeating: 0, count: chunk)
        var offset = 0
        while true {
            let count = pread(file, &piece, piece.count, offset)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .unavailable(path, errno) }
            if count == 0 { return }
            var written = 0
            while written < count {
                let more = piece[written..<count].withUnsafeBytes { write(target.number, $0.baseAddress, $0.count) }
                if more < 0, errno == EINTR { continue }
                guard more > 0 else { throw .unavailable(path, errno) }
                written &+= more
            }
            offset &+= count
        }
    }

    private static func makeBase(_ base: String) throws(SandboxError) {
        guard mkdir(base, 0o700) == 0 || errno == EEXIST else { throw .unavailable(base, errno) }
        var status = yett_file_status()
        guard yett_file_status(AT_FDCWD, base, AT_SYMLINK_NOFOLLOW, &status) == 0 else {
            throw .unavailable(base, errno)
        }
        guard status.mode & S_IFMT == S_IFDIR, status.uid == geteuid(), status.mode & 0o022 == 0 else {
            throw .refused(
                .unavailable,
                "\(base) is not a directory that only root can change: chown root \(base); chmod 700 \(base)")
        }
    }

    /// Removes the directories whose locks nobody holds.
    private static func sweep(_ base: String, _ groups: FirecrackerGroups?) {
        guard let listing = opendir(base) else { return }
        defer { closedir(listing) }
        while let entry = readdir(listing) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard name.utf8.count > lockSuffix.utf8.count,
                name.utf8.suffix(lockSuffix.utf8.count).elementsEqual(lockSuffix.utf8)
            else { continue }
            let lock = SandboxDescriptor(open("\(base)/\(name)", O_RDWR | O_CLOEXEC | O_NOFOLLOW))
            guard lock.number >= 0, flock(lock.number, LOCK_EX | LOCK_NB) == 0 else { continue }
            let owner = String(Substring(name.utf8.dropLast(lockSuffix.utf8.count)))
            guard yett_remove_tree("\(base)/\(owner)") else { continue }
            groups?.tidy(owner)
            unlink("\(base)/\(name)")
        }
    }
}

/// A file that machines share, open, and how it was when it was opened: another one under the name is not it.
final class SharedFile: Sendable {
    let path: String
    private let file: SandboxDescriptor
    private let first: (inode: UInt64, size: Int64, changed: Int64)

    /// Opens the only file of this size that is root's and that nobody can write to.
    init(_ path: String, bytes: Int64) throws(SandboxError) {
        self.path = path
        file = SandboxDescriptor(open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW))
        guard file.number >= 0, let found = Self.look(file.number) else { throw .unavailable(path, errno) }
        guard found.size == bytes else {
            throw .refused(.setUp, "\(path) has \(found.size) bytes, and not \(bytes)")
        }
        first = found
    }

    /// Gives it a name in a machine's directory.
    func link(in directory: Int32, as name: String) throws(SandboxError) {
        guard let now = Self.look(file.number), now == first else {
            throw .refused(.setUp, "\(path) was changed")
        }
        guard FirecrackerWorkspace.link(file.number, directory, name) else { throw .unavailable(path, errno) }
    }

    private static func look(_ file: Int32) -> (inode: UInt64, size: Int64, changed: Int64)? {
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_uid == 0,
            status.st_mode & 0o022 == 0
        else { return nil }
        let changed = Int64(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec)
        return (UInt64(status.st_ino), Int64(status.st_size), changed)
    }
}
