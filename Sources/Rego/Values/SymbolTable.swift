// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The strings of a policy. A reader of inputs takes the string from here if it is known, so that equal strings have one address.
///
/// Filled while a policy is compiled; afterwards it is only read, by any thread.
public final class SymbolTable: @unchecked Sendable {
    private let heap: Heap
    private var slots: UnsafeMutableBufferPointer<Value>
    private var count = 0

    /// Makes an empty table whose strings live in a heap, which must live as long.
    public init(heap: Heap) {
        self.heap = heap
        slots = .allocate(capacity: 256)
        slots.initialize(repeating: .undefined)
    }

    deinit {
        slots.deallocate()
    }

    /// The symbol of a string, made if need be.
    public func intern(_ bytes: [UInt8]) -> Value {
        bytes.withUnsafeBufferPointer { buffer in
            let hash = StringHash.hash(buffer, seed: heap.seed)
            if let known = find(buffer, hash: hash) { return known }
            if (count + 1) * 2 > slots.count { grow() }
            let symbol = heap.storeText(buffer, tag: .string, hash: hash, symbol: true)
            enter(symbol)
            count += 1
            return symbol
        }
    }

    /// The symbol of a string, if it is one; `hash` is `StringHash.hash` of the bytes.
    @inline(__always)
    func find(_ bytes: UnsafeBufferPointer<UInt8>, hash: UInt64) -> Value? {
        view.find(bytes, hash: hash)
    }

    /// The table as it is now, for many searches.
    var view: View {
        View(slots: UnsafePointer(slots.baseAddress), mask: slots.count &- 1)
    }

    /// What a search in the table looks at. Valid while the table lives and gets no further symbols.
    struct View: BitwiseCopyable {
        fileprivate let slots: UnsafePointer<Value>?
        fileprivate let mask: Int

        /// The table without symbols.
        static var empty: View { View(slots: nil, mask: 0) }

        /// The symbol of a string, if it is one; `hash` is `StringHash.hash` of the bytes.
        @inline(__always)
        func find(_ bytes: UnsafeBufferPointer<UInt8>, hash: UInt64) -> Value? {
            guard let slots else { return nil }
            var slot = Int(truncatingIfNeeded: hash) & mask
            while true {
                let symbol = slots[slot]
                if symbol.isUndefined { return nil }
                if symbol.stringHash == hash, symbol.byteCount == bytes.count,
                    StringBytes.areEqual(symbol.utf8.baseAddress, bytes.baseAddress, count: bytes.count)
                {
                    return symbol
                }
                slot = (slot &+ 1) & mask
            }
        }
    }

    private func enter(_ symbol: Value) {
        let mask = slots.count &- 1
        var slot = Int(truncatingIfNeeded: symbol.stringHash) & mask
        while slots[slot].isDefined { slot = (slot &+ 1) & mask }
        slots[slot] = symbol
    }

    private func grow() {
        let old = slots
        slots = .allocate(capacity: old.count * 2)
        slots.initialize(repeating: .undefined)
        for symbol in old where symbol.isDefined { enter(symbol) }
        old.deallocate()
    }
}
