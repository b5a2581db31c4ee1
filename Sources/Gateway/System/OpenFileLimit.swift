// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc

/// The limit of open files: a gate has two for each connection.
enum OpenFileLimit {
    /// Raises the limit to `count`, or as far as the process may.
    ///
    /// - Parameter count: 0 for as far as it may.
    /// - Returns: The limit in force, or `nil` when it cannot be read.
    @discardableResult
    static func raise(to count: Int) -> UInt64? {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
        var wanted = limit
        wanted.rlim_cur = count > 0 ? min(limit.rlim_max, rlim_t(count)) : limit.rlim_max
        guard setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &wanted) == 0 else {
            return UInt64(limit.rlim_cur)
        }
        return UInt64(wanted.rlim_cur)
    }
}
