// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Few prefixes for many paths.
enum PathMerge {
    /// Prefixes that cover all paths: the paths themselves, unless more than so many stand below one directory.
    static func prefixes(of paths: [String], limit: Int) -> [String] {
        var prefixes = covering(paths.map { Array($0.utf8) })
        while prefixes.count > limit, let directory = fullest(prefixes, limit: limit) {
            prefixes = covering(prefixes + [directory])
        }
        return prefixes.map { String(decoding: $0, as: UTF8.self) }
    }

    /// The paths without those that another one covers, in order.
    private static func covering(_ paths: [[UInt8]]) -> [[UInt8]] {
        var result: [[UInt8]] = []
        for path in Set(paths).sorted(by: { $0.lexicographicallyPrecedes($1) })
        where !result.contains(where: { covers($0, path) }) {
            result.append(path)
        }
        return result
    }

    private static func covers(_ prefix: [UInt8], _ path: [UInt8]) -> Bool {
        guard path.starts(with: prefix) else { return false }
        return prefix.last == UInt8(ascii: "/") || path.count == prefix.count
            || path[prefix.count] == UInt8(ascii: "/")
    }

    /// The deepest directory below which more than so many paths stand; else the one with the most.
    private static func fullest(_ paths: [[UInt8]], limit: Int) -> [UInt8]? {
        var counts: [[UInt8]: Int] = [:]
        for path in paths {
            var position = path.count - 1
            while position > 0 {
                if path[position] == UInt8(ascii: "/") { counts[Array(path[..<position]), default: 0] += 1 }
                position -= 1
            }
        }
        let full = counts.filter { $0.value > limit }
        let candidates = full.isEmpty ? counts.filter { $0.value > 1 } : full
        return candidates.max { left, right in
            let one = full.isEmpty ? (left.value, left.key.depth) : (left.key.depth, left.value)
            let other = full.isEmpty ? (right.value, right.key.depth) : (right.key.depth, right.value)
            return one == other ? right.key.lexicographicallyPrecedes(left.key) : one < other
        }?.key
    }
}

extension [UInt8] {
    fileprivate var depth: Int { count { $0 == UInt8(ascii: "/") } }
}
