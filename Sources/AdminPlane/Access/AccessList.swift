// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CLinux
internal import Glibc

/// A POSIX access list that lets single users in where the file mode lets in nobody but the owner.
///
/// Source: acl(5), and `linux/posix_acl_xattr.h` for the form of the attribute.
struct AccessList {
    enum Permission: UInt16 {
        /// Entering a directory.
        case search = 1
        /// Connecting to a socket.
        case readAndWrite = 6
    }

    let users: [UInt32]
    let permission: Permission

    private static let attribute = "system.posix_acl_access"

    /// Gives the file this mode, and beyond it these users their permission.
    func apply(to path: String, mode: mode_t) throws(AdminSocketError) {
        // The mode goes last: while a list stands, the group's bits of the mode are the list's mask.
        removexattr(path, Self.attribute)
        guard chmod(path, mode) == 0 else { throw .accessList(path, errno) }
        guard !users.isEmpty else { return }
        let bytes = encoded(owner: UInt16(truncatingIfNeeded: mode >> 6 & 7))
        guard setxattr(path, Self.attribute, bytes, bytes.count, 0) == 0 else { throw .accessList(path, errno) }
    }

    /// Whether the file has a list.
    static func isPresent(on path: String) -> Bool { getxattr(path, attribute, nil, 0) > 0 }

    private func encoded(owner: UInt16) -> [UInt8] {
        var bytes: [UInt8] = []
        func append(_ value: UInt32, count: Int) {
            for index in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> UInt32(index * 8))) }
        }
        func append(tag: UInt16, _ permission: UInt16, id: UInt32 = .max) {
            append(UInt32(tag), count: 2)
            append(UInt32(permission), count: 2)
            append(id, count: 4)
        }
        append(2, count: 4)
        append(tag: 0x01, owner)
        for user in Set(users).sorted() { append(tag: 0x02, permission.rawValue, id: user) }
        append(tag: 0x04, 0)
        append(tag: 0x10, permission.rawValue)
        append(tag: 0x20, 0)
        return bytes
    }
}
