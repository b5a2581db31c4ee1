// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Reads JSON (RFC 8259) into a heap in one pass.
///
/// Of equal keys the last one stays. Bytes that are not UTF-8 and halves of surrogate pairs become U+FFFD. A reader is
/// reused by one evaluator after the other, but not shared; after some use it allocates nothing outside of its heap.
public final class JSONReader {
    /// Where the values are made.
    public let heap: Heap
    /// The strings that the policy knows, if there is a policy.
    public var symbols: SymbolTable?
    /// What a text may hold.
    public var limits: Limits
    private let scratch: UnsafeMutablePointer<UnsafeMutableBufferPointer<UInt8>>

    /// Makes a reader.
    public init(heap: Heap, symbols: SymbolTable? = nil, limits: Limits = Limits()) {
        self.heap = heap
        self.symbols = symbols
        self.limits = limits
        scratch = .allocate(capacity: 1)
        scratch.initialize(to: UnsafeMutableBufferPointer(start: nil, count: 0))
    }

    deinit {
        scratch.pointee.deallocate()
        scratch.deallocate()
    }

    /// The value of a text.
    public func read(_ bytes: UnsafeBufferPointer<UInt8>) throws(JSONFailure) -> Value {
        guard bytes.count <= limits.inputBytes else { throw .limit(.input) }
        guard let start = bytes.baseAddress else { throw .malformed(at: 0, .unexpectedEnd) }
        var scan = JSONScan(
            start, count: bytes.count, symbols: symbols?.view ?? .empty, limits: limits, scratch: scratch)
        let value = try scan.value(depth: min(limits.inputDepth, 1000), heap)
        try scan.finish()
        return value
    }

    /// The value of a text.
    public func read(_ bytes: [UInt8]) throws(JSONFailure) -> Value {
        var result: Result<Value, JSONFailure> = .success(.undefined)
        bytes.withUnsafeBufferPointer { buffer in
            do throws(JSONFailure) {
                result = .success(try read(buffer))
            } catch {
                result = .failure(error)
            }
        }
        return try result.get()
    }
}
