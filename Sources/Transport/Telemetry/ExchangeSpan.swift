// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
package import Decision
internal import Identity
internal import Protocols
package import Telemetry

/// What is known of an exchange that is over, as spans: one for the whole of it, and one for the service's part.
///
/// Never a query, a field, an argument or a body: the same as stands in the record of the decision.
package struct ExchangeSpan {
    private let plane: Plane
    private let facts: Facts?
    private let verdict: Verdict
    private let decision: DecisionID
    private let startedAt: Int64
    private let timing: ExchangeTiming
    private let concealed: ConcealedParts
    private let ownStatus: UInt16
    private let bytesUp: Int
    private let bytesDown: Int

    /// Collects what is known.
    ///
    /// - Parameters:
    ///   - concealed: What must not be said in clear.
    ///   - startedAt: In nanoseconds of the monotonic clock, as all of `timing`.
    ///   - ownStatus: The status of an answer of the gate's own; zero for none.
    package init(
        plane: Plane, facts: Facts?, verdict: Verdict, decision: DecisionID, startedAt: Int64, timing: ExchangeTiming,
        concealed: ConcealedParts, ownStatus: UInt16, bytesUp: Int, bytesDown: Int
    ) {
        self.plane = plane
        self.facts = facts
        self.verdict = verdict
        self.decision = decision
        self.startedAt = startedAt
        self.timing = timing
        self.concealed = concealed
        self.ownStatus = ownStatus
        self.bytesUp = bytesUp
        self.bytesDown = bytesDown
    }

    /// The spans.
    ///
    /// - Parameters:
    ///   - now: The end, in nanoseconds of the monotonic clock.
    ///   - time: The end, in microseconds since 1970.
    package func spans(_ seed: TraceSeed, now: Int64, time: Int64) -> [TraceSpan] {
        let end = time &* 1000
        var server = TraceSpan(
            trace: seed.trace, id: seed.server, parent: seed.parent, side: .server, name: name,
            start: end &- (now &- startedAt), end: end)
        let status = ownStatus > 0 ? ownStatus : timing.status
        server.attributes = call + request + decided + answer(status)
        server.attributes.append(TelemetryAttribute("yett.bytes_up", bytesUp))
        server.attributes.append(TelemetryAttribute("yett.bytes_down", bytesDown))
        server.problem = problem
        guard timing.sentAt > 0 else { return [server] }
        var client = TraceSpan(
            trace: seed.trace, id: seed.client, parent: seed.server, side: .client, name: name,
            start: end &- (now &- timing.sentAt), end: end)
        client.attributes = call + request + destination + answer(timing.status)
        if timing.status >= 400 { client.problem = "\(timing.status)" }
        return [server, client]
    }

    /// Few values: the tool only where a grant covers it, and never a path.
    private var name: String {
        guard let facts else { return "HTTP" }
        switch facts.operation.name {
        case .request, .websocket, .tunnel, .launch, .session:
            return isKnown(facts.http?.method) ? facts.http?.method ?? "HTTP" : "HTTP"
        case .toolCall, .resourceRead, .promptGet, .modelCall, .skillCall:
            let method = facts.operation.name.rawValue
            let isNamed = facts.operation.name != .resourceRead && verdict.effect == .allow
            return isNamed ? facts.operation.tool.map { "\(method) \($0)" } ?? method : method
        }
    }

    private var problem: String? {
        if verdict.effect == .deny { return verdict.reason.rawValue }
        return timing.status >= 500 ? "\(timing.status)" : nil
    }

    private static let methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"]

    private func isKnown(_ method: String?) -> Bool { method.map { Self.methods.contains($0) } ?? false }

    private var request: [TelemetryAttribute] {
        guard let http = facts?.http else { return [] }
        let method = isKnown(http.method) ? http.method : "_OTHER"
        var attributes = [TelemetryAttribute("http.request.method", method)]
        if let path = http.path, !concealed.path { attributes.append(TelemetryAttribute("url.path", path)) }
        return attributes
    }

    private func answer(_ status: UInt16) -> [TelemetryAttribute] {
        status > 0 ? [TelemetryAttribute("http.response.status_code", status)] : []
    }

    private var destination: [TelemetryAttribute] {
        guard let facts else { return [] }
        return [
            TelemetryAttribute(
                "server.address",
                concealed.host ? ConcealedParts.substitute : facts.destination.host.description),
            TelemetryAttribute("server.port", facts.destination.port),
        ]
    }

    /// What is called, by the conventions for models and for MCP.
    private var call: [TelemetryAttribute] {
        guard let operation = facts?.operation else { return [] }
        var attributes: [TelemetryAttribute] = []
        switch operation.name {
        case .toolCall:
            attributes.append(TelemetryAttribute("mcp.method.name", operation.name.rawValue))
            attributes.append(TelemetryAttribute("gen_ai.operation.name", "execute_tool"))
            if let tool = operation.tool { attributes.append(TelemetryAttribute("gen_ai.tool.name", tool)) }
        case .promptGet:
            attributes.append(TelemetryAttribute("mcp.method.name", operation.name.rawValue))
            if let prompt = operation.tool { attributes.append(TelemetryAttribute("gen_ai.prompt.name", prompt)) }
        case .resourceRead: attributes.append(TelemetryAttribute("mcp.method.name", operation.name.rawValue))
        case .modelCall:
            if let model = operation.tool { attributes.append(TelemetryAttribute("gen_ai.request.model", model)) }
        case .skillCall, .request, .websocket, .tunnel, .launch, .session: break
        }
        return attributes
    }

    /// The decision, so that a span leads to the record.
    private var decided: [TelemetryAttribute] {
        var attributes = [
            TelemetryAttribute("yett.plane", plane.rawValue), TelemetryAttribute("yett.decision", decision.description),
            TelemetryAttribute("yett.verdict", verdict.effect.rawValue),
            TelemetryAttribute("yett.reason", verdict.reason.rawValue),
        ]
        if timing.decidedAt > 0 {
            attributes.append(TelemetryAttribute("yett.decision_us", (timing.decidedAt &- startedAt) / 1000))
        }
        if let grant = verdict.grant { attributes.append(TelemetryAttribute("yett.grant", grant.description)) }
        guard let facts else { return attributes }
        attributes.append(TelemetryAttribute("yett.operation", facts.operation.name.rawValue))
        if let agent = facts.identity?.id { attributes.append(TelemetryAttribute("yett.agent", agent.description)) }
        if let task = facts.task?.id { attributes.append(TelemetryAttribute("yett.task", task)) }
        if let service = facts.service { attributes.append(TelemetryAttribute("yett.service", service)) }
        return attributes
    }
}
