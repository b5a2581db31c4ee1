// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The compiled patterns of one context, by their sources.
///
/// Patterns that stand in the policy and those that came with data have places of their own, so that a request
/// cannot push out what every decision needs. Each place keeps two generations: what was not used while the younger
/// one filled up is dropped.
final class PatternCache {
    private var constants = Generations<Pattern>(capacity: 1024)
    private var others = Generations<Pattern>(capacity: 64)
    private var globs = Generations<Pattern>(capacity: 512)

    /// The compiled form of a regular expression.
    func pattern(_ source: Value, _ context: BuiltinContext) throws(BuiltinFailure) -> Pattern {
        let hash = source.stringHash
        let bytes = source.utf8
        if source.isSymbol {
            if let known = constants.find(hash, bytes, []) { return known }
        } else if let known = others.find(hash, bytes, []) {
            return known
        }
        if bytes.count > context.limits.patternBytes { throw .limit(.pattern) }
        try context.charge(64 &+ bytes.count)
        let pattern = try Pattern(bytes, limits: context.limits)
        if source.isSymbol {
            constants.add(hash, Array(bytes), [], pattern)
        } else {
            others.add(hash, Array(bytes), [], pattern)
        }
        return pattern
    }

    /// The compiled form of a glob pattern or a template, made by the closure if it is not here.
    func pattern(
        _ source: Value, marks: [UInt8], _ context: BuiltinContext,
        make: () throws(BuiltinFailure) -> [UInt8]
    ) throws(BuiltinFailure) -> Pattern {
        let hash = source.stringHash ^ StringHash.mix(marks.withUnsafeBufferPointer { StringHash.hash($0, seed: 1) }, 3)
        let bytes = source.utf8
        if let known = globs.find(hash, bytes, marks) { return known }
        if bytes.count > context.limits.patternBytes { throw .limit(.pattern) }
        try context.charge(64 &+ bytes.count)
        let expression = try make()
        // What the translation added does not count against whoever wrote the pattern.
        var limits = context.limits
        limits.patternBytes = .max
        let pattern = try expression.withUnsafeBufferPointer { bytes throws(BuiltinFailure) in
            try Pattern(bytes, limits: limits)
        }
        globs.add(hash, Array(bytes), marks, pattern)
        return pattern
    }
}

/// Values by hash and key, of which those used least recently go first.
private struct Generations<Element: AnyObject> {
    private struct Entry {
        let source: [UInt8]
        let marks: [UInt8]
        let element: Element
    }

    private let capacity: Int
    private var young: [UInt64: Entry] = [:]
    private var old: [UInt64: Entry] = [:]

    init(capacity: Int) {
        self.capacity = capacity
    }

    mutating func find(_ hash: UInt64, _ source: UnsafeBufferPointer<UInt8>, _ marks: [UInt8]) -> Element? {
        if let entry = young[hash] {
            return entry.source.elementsEqual(source) && entry.marks == marks ? entry.element : nil
        }
        guard let entry = old[hash], entry.source.elementsEqual(source), entry.marks == marks else { return nil }
        insert(hash, entry)
        return entry.element
    }

    mutating func add(_ hash: UInt64, _ source: [UInt8], _ marks: [UInt8], _ element: Element) {
        insert(hash, Entry(source: source, marks: marks, element: element))
    }

    private mutating func insert(_ hash: UInt64, _ entry: Entry) {
        if young.count >= capacity / 2 {
            old = young
            young = [:]
        }
        young[hash] = entry
    }
}
