// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import Protocols
import Telemetry
import Testing
import Transport

@Suite struct LoopTracerTests {
    private static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    private static let parent = "00-\(trace)-00f067aa0ba902b7-01"

    private static func tracer(_ perMillion: Int, continues: Bool = true, queue: Int = 16) -> LoopTracer {
        LoopTracer(
            TracingSettings(perMillion: perMillion, continuesTraces: continues, queue: queue), salt: 5, seed: 7)
    }

    /// What becomes of a request with these fields, and the fields that are left of it.
    private static func begin(_ tracer: LoopTracer, _ fields: String) throws -> (start: TraceStart, left: [String]) {
        let bytes = Array("GET / HTTP/1.1\r\nHost: a.test\r\n\(fields)\r\n".utf8)
        return try bytes.withUnsafeBytes { bytes in
            var parser = HTTP1RequestParser(limits: .standard)
            guard case .complete = parser.parse(bytes) else { throw Malformed() }
            var head = parser.head
            let start = tracer.begin(head.fields, in: bytes)
            start.strip(&head.fields, in: bytes)
            return (start, head.fields.all.map { $0.name.text(in: bytes).lowercased() })
        }
    }

    private struct Malformed: Error {}

    @Test("goes on with the trace of the agent, under a span of its own")
    func goesOn() throws {
        let (start, left) = try Self.begin(
            Self.tracer(1_000_000), "TraceParent: \(Self.parent)\r\ntracestate: a=1\r\n")
        let seed = try #require(start.seed)
        #expect(seed.trace.description == Self.trace)
        #expect(seed.parent?.description == "00f067aa0ba902b7")
        #expect(seed.server != seed.client)
        #expect(seed.forwarded == "00-\(Self.trace)-\(seed.client)-01")
        #expect(left == ["host", "tracestate"])
    }

    @Test("leaves the agent's word as it is where nothing is recorded")
    func leaves() throws {
        let (start, left) = try Self.begin(Self.tracer(0), "traceparent: \(Self.parent)\r\ntracestate: a=1\r\n")
        #expect(start.seed == nil)
        #expect(left == ["host", "traceparent", "tracestate"])
    }

    @Test("begins anew where it is told to, whatever the agent says", arguments: [0, 1_000_000])
    func restarts(perMillion: Int) throws {
        let tracer = Self.tracer(perMillion, continues: false)
        let (start, left) = try Self.begin(tracer, "traceparent: \(Self.parent)\r\ntracestate: a=1\r\n")
        #expect(start.seed.map { $0.trace.description != Self.trace && $0.parent == nil } ?? (perMillion == 0))
        #expect(left == ["host"])
    }

    @Test(
        "takes out what breaks the rules",
        arguments: [
            ("traceparent: x\r\n", []), ("traceparent: \(parent)\r\ntraceparent: \(parent)\r\n", []),
            ("traceparent: \(parent)\r\ntracestate: A=1\r\n", ["traceparent"]), ("tracestate: a=1\r\n", []),
            ("traceparent: \(parent)x\r\ntracestate: a=1\r\n", []),
            ("traceparent: \(parent), \(parent)\r\n", []), ("traceparent:\r\n", []),
            ("traceparent: \(parent)\r\ntracestate: a=1\r\ntracestate: a=2\r\n", ["traceparent"]),
        ] as [(String, [String])])
    func invalid(fields: String, passing: [String]) throws {
        let (start, left) = try Self.begin(Self.tracer(0), fields)
        #expect(start.seed == nil)
        #expect(left == ["host"] + passing)
    }

    @Test("records the part of traces that it should, and each as a whole or not at all")
    func rate() throws {
        let tracer = Self.tracer(100_000)
        var recorded = 0
        for index in 0..<4000 {
            let id = String(repeating: "0", count: 28) + String(index + 0x1000, radix: 16)
            let (start, _) = try Self.begin(tracer, "traceparent: 00-\(id)-00f067aa0ba902b7-00\r\n")
            if start.seed != nil { recorded += 1 }
        }
        #expect((250...480).contains(recorded), "\(recorded)")
        let all = Self.tracer(500_000)
        let first = try Self.begin(all, "traceparent: \(Self.parent)\r\n").start.seed != nil
        for _ in 0..<40 {
            #expect((try Self.begin(all, "traceparent: \(Self.parent)\r\n").start.seed != nil) == first)
        }
    }

    @Test("gives no agent more than the rate, whatever ids and flags it sends")
    func forced() throws {
        let probe = Self.tracer(10_000)
        var ids: [String] = []
        for index in 0..<2000 where ids.count < 4 {
            let id = String(repeating: "0", count: 28) + String(index + 0x1000, radix: 16)
            let (start, _) = try Self.begin(probe, "traceparent: 00-\(id)-00f067aa0ba902b7-01\r\n")
            if start.seed != nil { ids.append(id) }
        }
        #expect(!ids.isEmpty)
        // The secret is the same, so that these are ids that are always chosen.
        let tracer = Self.tracer(10_000)
        var recorded = 0
        for index in 0..<10_000 {
            let field = "traceparent: 00-\(ids[index % ids.count])-00f067aa0ba902b7-01\r\n"
            if try Self.begin(tracer, field).start.seed != nil { recorded += 1 }
        }
        #expect(recorded <= 100 + 64)
        #expect(recorded >= 64)
    }

    @Test("keeps as many spans as it should, and counts the others")
    func queue() throws {
        let tracer = Self.tracer(1_000_000, queue: 2)
        let seed = try #require(try Self.begin(tracer, "").start.seed)
        let span = TraceSpan(
            trace: seed.trace, id: seed.server, parent: nil, side: .server, name: "GET", start: 1, end: 2)
        for _ in 0..<5 { tracer.keep(span) }
        #expect(tracer.take().count == 2)
        #expect(tracer.take().isEmpty)
        #expect(tracer.lost == 3)
    }

    @Test("a span repeats neither a host nor a path that holds a secret")
    func spans() throws {
        let seed = try #require(try Self.begin(Self.tracer(1_000_000), "").start.seed)
        var facts = Facts(
            identity: nil, plane: .egress, operation: Operation(.request),
            destination: Destination(host: try Host(parsing: "hidden.test"), port: 80, scheme: .http), time: 1,
            source: .unknown)
        facts.http = HTTPFacts(method: "GET", path: "/hidden")
        var timing = ExchangeTiming()
        timing.sentAt = 1
        for isConcealed in [false, true] {
            var concealed = ConcealedParts()
            concealed.host = isConcealed
            concealed.path = isConcealed
            let span = ExchangeSpan(
                plane: .egress, facts: facts, verdict: .deny(.leakFound), decision: DecisionID(rawValue: 1),
                startedAt: 1, timing: timing, concealed: concealed, ownStatus: 403, bytesUp: 0, bytesDown: 0)
            let text = "\(span.spans(seed, now: 2, time: 2))"
            #expect(text.contains("hidden") != isConcealed)
        }
    }
}
