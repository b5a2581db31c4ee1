// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The difference of two texts in the unified form.
enum LineDifference {
    fileprivate enum Line {
        case same(String)
        case removed(String)
        case added(String)
    }

    private static let context = 3

    static func text(from old: [UInt8], to new: [UInt8], name: String) -> String {
        let lines = compare(split(old), split(new))
        var result = "--- \(name)\n+++ \(name)\n"
        var oldRow = 1
        var newRow = 1
        var position = 0
        while let first = lines[position...].firstIndex(where: { !$0.isSame }) {
            let start = max(position, first - context)
            for line in lines[position..<start] { advance(&oldRow, &newRow, over: line) }
            var end = first
            var sames = 0
            while end < lines.count && sames <= 2 * context {
                sames = lines[end].isSame ? sames + 1 : 0
                end += 1
            }
            end -= max(0, sames - context)
            let hunk = lines[start..<end]
            let removed = hunk.count { if case .added = $0 { false } else { true } }
            let added = hunk.count { if case .removed = $0 { false } else { true } }
            result += "@@ -\(oldRow),\(removed) +\(newRow),\(added) @@\n"
            for line in hunk {
                result += line.text + "\n"
                advance(&oldRow, &newRow, over: line)
            }
            position = end
        }
        return result
    }

    private static func split(_ bytes: [UInt8]) -> [[UInt8]] {
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Array.init)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    private static func compare(_ old: [[UInt8]], _ new: [[UInt8]]) -> [Line] {
        let difference = new.difference(from: old)
        var removed: Set<Int> = []
        var added: Set<Int> = []
        for change in difference {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): added.insert(offset)
            }
        }
        var lines: [Line] = []
        var left = 0
        var right = 0
        while left < old.count || right < new.count {
            if left < old.count, removed.contains(left) {
                lines.append(.removed(String(decoding: old[left], as: UTF8.self)))
                left += 1
            } else if right < new.count, added.contains(right) {
                lines.append(.added(String(decoding: new[right], as: UTF8.self)))
                right += 1
            } else {
                if left < old.count { lines.append(.same(String(decoding: old[left], as: UTF8.self))) }
                left += 1
                right += 1
            }
        }
        return lines
    }

    private static func advance(_ oldRow: inout Int, _ newRow: inout Int, over line: Line) {
        switch line {
        case .same:
            oldRow += 1
            newRow += 1
        case .removed: oldRow += 1
        case .added: newRow += 1
        }
    }
}

extension LineDifference.Line {
    fileprivate var isSame: Bool {
        if case .same = self { true } else { false }
    }

    fileprivate var text: String {
        switch self {
        case .same(let text): " \(text)"
        case .removed(let text): "-\(text)"
        case .added(let text): "+\(text)"
        }
    }
}
