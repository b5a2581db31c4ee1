// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Paths of sockets.
enum SocketDirectory {
    /// The directory that a path lies in.
    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
