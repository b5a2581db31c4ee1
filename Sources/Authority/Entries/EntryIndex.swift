// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Identity

/// All entries, found by the selectors of a caller.
struct EntryIndex: Sendable {
    /// The most entries.
    static let largestCount = 10_000

    let entries: [RegistrationEntry]
    private let byFirstSelector: [Selector: [Int]]

    init(_ entries: [RegistrationEntry]) {
        self.entries = entries
        var index: [Selector: [Int]] = [:]
        for (position, entry) in entries.enumerated() {
            guard let first = entry.selectors.first else { continue }
            index[first, default: []].append(position)
        }
        byFirstSelector = index
    }

    /// The kinds of selectors that any entry asks for; nothing else needs to be looked up.
    var wanted: Set<Selector.Kind> { Set(entries.lazy.flatMap(\.selectors).map(\.kind)) }

    func entry(_ id: String) -> RegistrationEntry? { entries.first { $0.id.utf8.elementsEqual(id.utf8) } }

    /// The entries of a node whose selectors are all among the caller's, the most specific one first.
    func matching(_ selectors: Set<Selector>, parent: SPIFFEID, at now: Int64) -> [RegistrationEntry] {
        var found: [RegistrationEntry] = []
        for selector in selectors {
            for position in byFirstSelector[selector] ?? [] where entries.indices.contains(position) {
                let entry = entries[position]
                guard entry.parentID == parent, entry.isCurrent(at: now), selectors.isSuperset(of: entry.selectors)
                else { continue }
                found.append(entry)
            }
        }
        return found.sorted { left, right in
            left.selectors.count == right.selectors.count
                ? left.id.utf8.lexicographicallyPrecedes(right.id.utf8) : left.selectors.count > right.selectors.count
        }
    }
}
