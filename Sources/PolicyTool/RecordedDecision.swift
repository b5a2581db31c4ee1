// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import AuditTree
internal import Rego

/// A decision as the audit tree holds it.
public struct RecordedDecision: Sendable {
    /// The index of the record.
    public let index: UInt64
    /// The record.
    public let record: AuditRecord

    /// Takes a record of the kind `decision`; nil for others.
    public init?(index: UInt64, record: AuditRecord) {
        guard let kind = record.text("kind"), kind.utf8.elementsEqual("decision".utf8) else { return nil }
        self.index = index
        self.record = record
    }

    /// The agent's SPIFFE ID.
    public var agent: String? { record.text("agent") }
    /// The deciding reason code.
    public var reason: String { record.list("reasons").first ?? "" }
    /// Whether the request was allowed.
    public var isAllowed: Bool { record.text("verdict").map { $0.utf8.elementsEqual("allow".utf8) } ?? false }
    /// Whether a grant covered the request; a denial also names the grant that nearly did.
    public var isGranted: Bool {
        record.text("grant") != nil && (isAllowed || RecordedDecision.policyReasons.contains(reason))
    }
    /// What was asked for: `GET tickets.example.com:80/api`.
    public var target: String {
        var text = record.text("host") ?? record.text("service") ?? "-"
        if let port = record.number("port") { text += ":\(port)" }
        if let path = record.text("path") { text += path }
        return "\(record.text("method") ?? record.text("operation") ?? "?") \(text)"
    }

    /// Why policies and grants have nothing to do with how the decision fell; nil when they do.
    public var otherCause: String? {
        guard record.text("host") != nil, record.number("port") != nil else { return "it had no destination yet" }
        guard record.text("agent") != nil else { return "the agent was not known" }
        if isAllowed || RecordedDecision.grantReasons.contains(reason)
            || RecordedDecision.policyReasons.contains(reason)
        {
            return nil
        }
        return "it was refused for another reason, \(reason)"
    }

    /// The reasons for which a further grant is a remedy.
    static let grantReasons: Set<String> = [
        "host_not_granted", "port_not_granted", "method_not_granted", "path_not_granted", "tunnel_not_granted",
        "tool_not_granted", "argument_refused", "grant_expired", "outside_time_window", "budget_exhausted",
        "strength_too_low", "person_required", "task_required", "name_carries_data",
    ]
    private static let policyReasons: Set<String> = [
        "policy_denied", "policy_held", "policy_undefined", "policy_invalid", "policy_limit", "policy_builtin_error",
        "policy_error", "policy_obligation", "policy_not_ready",
    ]

    /// The members of the input document that no record holds.
    private static let unrecorded: [(path: [Text], needs: String?)] = [
        (["http", "query"], "path"), (["operation", "arguments"], "tool"),
        (["identity", "selectors"], nil), (["person", "groups"], "person"), (["person", "auth_time"], "person"),
        (["task", "purpose"], "task"), (["task", "expires"], "task"), (["service", "protocol"], "service"),
        (["service", "labels"], "service"), (["source", "port"], nil), (["source", "pid"], nil),
        (["source", "uid"], nil), (["source", "gid"], nil), (["risk", "signals"], nil),
    ]

    /// The paths among those that a policy reads which the record does not hold although the gate knew them.
    func missing(of paths: [[Text]]) -> [String] {
        var lacking = RecordedDecision.unrecorded.filter { $0.needs.map { record.text($0) != nil } ?? true }.map(\.path)
        if record.text("path_sha256") != nil { lacking.append(["http", "path"]) }
        if record.number("risk_permille") == nil { lacking.append(["risk", "score"]) }
        if isService { lacking.append(["destination", "scheme"]) }
        if record.text("source") == nil { lacking.append(["source", "address"]) }
        let read = lacking.filter { member in
            paths.contains {
                $0.count >= member.count ? $0.starts(with: member) : !$0.isEmpty && member.starts(with: $0)
            }
        }
        return read.map { "input." + $0.map(\.string).joined(separator: ".") }
    }

    /// Whether a named service was asked for; how the gate speaks to that one is in no record.
    private var isService: Bool { record.text("plane").map { $0.utf8.elementsEqual("service".utf8) } ?? false }

    /// The input document as far as the record holds it.
    func input(in heap: Heap) -> Value {
        func text(_ name: String) -> Value { record.text(name).map { heap.string($0) } ?? .undefined }
        func number(_ name: String) -> Value { record.number(name).map { .integer($0) } ?? .undefined }
        func object(_ members: [(String, Value)]) -> Value {
            let object = heap.emptyObject()
            for (key, value) in members where value.isDefined { heap.update(heap.string(key), to: value, in: object) }
            return object.count > 0 ? object : .undefined
        }
        let operation = record.text("operation") ?? "tunnel"
        let isHTTP = isService || ["request", "websocket"].contains(operation)
        let isSecure = record.number("port") == 443 && (isService || !isHTTP)
        let scheme = isSecure ? "https" : isHTTP ? "http" : "tcp"
        let person = record.text("person").map { $0.split(separator: "#", maxSplits: 1).map(String.init) }
        let actors = record.list("actors")
        return object([
            ("identity", object([("id", text("agent")), ("proof", text("proof")), ("strength", number("strength"))])),
            ("actor_chain", actors.isEmpty ? .undefined : heap.array(actors.map { heap.string($0) })),
            (
                "person",
                object([
                    ("issuer", person?.first.map { heap.string($0) } ?? .undefined),
                    ("subject", person?.dropFirst().first.map { heap.string($0) } ?? .undefined),
                ])
            ),
            ("task", object([("id", text("task"))])),
            ("plane", text("plane")),
            ("service", object([("name", text("service"))])),
            ("operation", object([("name", heap.string(operation)), ("tool", text("tool"))])),
            ("http", object([("method", text("method")), ("path", text("path"))])),
            (
                "destination",
                object([("host", text("host")), ("port", number("port")), ("scheme", heap.string(scheme))])
            ),
            ("risk", object([("score", score(heap))])),
            ("time", .integer((record.number("time_us") ?? 0) / 1_000_000)),
            ("source", object([("address", text("source"))])),
        ])
    }

    private func score(_ heap: Heap) -> Value {
        guard let permille = record.number("risk_permille") else { return .undefined }
        guard permille > 0, permille < 1000 else { return .integer(permille <= 0 ? 0 : 1) }
        return heap.number(Text("0.\(String(1000 + permille).dropFirst())"))
    }
}
