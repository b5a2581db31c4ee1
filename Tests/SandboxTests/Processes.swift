// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Glibc

/// Processes of this machine as the kernel lists them, each with the time of its start: numbers are given out again.
struct Processes {
    struct Entry: Hashable {
        let process: Int32
        let start: UInt64
        let parent: Int32
    }

    let entries: [Entry]

    /// Those that live now; ended ones that nobody has reaped do not.
    init() {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        entries = names.compactMap { name in
            guard let process = Int32(name),
                let text = try? String(contentsOfFile: "/proc/\(name)/stat", encoding: .utf8),
                let end = text.lastIndex(of: ")")
            else { return nil }
            let fields = text[end...].split(separator: " ")
            guard fields.count > 20, fields[1] != "Z", let parent = Int32(fields[2]), let start = UInt64(fields[20])
            else { return nil }
            return Entry(process: process, start: start, parent: parent)
        }
    }

    /// Everything that a process started, and what that started.
    func descendants(of process: Int32) -> Set<Entry> {
        var found: Set<Entry> = []
        var parents: Set<Int32> = [process]
        while true {
            let next = entries.filter { parents.contains($0.parent) && !found.contains($0) }
            guard !next.isEmpty else { return found }
            found.formUnion(next)
            parents.formUnion(next.map(\.process))
        }
    }

    /// Those of the given ones that still live.
    static func alive(_ entries: Set<Entry>) -> Set<Entry> {
        // Who adopted an orphan does not matter.
        let now = Set(Processes().entries.map { [UInt64($0.process), $0.start] })
        return entries.filter { now.contains([UInt64($0.process), $0.start]) }
    }
}
