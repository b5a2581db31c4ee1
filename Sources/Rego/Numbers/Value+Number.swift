// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension Value {
    /// The number as an integer of 64 bits, if that is its exact value (`2`, `2.0` and `20e-1` are 2).
    @inline(__always)
    public var exactInteger: Int64? {
        tag == .integer ? immediate : nil
    }

    /// Rego's order of two numbers: exact, by value.
    func compareNumber(to other: Value) -> Int {
        immediate < other.immediate ? -1 : (immediate == other.immediate ? 0 : 1)
    }

    /// A hash that equal numbers share, however they are written.
    var numberHash: UInt64 { hash }
}

extension Heap {
    /// A number from its text, which must be a number of JSON's grammar.
    public func number(_ text: Text) -> Value {
        if let integer = Int64(text.string) { return .integer(integer) }
        return text.bytes.withUnsafeBufferPointer { storeText($0, tag: .decimal, hash: 0) }
    }
}
