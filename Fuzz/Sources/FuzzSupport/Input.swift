// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The input of one run.
public struct Input {
    /// Its bytes, in memory of exactly this size, so that the address sanitizer sees a read beyond them.
    public let bytes: UnsafeRawBufferPointer

    /// The input that libFuzzer hands over.
    public init(_ start: UnsafePointer<UInt8>?, _ count: Int) {
        bytes = UnsafeRawBufferPointer(start: start, count: count)
    }

    /// Calls `body` with a copy of the first `count` bytes in memory of exactly that size.
    public func withPrefix<Answer>(_ count: Int, _ body: (UnsafeRawBufferPointer) -> Answer) -> Answer {
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 1)
        defer { copy.deallocate() }
        copy.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes.prefix(count)))
        return body(UnsafeRawBufferPointer(copy))
    }

    /// A few places at which to cut the input, always the same for the same input.
    public var cuts: [Int] {
        guard !bytes.isEmpty else { return [] }
        let seed = bytes.reduce(bytes.count) { ($0 &* 31 &+ Int($1)) & 0xff_ffff }
        return Set([seed % bytes.count, seed / 7 % bytes.count, bytes.count - 1]).sorted()
    }
}

/// Ends the run as a finding when a property does not hold.
public func expect(_ condition: Bool, _ property: StaticString) {
    if !condition { fatalError("\(property)") }
}
