// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension Heap {
    /// A number of a text in the form of JSON's numbers, which is kept as it is written.
    public func number(_ text: UnsafeBufferPointer<UInt8>) -> Value {
        if let integer = NumberText.integer(text) { return .integer(integer) }
        return storeText(text, tag: .decimal, hash: 0)
    }

    /// A number of a text in the form of JSON's numbers, which is kept as it is written.
    public func number(_ text: Text) -> Value {
        number(text: text.bytes)
    }

    func number(text: [UInt8]) -> Value {
        text.withUnsafeBufferPointer { number($0) }
    }

    func number(_ integer: BigInteger) -> Value {
        if let small = integer.int64 { return .integer(small) }
        return number(text: integer.text)
    }

    /// The number that a text stands for, if it is one in the form of JSON's.
    public func number(
        parsing text: UnsafeBufferPointer<UInt8>, limits: Limits
    ) throws(NumberText.Failure) -> Value {
        let end = NumberText.end(of: text, from: 0)
        guard end == text.count else { throw .malformed }
        try NumberText.check(text, limits: limits)
        return number(text)
    }
}
