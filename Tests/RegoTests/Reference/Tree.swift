// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

@testable import Rego

/// A value of the slow evaluator: plain Swift collections, nothing shared with the engine but the comparison of numbers.
indirect enum Tree {
    case null
    case boolean(Bool)
    case number(Text)
    case string(Text)
    case array([Tree])
    /// Sorted by key, each key once.
    case object([(key: Tree, value: Tree)])
    /// Sorted, each element once.
    case set([Tree])

    static func compare(_ left: Tree, _ right: Tree) -> Int {
        if left.rank != right.rank { return left.rank - right.rank }
        switch (left, right) {
        case (.boolean(let one), .boolean(let two)): return one == two ? 0 : (one ? 1 : -1)
        case (.number(let one), .number(let two)):
            let heap = Heap(firstChunk: 4096)
            return heap.number(one).compare(to: heap.number(two))
        case (.string(let one), .string(let two)): return one == two ? 0 : (one < two ? -1 : 1)
        case (.array(let one), .array(let two)), (.set(let one), .set(let two)): return compare(one, two)
        case (.object(let one), .object(let two)):
            return compare(one.flatMap { [$0.key, $0.value] }, two.flatMap { [$0.key, $0.value] })
        default: return 0
        }
    }

    private static func compare(_ left: [Tree], _ right: [Tree]) -> Int {
        for (one, two) in zip(left, right) {
            let order = compare(one, two)
            if order != 0 { return order }
        }
        return left.count - right.count
    }

    private var rank: Int {
        switch self {
        case .null: 0
        case .boolean: 1
        case .number: 2
        case .string: 3
        case .array: 4
        case .object: 5
        case .set: 6
        }
    }

    static func set(of elements: [Tree]) -> Tree {
        var result: [Tree] = []
        for element in elements.sorted(by: { compare($0, $1) < 0 })
        where result.last.map({ compare($0, element) != 0 }) ?? true {
            result.append(element)
        }
        return .set(result)
    }

    /// An object, nil if a key has two values.
    static func object(of members: [(key: Tree, value: Tree)]) -> Tree? {
        var result: [(key: Tree, value: Tree)] = []
        for member in members.sorted(by: { compare($0.key, $1.key) < 0 }) {
            if let last = result.last, compare(last.key, member.key) == 0 {
                guard compare(last.value, member.value) == 0 else { return nil }
                continue
            }
            result.append(member)
        }
        return .object(result)
    }

    /// The member of an object, element of an array, or the value itself if a set has it.
    func member(_ key: Tree) -> Tree? {
        guard let found = children.first(where: { Tree.compare($0.key, key) == 0 }) else { return nil }
        switch self {
        // Positions are written as integers; a key that is a fraction (`1.0`) is not found by an integer.
        case .array where !key.isInteger: return nil
        case .object where key.isInteger && !found.key.isInteger: return nil
        default: return found.value
        }
    }

    /// Whether it is a number that is written as an integer of 64 bits.
    private var isInteger: Bool {
        guard case .number(let text) = self else { return false }
        return Heap(firstChunk: 4096).number(text).tag == .integer
    }

    /// What a loop over it goes through.
    var children: [(key: Tree, value: Tree)] {
        switch self {
        case .array(let items): items.enumerated().map { (.number(Text(String($0.offset))), $0.element) }
        case .object(let members): members
        case .set(let items): items.map { ($0, $0) }
        default: []
        }
    }
}

extension Tree {
    init(_ value: Value) {
        switch value.tag {
        case .undefined, .null, .document: self = .null
        case .false, .true: self = .boolean(value.isTrue)
        case .integer, .decimal: self = .number(Text(bytes: JSONWriter.bytes(value)))
        case .string: self = .string(value.text)
        case .array: self = .array(value.elements.map { Tree($0) })
        case .set: self = .set(value.elements.map { Tree($0) })
        case .object: self = .object(value.members.map { (Tree($0.key), Tree($0.value)) })
        }
    }

    func value(in heap: Heap) -> Value {
        switch self {
        case .null: .null
        case .boolean(let value): .boolean(value)
        case .number(let text): heap.number(text)
        case .string(let text): heap.string(text)
        case .array(let items): heap.array(items.map { $0.value(in: heap) })
        case .set(let items): heap.set(items.map { $0.value(in: heap) })
        case .object(let members):
            heap.object(members.map { (key: $0.key.value(in: heap), value: $0.value.value(in: heap)) })
        }
    }

    init(_ constant: SyntaxValue) {
        switch constant {
        case .null: self = .null
        case .boolean(let value): self = .boolean(value)
        case .number(let text): self = .number(text)
        case .string(let text): self = .string(text)
        case .array(let items): self = .array(items.map { Tree($0) })
        case .object(let members): self = Tree.object(of: members.map { (.string($0.key), Tree($0.value)) }) ?? .null
        }
    }
}
