// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Whether one of some strings begins, or ends, with one of others.
struct AffixMatch {
    private let isSuffix: Bool
    private let context: BuiltinContext

    init(isSuffix: Bool, _ context: BuiltinContext) {
        self.isSuffix = isSuffix
        self.context = context
    }

    func holds(_ strings: [Value], _ affixes: [Value]) throws(BuiltinFailure) -> Value {
        try context.charge(strings.count &+ affixes.count)
        if strings.count &* affixes.count <= 64 {
            return .boolean(strings.contains { string in affixes.contains { has(string.utf8, $0.utf8) } })
        }
        // The strings that have an affix stand together behind it in the order of their bytes from that side.
        try context.charge(strings.count &* 8 &+ affixes.count &* 8)
        let sorted = strings.map(\.utf8).sorted { precedes($0, $1) }
        for affix in affixes.map(\.utf8) {
            var low = 0
            var high = sorted.count
            while low < high {
                let middle = (low &+ high) / 2
                if precedes(sorted[middle], affix) { low = middle &+ 1 } else { high = middle }
            }
            if low < sorted.count, has(sorted[low], affix) { return .boolean(true) }
        }
        return .boolean(false)
    }

    private func has(_ string: UnsafeBufferPointer<UInt8>, _ affix: UnsafeBufferPointer<UInt8>) -> Bool {
        guard string.count >= affix.count else { return false }
        return isSuffix ? string.suffix(affix.count).elementsEqual(affix) : string.starts(with: affix)
    }

    private func precedes(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
        isSuffix
            ? left.reversed().lexicographicallyPrecedes(right.reversed()) : left.lexicographicallyPrecedes(right)
    }
}
