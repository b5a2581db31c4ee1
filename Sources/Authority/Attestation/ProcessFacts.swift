// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CLinux
internal import Glibc
internal import Identity

/// What `/proc` says of a process at one moment. Two that are equal are of one process that has not become another.
struct ProcessFacts: Sendable, Hashable {
    /// The program that a process runs, by the file itself.
    struct Program: Sendable, Hashable {
        /// Device, file number, size and times of the last change.
        var file: FileIdentity
        /// The path, if the file is found under it in the gate's own view of the file system.
        var path: String?
    }

    /// Clock ticks since the machine started, at which the process did (field 22 of `stat`).
    var start: UInt64
    /// Where its stack begins (field 28): chosen anew at each `exec`, also of the same program. 0 where it is hidden.
    var stack: UInt64
    /// Real, effective, saved and file-system user.
    var users: [UInt32]
    /// Real, effective, saved and file-system group.
    var groups: [UInt32]
    /// The further groups.
    var supplementaryGroups: [UInt32]
    /// The program; `nil` where it may not be looked at, or the process is in another user namespace.
    var program: Program?
    /// The unit and the container that it belongs to.
    var controlGroup: ControlGroup?

    /// Reads what entries ask for, and what tells one process from another.
    ///
    /// - Parameter directory: The process's directory in `/proc`.
    init(directory: CInt, wanting wanted: Set<Selector.Kind>) throws(AttestationError) {
        guard let status = ProcFile.contents(at: directory, "status"),
            let users = ProcFile.numbers("Uid:", of: status), users.count == 4,
            let groups = ProcFile.numbers("Gid:", of: status), groups.count == 4,
            let supplementary = ProcFile.numbers("Groups:", of: status)
        else { throw .unreadable("the status") }
        guard let stat = ProcFile.contents(at: directory, "stat"), let last = stat.lastIndex(of: UInt8(ascii: ")"))
        else {
            throw .unreadable("the start time")
        }
        // The name in parentheses may hold anything; the third field comes after the last one.
        let fields = stat[last...].dropFirst().split(separator: UInt8(ascii: " "))
        func field(_ number: Int) -> UInt64? {
            guard fields.indices.contains(number - 3) else { return nil }
            return UInt64(String(decoding: fields[number - 3], as: UTF8.self))
        }
        guard let start = field(22), let stack = field(28) else { throw .unreadable("the start time") }
        self.start = start
        self.stack = stack
        self.users = users
        self.groups = groups
        supplementaryGroups = supplementary
        program = Self.program(directory)
        if !wanted.isDisjoint(with: [.systemd, .container]) {
            controlGroup = ProcFile.contents(at: directory, "cgroup").flatMap { ControlGroup(file: $0) }
        }
    }

    private static func program(_ directory: CInt) -> Program? {
        // Whoever is root in a user namespace of his own may say that he runs another program (prctl(2), PR_SET_MM).
        guard let own = FileIdentity(at: AT_FDCWD, "/proc/self/ns/user"),
            let other = FileIdentity(at: directory, "ns/user"), other.isSameFile(as: own),
            let file = FileIdentity(at: directory, "exe")
        else { return nil }
        return Program(file: file, path: path(directory, file))
    }

    /// The path counts only where the same file is found under it here: it could be one of another mount namespace,
    /// or of a file that was replaced or deleted since.
    private static func path(_ directory: CInt, _ file: FileIdentity) -> String? {
        guard let bytes = ProcFile.link(at: directory, "exe"), bytes.first == UInt8(ascii: "/"),
            let path = String(validating: bytes, as: UTF8.self), FileIdentity(at: AT_FDCWD, path, follow: false) == file
        else { return nil }
        return path
    }
}

/// Which file something is, and whether it was changed.
struct FileIdentity: Sendable, Hashable {
    let device: UInt64
    let number: UInt64
    let size: Int64
    let modified: [Int64]
    let changed: [Int64]

    /// Looks at a file; `nil` when that is not possible.
    init?(at directory: CInt, _ path: String, follow: Bool = true) {
        var status = yett_file_status()
        guard yett_file_status(directory, path, follow ? 0 : AT_SYMLINK_NOFOLLOW, &status) == 0 else { return nil }
        self.init(status)
    }

    /// Looks at an open file.
    init?(_ descriptor: CInt) {
        var status = yett_file_status()
        guard yett_open_file_status(descriptor, &status) == 0 else { return nil }
        self.init(status)
    }

    /// Whether it is the same file, whatever its times: those of a namespace are the moment at which somebody looked.
    func isSameFile(as other: FileIdentity) -> Bool { device == other.device && number == other.number }

    private init(_ status: yett_file_status) {
        device = status.device
        number = status.number
        size = status.size
        modified = [status.modified_seconds, status.modified_nanoseconds]
        changed = [status.changed_seconds, status.changed_nanoseconds]
    }
}
