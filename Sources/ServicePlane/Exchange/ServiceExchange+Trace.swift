// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import NIOCore
import Protocols
import Transport

/// The exchange as a part of a trace.
extension ServiceExchange {
    /// Reads what the request says of its trace, and takes out of it what does not pass.
    func traceRequest(_ head: inout HTTP1RequestHead, in bytes: UnsafeRawBufferPointer) {
        guard let tracer = loop.context.tracer else { return }
        // The request comes back once its token was judged.
        let start = trace ?? tracer.begin(head.fields, in: bytes)
        trace = start
        if !start.drops.isEmpty { start.strip(&head.fields, in: bytes) }
    }

    /// Tells the service whose span it belongs to, once in each head.
    func writeTraceParent() {
        guard let seed = trace?.seed, !isTraceWritten else { return }
        isTraceWritten = true
        head.writeString("traceparent: \(seed.forwarded)\r\n")
    }

    /// The same for the members of an endpoint.
    var traceFields: [MCPField] { trace?.seed.map { [MCPField("traceparent", $0.forwarded)] } ?? [] }

    /// Keeps the spans of an exchange that is over.
    func keepSpans() {
        guard let tracer = loop.context.tracer, let seed = trace?.seed else { return }
        trace?.seed = nil
        let span = ExchangeSpan(
            plane: .service, facts: facts, verdict: verdict, decision: decision, startedAt: startedAt, timing: timing,
            concealed: leaks.concealed, ownStatus: answerStatus, bytesUp: bytesUp, bytesDown: bytesDown)
        for span in span.spans(seed, now: loop.now, time: loop.context.clock.wall()) { tracer.keep(span) }
    }
}
