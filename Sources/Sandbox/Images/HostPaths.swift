// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc

/// Short questions about the host's files.
enum HostPaths {
    /// Where a symbolic link leads; nil for anything else.
    static func linkTarget(_ path: String) -> String? {
        var bytes = [CChar](repeating: 0, count: 256)
        let count = readlink(path, &bytes, bytes.count - 1)
        return count > 0 ? String(decoding: bytes[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
    }

    /// The directories below one that hold a file of this name, by the bytes of their names.
    ///
    /// - Parameters:
    ///   - isName: Whether a name is one of them at all.
    ///   - limit: The most that are looked at.
    static func directories(
        below directory: String, holding file: String, limit: Int, where isName: (String) -> Bool
    ) -> [String] {
        guard let listing = opendir(directory) else { return [] }
        defer { closedir(listing) }
        var names: [String] = []
        while let entry = readdir(listing), names.count < limit {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if isName(name) { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { "\(directory)/\($0)" }
            .filter { access("\($0)/\(file)", F_OK) == 0 }
    }
}
