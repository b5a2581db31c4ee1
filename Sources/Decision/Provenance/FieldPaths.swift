// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The paths of fields that occur in results, each once; elements of arrays share one.
struct FieldPaths: Sendable {
    private struct Step: Hashable {
        let parent: UInt32
        let name: [UInt8]
    }

    private var texts = [""]
    private var numbers: [Step: UInt32] = [:]
    private let maximum: Int

    init(maximum: Int) { self.maximum = min(max(maximum, 1), 1 << 20) }

    /// The path of the whole result.
    static let root: UInt32 = 0

    /// The path of a member; the parent's own when there are too many.
    mutating func member(_ name: String, of parent: UInt32) -> UInt32 {
        let text = texts[Int(parent)]
        return number(Step(parent: parent, name: Array(name.utf8.prefix(64)))) {
            text.isEmpty ? String(name.prefix(64)) : text + "." + name.prefix(64)
        }
    }

    /// The path of the elements of an array.
    mutating func elements(of parent: UInt32) -> UInt32 {
        let text = texts[Int(parent)]
        return number(Step(parent: parent, name: Array("[]".utf8))) { text + "[]" }
    }

    /// The path as text.
    func text(_ number: UInt32) -> String {
        let index = Int(number)
        guard texts.indices.contains(index), !texts[index].isEmpty else { return "the result" }
        return texts[index]
    }

    private mutating func number(_ step: Step, _ text: () -> String) -> UInt32 {
        if let known = numbers[step] { return known }
        guard texts.count < maximum else { return step.parent }
        let number = UInt32(texts.count)
        let path = text()
        // Deep nesting would make each path longer than the one before.
        guard path.utf8.count <= 512 else { return step.parent }
        texts.append(path)
        numbers[step] = number
        return number
    }
}
