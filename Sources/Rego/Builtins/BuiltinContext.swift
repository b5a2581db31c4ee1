// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What a builtin may use besides its operands.
///
/// One context belongs to one evaluator and is reused; it is not shared between threads.
public final class BuiltinContext {
    /// Where results are made.
    public let heap: Heap
    /// What this evaluation may use.
    public var limits: Limits
    /// The time of the evaluation in nanoseconds since 1970.
    public var time: Int64
    /// Random bits, the same for the whole evaluation unless a builtin draws more.
    public var random: any RandomNumberGenerator
    /// What is left of the limits.
    let meter: Meter
    /// What builtins keep over one evaluation: `rand.intn` and `uuid.rfc4122` answer the same to the same operands.
    public var evaluationCache: [Text: Value] = [:]
    /// What builtins keep over evaluations, such as compiled patterns, by a name of their own. Bound what you put here.
    public var caches: [String: AnyObject] = [:]
    /// What the program that embeds the evaluator hands to builtins of its own.
    public var owner: AnyObject?
    /// The compiled patterns of `regex.*` and `glob.match`.
    let patterns = PatternCache()
    /// What `print` and `trace` wrote.
    public var notes: [String] = []

    /// A monotonic clock in nanoseconds for the limit of time; without one, time is not limited.
    public var clock: (@Sendable () -> UInt64)? {
        get { meter.clock }
        set { meter.clock = newValue }
    }

    /// Makes a context.
    public init(
        heap: Heap, limits: Limits = Limits(), time: Int64 = 0,
        random: any RandomNumberGenerator = SystemRandomNumberGenerator()
    ) {
        self.heap = heap
        self.limits = limits
        self.time = time
        self.random = random
        meter = Meter(heap: heap)
        meter.start(limits)
    }

    /// Counts work that grows with operands: about one unit for 64 bytes or one element.
    @inline(__always)
    public func charge(_ units: Int) throws(BuiltinFailure) {
        if let limit = meter.charge(units) { throw .limit(limit) }
    }

    /// Counts the work of comparing two values, each with the other once.
    @inline(__always)
    func chargeComparison(_ left: Value, _ right: Value) throws(BuiltinFailure) {
        try charge(min(left.weight, right.weight) / 8)
    }

    /// Refuses results of too many elements; call it before building.
    public func checkCollection(_ count: Int) throws(BuiltinFailure) {
        if count > limits.collectionElements { throw .limit(.collection) }
        try charge(count)
    }

    /// Refuses results of too many bytes; call it before building.
    public func checkString(_ byteCount: Int) throws(BuiltinFailure) {
        if byteCount > limits.stringBytes { throw .limit(.string) }
        try charge(byteCount / 64)
    }
}
