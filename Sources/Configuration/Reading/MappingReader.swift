// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Yams

/// The entries of one mapping while they are read; ``finish()`` reports those that nobody asked for.
struct MappingReader {
    let place: Place
    let context: ReadContext
    private let what: String
    private var entries: [Entry] = []
    private var known: [String] = []

    struct Entry {
        var name: String
        var place: Place
        var value: Value
        var isUsed = false
    }

    init(_ mapping: Node.Mapping, place: Place, what: String, context: ReadContext) {
        self.place = place
        self.what = what
        self.context = context
        for (key, value) in mapping {
            guard context.visit(key.place) else { break }
            guard let scalar = key.scalar else {
                context.error(key.place, "a key is a plain name")
                continue
            }
            entries.append(
                Entry(name: scalar.string, place: key.place, value: Value(node: value, context: context)))
        }
        resolveDuplicates()
    }

    /// Keys that were marked as the first of two get their name back; the later ones are reported.
    private mutating func resolveDuplicates() {
        guard !context.duplicates.isEmpty else { return }
        var firsts: [(name: String, place: Place)] = []
        entries.removeAll { entry in
            guard let marker = entry.name.unicodeScalars.first, let name = context.duplicates[marker] else {
                return false
            }
            firsts.append((name, entry.place))
            return true
        }
        for first in firsts {
            let later = entries.first { $0.name == first.name && $0.place > first.place }
            context.error(
                later?.place ?? first.place, "the key '\(first.name)' occurs twice in this mapping",
                hint: "the first one is in line \(first.place.line)")
        }
    }

    /// The value of a key, if it is there.
    mutating func value(_ name: String) -> Value? {
        known.append(name)
        guard let index = entries.firstIndex(where: { $0.name.utf8.elementsEqual(name.utf8) }) else { return nil }
        entries[index].isUsed = true
        return entries[index].value
    }

    /// The value of a key that must be there.
    mutating func required(_ name: String) -> Value? {
        if let value = value(name) { return value }
        context.error(place, "'\(name)' is missing in \(what)")
        return nil
    }

    /// The place of a key, or of the mapping.
    func place(of name: String) -> Place {
        entries.first { $0.name.utf8.elementsEqual(name.utf8) }?.place ?? place
    }

    /// How many entries the mapping has.
    var count: Int { entries.count }

    /// Whether the mapping has no entry at all.
    var isEmpty: Bool { entries.isEmpty }

    /// All entries, for a mapping whose keys are names that the writer chose.
    mutating func all() -> [Entry] {
        for index in entries.indices { entries[index].isUsed = true }
        return entries
    }

    /// Reports the keys that were not asked for.
    ///
    /// - Parameter isSecret: Whether what stands here by mistake may be a secret and is not repeated.
    func finish(isSecret: Bool = false) {
        for entry in entries where !entry.isUsed {
            let near = NearestName.of(entry.name, among: known)
            let hint: String?
            if entry.name == "<<" {
                hint = "merge keys are not supported; use an alias for the whole value"
            } else {
                hint = near.map { "did you mean '\($0)'?" }
            }
            let name = isSecret ? "" : " '\(Self.shortened(entry.name))'"
            context.error(
                entry.place,
                "unknown key\(name) in \(what); allowed are \(known.sorted().joined(separator: ", "))",
                hint: hint)
        }
    }

    private static func shortened(_ name: String) -> String {
        name.utf8.count <= 60 ? name : String(name.unicodeScalars.prefix(40)) + "..."
    }
}
