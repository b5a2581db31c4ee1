// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree

/// Compares a sequence of leaf hashes with the one that was signed and says what was done to it.
enum Alignment {
    /// One difference; positions count in the signed sequence (`truth`) and in the one that was found.
    enum Difference: Equatable {
        case changed(truth: Int, found: Int)
        case removed(truth: Int)
        case inserted(truth: Int, found: Int)
        case reordered(truth: Int, found: Int)
    }

    static func differences(truth: [TreeHash], found: [TreeHash]) -> [Difference] {
        let inTruth = Set(truth)
        let inFound = Set(found)
        var differences: [Difference] = []
        var position = 0
        var other = 0
        while position < truth.count || other < found.count {
            guard position < truth.count else {
                differences.append(.inserted(truth: position, found: other))
                other += 1
                continue
            }
            guard other < found.count else {
                differences.append(.removed(truth: position))
                position += 1
                continue
            }
            let expected = truth[position]
            let actual = found[other]
            if expected != actual {
                switch (inFound.contains(expected), inTruth.contains(actual)) {
                case (false, true):
                    differences.append(.removed(truth: position))
                    position += 1
                    continue
                case (true, false):
                    differences.append(.inserted(truth: position, found: other))
                    other += 1
                    continue
                case (false, false): differences.append(.changed(truth: position, found: other))
                case (true, true): differences.append(.reordered(truth: position, found: other))
                }
            }
            position += 1
            other += 1
        }
        return differences
    }
}
