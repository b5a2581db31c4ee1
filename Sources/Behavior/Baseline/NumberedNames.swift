// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Names with numbers from 0, at most so many.
struct NumberedNames<Name: Hashable & Sendable>: Sendable {
    let capacity: Int
    private(set) var names: [Name] = []
    private var numbers: [Name: UInt16] = [:]

    /// At most 65,536.
    init(capacity: Int) { self.capacity = min(capacity, 1 << 16) }

    var isFull: Bool { names.count >= capacity }

    func has(_ name: Name) -> Bool { numbers[name] != nil }

    /// The number of a name, a new one where it has none; nil when all are given.
    mutating func number(of name: Name) -> UInt16? {
        if let number = numbers[name] { return number }
        guard !isFull else { return nil }
        let number = UInt16(names.count)
        numbers[name] = number
        names.append(name)
        return number
    }

    /// Keeps the names of these numbers in their order; returns the new number of each old one.
    mutating func keep(_ kept: Set<UInt16>) -> [UInt16] {
        let old = names
        self = NumberedNames(capacity: capacity)
        return old.enumerated().map { kept.contains(UInt16($0.offset)) ? number(of: $0.element) ?? 0 : 0 }
    }
}
