// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Finds the name that a misspelt one was probably meant to be.
enum NearestName {
    /// The candidate with the fewest insertions, deletions, replacements and swaps of neighbours, if they are few enough
    /// for the length of the name.
    static func of(_ name: String, among candidates: some Sequence<String>) -> String? {
        let bytes = Array(name.utf8.prefix(64))
        let limit = max(1, min(3, bytes.count / 3))
        var best: (name: String, distance: Int)?
        for candidate in candidates {
            let distance = distance(bytes, Array(candidate.utf8.prefix(64)))
            if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        return best?.name
    }

    /// Optimal string alignment distance.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var beforePrevious: [Int] = []
        var previous = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                let cost = left[row] == right[column] ? 0 : 1
                var best = min(previous[column] + cost, previous[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    best = min(best, beforePrevious[column - 1] + 1)
                }
                current.append(best)
            }
            beforePrevious = previous
            previous = current
        }
        return previous[right.count]
    }
}
