// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

package import Protocols
package import Telemetry

/// How exchanges are traced.
public struct TracingSettings: Sendable, Hashable {
    /// Exchanges out of a million that are traced at most.
    public var perMillion: Int
    /// Whether an exchange belongs to the trace that the agent names; otherwise each is in a trace of its own.
    public var continuesTraces: Bool
    /// Spans that wait on one event loop to be brought away.
    public var queue: Int

    /// Describes how.
    public init(perMillion: Int, continuesTraces: Bool, queue: Int) {
        self.perMillion = max(0, min(1_000_000, perMillion))
        self.continuesTraces = continuesTraces
        self.queue = queue
    }
}

/// Chooses the exchanges of one event loop that are traced, and keeps their spans until they are brought away. Used on that
/// loop only.
///
/// Which exchanges are traced follows from their trace and a secret of this run, so that one trace is recorded as a whole or
/// not at all. What an agent says of sampling never counts, and an agent that sends the id of a trace that is recorded again
/// and again is held to the rate by a credit that every exchange adds to.
package final class LoopTracer {
    private let settings: TracingSettings
    private let salt: UInt64
    private var generator: LoopGenerator
    private var credit: Int
    private var spans: [TraceSpan] = []
    private var dropped: UInt64 = 0

    /// What one span costs; each exchange adds its part of the rate.
    private static let price = 1_000_000
    /// Spans that may come at once after a quiet time.
    private static let burst = 64

    /// Traces nothing yet.
    ///
    /// - Parameters:
    ///   - salt: The secret of this run, the same for all loops.
    ///   - seed: Where the ids of this loop begin.
    package init(_ settings: TracingSettings, salt: UInt64, seed: UInt64) {
        self.settings = settings
        self.salt = salt
        generator = LoopGenerator(seed: seed)
        credit = Self.burst * Self.price
    }

    /// Looks at what a request says of its trace, and decides whether the exchange is traced.
    package func begin(_ fields: HTTP1Fields, in bytes: UnsafeRawBufferPointer) -> TraceStart {
        let found = FoundTrace(fields, in: bytes)
        var start = TraceStart(seed: nil, drops: found.invalid)
        if !settings.continuesTraces { start.drops = found.present }
        let parent = settings.continuesTraces ? found.parent : nil
        credit = min(credit &+ settings.perMillion, Self.burst &* Self.price)
        guard isChosen(parent?.trace), credit >= Self.price else { return start }
        credit &-= Self.price
        start.seed = TraceSeed(
            trace: parent?.trace ?? TraceID(using: &generator), parent: parent?.parent,
            server: SpanID(using: &generator), client: SpanID(using: &generator))
        start.drops.formUnion(found.present.intersection(.parent))
        return start
    }

    private func isChosen(_ trace: TraceID?) -> Bool {
        let draw: UInt64
        if let trace {
            var hasher = Hasher()
            hasher.combine(salt)
            hasher.combine(trace)
            draw = UInt64(UInt(bitPattern: hasher.finalize()))
        } else {
            draw = generator.next()
        }
        // The upper half of the product is evenly spread below a million.
        return draw.multipliedFullWidth(by: UInt64(Self.price)).high < UInt64(settings.perMillion)
    }

    /// Keeps spans until they are brought away; where there is no room, they are counted as lost.
    package func keep(_ span: TraceSpan) {
        guard spans.count < settings.queue else { return dropped &+= 1 }
        spans.append(span)
    }

    /// Gives the spans out.
    package func take() -> [TraceSpan] {
        defer { spans = [] }
        return spans
    }

    /// Spans that were lost since the start.
    package var lost: UInt64 { dropped }
}

/// The fields of a request that tell of its trace.
package struct TraceFields: OptionSet, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// `traceparent`.
    package static let parent = TraceFields(rawValue: 1)
    /// `tracestate`.
    package static let state = TraceFields(rawValue: 2)
}

/// What became of a request's word about its trace.
package struct TraceStart: Sendable {
    /// The exchange's place in its trace; nil where it is not traced.
    package var seed: TraceSeed?
    /// Fields that do not pass: because they break their rules, because traces begin anew here, or because the gate puts a
    /// span of its own in their place.
    package var drops: TraceFields

    /// Takes the fields that do not pass out of a request.
    package func strip(_ fields: inout HTTP1Fields, in bytes: UnsafeRawBufferPointer) {
        if drops.contains(.parent) { Self.remove("traceparent", from: &fields, in: bytes) }
        if drops.contains(.state) { Self.remove("tracestate", from: &fields, in: bytes) }
    }

    private static func remove(
        _ name: StaticString, from fields: inout HTTP1Fields, in bytes: UnsafeRawBufferPointer
    ) {
        fields.remove(named: UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount), in: bytes)
    }
}

/// The ids of the spans of one exchange.
package struct TraceSeed: Sendable, Hashable {
    /// The trace.
    package let trace: TraceID
    /// The agent's span, where the agent named it.
    package let parent: SpanID?
    /// The exchange as a whole.
    package let server: SpanID
    /// The part of it that the service sees.
    package let client: SpanID

    /// The value of `traceparent` for the service.
    package var forwarded: String { TraceParent(trace: trace, parent: client, isSampled: true).description }
}

/// What stands in a request about its trace.
private struct FoundTrace {
    var parent: TraceParent?
    var present: TraceFields = []
    var invalid: TraceFields = []

    init(_ fields: HTTP1Fields, in bytes: UnsafeRawBufferPointer) {
        var states: [UnsafeRawBufferPointer] = []
        for field in fields.all where field.knownName == .other {
            if Self.matches(field, "traceparent", in: bytes) {
                // Two parents are none.
                if present.contains(.parent) { invalid.insert(.parent) }
                present.insert(.parent)
                parent = TraceParent(parsing: field.value.slice(of: bytes))
                if parent == nil { invalid.insert(.parent) }
            } else if Self.matches(field, "tracestate", in: bytes) {
                present.insert(.state)
                states.append(field.value.slice(of: bytes))
            }
        }
        if invalid.contains(.parent) { parent = nil }
        // The one is nothing without the other.
        if present.contains(.state), parent == nil || !TraceState.isValid(states) { invalid.insert(.state) }
    }

    private static func matches(
        _ field: HTTP1Field, _ name: StaticString, in bytes: UnsafeRawBufferPointer
    ) -> Bool {
        guard field.name.count == name.utf8CodeUnitCount else { return false }
        let slice = field.name.slice(of: bytes)
        return slice.indices.allSatisfy { slice[$0] | 0x20 == name.utf8Start[$0] }
    }
}

/// Fast numbers for ids and draws, of which nothing secret follows (SplitMix64).
private struct LoopGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
