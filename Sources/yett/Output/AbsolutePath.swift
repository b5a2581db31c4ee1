// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Glibc

/// Paths that stay right when the working directory changes.
enum AbsolutePath {
    /// The path below the working directory when it is relative.
    static func of(_ path: String) throws -> String {
        if path.utf8.first == UInt8(ascii: "/") { return path }
        guard let directory = getcwd(nil, 0) else {
            throw CommandFailure("the working directory cannot be read: \(String(cString: strerror(errno)))")
        }
        defer { free(directory) }
        return String(cString: directory) + "/" + path
    }
}
