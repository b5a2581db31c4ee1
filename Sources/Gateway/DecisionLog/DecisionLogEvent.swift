// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Decision
internal import Protocols
internal import Rego
internal import Telemetry

/// One event of the decision log, in OPA's form.
struct DecisionLogEvent: Sendable {
    /// What was decided or asked.
    enum Subject: Sendable {
        /// A request of a plane.
        case request(DecidedRequest)
        /// A document that was asked for through the operators' API.
        case document(path: [String], input: [UInt8]?, result: [UInt8]?, snapshot: Snapshot, by: String)
    }

    /// What was decided or asked.
    let subject: Subject
    /// Names the event.
    let decision: String
    /// When it happened, in microseconds since 1970.
    let time: Int64
    /// Times in nanoseconds by OPA's names.
    var metrics: [(name: String, value: Int64)] = []

    private var snapshot: Snapshot {
        switch subject {
        case .request(let request): request.snapshot
        case .document(_, _, _, let snapshot, _): snapshot
        }
    }

    /// The event as one JSON text, masked; `nil` when the policy says that it is not to be logged.
    func text(labels: [String: String]) -> [UInt8]? {
        var event = whole(labels: labels)
        if case .request = subject { DecisionLogMask.credentials.apply(to: &event) }
        do {
            if try answers(["system", "log", "drop"], event)?.bool == true { return nil }
            if let rules = try answers(["system", "log", "mask"], event) {
                try DecisionLogMask(rules, on: event).apply(to: &event)
            }
        } catch {
            // What should have been hidden is not known: nothing of it is written.
            for name in ["input", "result", "nd_builtin_cache"] where event[name] != nil { event[name] = nil }
            event["erased"] = ["/input", "/result"]
            event["error"] = ["code": "mask_error", "message": .string("\(error)")]
        }
        return Array(JSONValue.object(event).text.utf8)
    }

    private func whole(labels: [String: String]) -> JSONObject {
        var event = JSONObject()
        var names = JSONObject()
        for (name, value) in labels { names[name] = .string(value) }
        event["labels"] = .object(names)
        event["decision_id"] = .string(decision)
        if !snapshot.bundles.isEmpty {
            var bundles = JSONObject()
            for bundle in snapshot.bundles { bundles[bundle.name] = ["revision": .string(bundle.revision)] }
            event["bundles"] = .object(bundles)
        }
        event["timestamp"] = .string(Timestamp.text(microseconds: time))
        if !metrics.isEmpty {
            var values = JSONObject()
            for metric in metrics { values[metric.name] = .integer(metric.value) }
            event["metrics"] = .object(values)
        }
        switch subject {
        case .request(let request):
            event["path"] = .string(snapshot.policy?.settings.entryPoint.joined(separator: "/") ?? "")
            event["input"] = Self.json(snapshot.inputText(of: request.facts))
            event["result"] = Self.result(request.verdict)
            event["requested_by"] = .string(request.facts.source.text)
        case .document(let path, let input, let result, _, let caller):
            event["path"] = .string(path.joined(separator: "/"))
            event["input"] = Self.json(input)
            event["result"] = Self.json(result)
            event["requested_by"] = .string(caller)
        }
        return event
    }

    private static func result(_ verdict: Verdict) -> JSONValue {
        var result = JSONObject()
        result["allow"] = .bool(verdict.effect == .allow)
        result["effect"] = .string(verdict.effect.rawValue)
        result["reason"] = .string(verdict.reason.rawValue)
        if let detail = verdict.detail { result["detail"] = .string(detail) }
        if let grant = verdict.grant { result["grant"] = .string(grant.description) }
        if !verdict.policyCodes.isEmpty { result["codes"] = .array(verdict.policyCodes.map { .string($0) }) }
        if !verdict.obligations.isEmpty {
            result["obligations"] = .array(verdict.obligations.names.map { .string($0) })
        }
        return .object(result)
    }

    /// What the policy says of the event; `nil` when it says nothing.
    private func answers(_ path: [String], _ event: JSONObject) throws -> JSONValue? {
        let answer = try snapshot.evaluate(
            path: path, input: Array(JSONValue.object(event).text.utf8), time: time &* 1000, isStrict: true
        ) { value, _ in value.isUndefined ? nil : Rego.JSONWriter.bytes(value) }
        return try (answer ?? nil).map { try JSONValue(parsing: $0) }
    }

    private static func json(_ bytes: [UInt8]?) -> JSONValue? { bytes.flatMap { try? JSONValue(parsing: $0) } }
}
