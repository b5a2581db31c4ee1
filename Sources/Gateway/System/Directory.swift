// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc

/// Directories whose files are read.
enum Directory {
    /// Whether a directory is at a path.
    static func isOne(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The names of what a directory holds, at most one more than `limit`.
    static func names(in path: String, limit: Int) throws(SmallFile.Fault) -> [String] {
        guard let directory = opendir(path) else { throw .system(path, errno) }
        defer { closedir(directory) }
        var names: [String] = []
        while names.count <= limit, let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
