// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc

/// Names of users and groups.
enum AccountNames {
    private static let largest = 64 << 10

    /// The name of a user; `nil` when there is none.
    static func user(_ uid: UInt32) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: largest) { buffer in
            guard let base = buffer.baseAddress else { return nil }
            var entry = passwd()
            var found: UnsafeMutablePointer<passwd>?
            guard getpwuid_r(uid, &entry, base, buffer.count, &found) == 0, found != nil,
                let name = entry.pw_name
            else { return nil }
            return String(validatingCString: name)
        }
    }

    /// The name of a group; `nil` when there is none.
    static func group(_ gid: UInt32) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: largest) { buffer in
            guard let base = buffer.baseAddress else { return nil }
            var entry = Glibc.group()
            var found: UnsafeMutablePointer<Glibc.group>?
            guard getgrgid_r(gid, &entry, base, buffer.count, &found) == 0, found != nil,
                let name = entry.gr_name
            else { return nil }
            return String(validatingCString: name)
        }
    }
}
