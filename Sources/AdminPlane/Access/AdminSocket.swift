// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc

/// The place of the admin socket in the file system: a directory that only the gate's user can enter.
struct AdminSocket {
    /// The socket's path.
    let path: String
    /// Users besides the gate's own and root who may connect.
    let users: [UInt32]

    /// Creates or checks the directory and makes room for the socket.
    ///
    /// - Throws: ``AdminSocketError`` that names the command to type.
    func prepare() throws(AdminSocketError) {
        guard path.utf8.count <= Self.longestPath else { throw .pathTooLong(path) }
        guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { throw .notAbsolute(path) }
        let directory = String(path[..<slash])
        if mkdir(directory, 0o700) != 0, errno != EEXIST { throw .noDirectory(directory, errno) }
        try check(directory)
        try AccessList(users: users, permission: .search).apply(to: directory, mode: 0o700)
        guard access(path, F_OK) == 0 else { return }
        if isAnswering() { throw .inUse(path) }
        if unlink(path) != 0 { throw .stale(path, errno) }
    }

    /// Sets the modes once the socket is bound. Nobody else could reach it before, because of the directory.
    func seal() throws(AdminSocketError) {
        try AccessList(users: users, permission: .readAndWrite).apply(to: path, mode: 0o600)
    }

    /// Removes the socket.
    func remove() { unlink(path) }

    /// `sockaddr_un.sun_path` less its terminator.
    private static let longestPath = 107

    private func check(_ directory: String) throws(AdminSocketError) {
        var status = stat()
        guard lstat(directory, &status) == 0 else { throw .noDirectory(directory, errno) }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw .noDirectory(directory, ENOTDIR) }
        guard status.st_uid == geteuid() else { throw .foreignDirectory(directory, owner: status.st_uid) }
        // A directory with an access list of an earlier run shows the list's mask in the place of the group's bits.
        guard status.st_mode & 0o077 == 0 || AccessList.isPresent(on: directory) else {
            throw .openDirectory(directory, mode: status.st_mode & 0o777)
        }
    }

    private func isAnswering() -> Bool {
        let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { bytes in
            bytes.copyBytes(from: path.utf8.prefix(Self.longestPath))
        }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
    }
}

/// Why the admin socket cannot be made.
public enum AdminSocketError: Error, Sendable, CustomStringConvertible {
    /// The path does not start with a slash or has no directory.
    case notAbsolute(String)
    /// The path is longer than the kernel takes.
    case pathTooLong(String)
    /// The directory is missing and cannot be made.
    case noDirectory(String, CInt)
    /// The directory belongs to somebody else.
    case foreignDirectory(String, owner: UInt32)
    /// Others may enter the directory.
    case openDirectory(String, mode: UInt32)
    /// Another gate answers at the socket.
    case inUse(String)
    /// A left-over socket cannot be removed.
    case stale(String, CInt)
    /// The access list for `admin.uids` cannot be set.
    case accessList(String, CInt)

    /// What happened and what to type next.
    public var description: String {
        switch self {
        case .notAbsolute(let path):
            "admin.socket is “\(path)”; give an absolute path such as /run/yett/admin.sock"
        case .pathTooLong(let path):
            "admin.socket “\(path)” is longer than the 107 bytes that the kernel takes; choose a shorter path"
        case .noDirectory(let path, let code):
            "the directory \(path) of the admin socket cannot be used: \(Self.text(code)); type: "
                + "install -d -m 0700 -o $(id -u) \(path)"
        case .foreignDirectory(let path, let owner):
            "the directory \(path) of the admin socket belongs to user \(owner); type: chown $(id -u) \(path)"
        case .openDirectory(let path, let mode):
            "the directory \(path) of the admin socket is open to others (mode \(String(mode, radix: 8))); type: "
                + "chmod 0700 \(path)"
        case .inUse(let path):
            "another gate already answers at \(path); type: yett status --socket \(path)"
        case .stale(let path, let code):
            "the left-over socket \(path) cannot be removed: \(Self.text(code)); type: rm \(path)"
        case .accessList(let path, let code):
            "admin.uids cannot be let in to \(path): \(Self.text(code)); "
                + "put admin.socket on a file system with access lists, such as ext4 or tmpfs"
        }
    }

    private static func text(_ code: CInt) -> String { String(cString: strerror(code)) }
}
