// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The replacement of texts by others in one pass; where several match, the first of them counts.
struct Replacement {
    private let pairs: [(old: Value, new: Value)]
    private let context: BuiltinContext

    init(pairs: [(Value, Value)], _ context: BuiltinContext) {
        self.pairs = pairs.map { (old: $0, new: $1) }
        self.context = context
    }

    func apply(to value: Value) throws(BuiltinFailure) -> Value {
        let text = value.utf8
        try context.charge(text.count / 64 &+ pairs.count)
        if pairs.count == 1, pairs[0].old.byteCount > 0 {
            return try replace(pairs[0].old, by: pairs[0].new, in: value)
        }
        // The pairs that may match at a byte, in their order.
        var candidates = [[Int]](repeating: [], count: 256)
        var empty: Int?
        for (number, pair) in pairs.enumerated() {
            if let first = pair.old.utf8.first {
                candidates[Int(first)].append(number)
            } else if empty == nil {
                empty = number
            }
        }
        return try replace(in: value, candidates, empty)
    }

    private func replace(_ old: Value, by new: Value, in value: Value) throws(BuiltinFailure) -> Value {
        let text = value.utf8
        var result: [UInt8] = []
        var start = 0
        for position in Occurrences(of: old.utf8, in: text) {
            result += text[start..<position]
            result += new.utf8
            start = position &+ old.byteCount
            try check(result.count)
        }
        if start == 0 { return value }
        result += text[start...]
        try context.checkString(result.count)
        return context.heap.string(result)
    }

    private func check(_ count: Int) throws(BuiltinFailure) {
        if count > context.limits.stringBytes { throw .limit(.string) }
        try context.charge(1)
    }

    private func replace(
        in value: Value, _ candidates: [[Int]], _ empty: Int?
    ) throws(BuiltinFailure) -> Value {
        let text = value.utf8
        var result: [UInt8] = []
        var position = 0
        var matchedNothing = false
        while position <= text.count {
            var match = matchedNothing ? nil : empty
            if position < text.count {
                let numbers = candidates[Int(text[position])]
                try context.charge(numbers.count)
                for number in numbers where number < match ?? .max {
                    let old = pairs[number].old.utf8
                    if text[position...].starts(with: old) {
                        match = number
                        break
                    }
                }
            }
            guard let match else {
                matchedNothing = false
                if position == text.count { break }
                let end = min(position &+ max(UTF8Text.length(text, at: position), 1), text.count)
                result += text[position..<end]
                position = end
                continue
            }
            result += pairs[match].new.utf8
            matchedNothing = pairs[match].old.byteCount == 0
            position &+= pairs[match].old.byteCount
            try check(result.count)
        }
        try context.checkString(result.count)
        return context.heap.string(result)
    }
}
