// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import AuditTree

/// What a record of the audit tree means to the monitor. The same comes of an event that is being recorded and of the record
/// that is read later, so that a replay of the tree leads to the same scores.
public struct BehaviorRecord: Sendable {
    /// What the record adds to.
    enum Matter: Sendable {
        case event(BehaviorEvent)
        case quarantine(agent: String, by: String)
        case release(agent: String, by: String)
        case start(baseline: String?)
        case baseline(String?)
    }

    /// The operation of the record of a person who puts a baseline in force, or ends it.
    public static let ratification = "ratify"

    /// Longer texts may be shortened in a record, so that no more than this of any is looked at.
    private static let textBytes = 120

    private let matter: Matter
    private let time: Int64

    /// Reads an event that is being recorded; nil when it says nothing about behaviour.
    public init?(_ event: borrowing AuditEvent) {
        let parts = Parts(event)
        guard let matter = parts.matter else { return nil }
        self.matter = matter
        time = parts.time
    }

    /// Reads a record of the tree; nil when it says nothing about behaviour.
    public init?(_ record: AuditRecord) {
        guard let parts = Parts(record), let matter = parts.matter else { return nil }
        self.matter = matter
        time = parts.time
    }

    /// What a record has the monitor do.
    public enum Step: Sendable {
        /// Take this in.
        case input(BehaviorInput)
        /// Begin anew with a baseline, by its digest: a gate started.
        case start(baseline: String?)
        /// Compare with this baseline from now on, or with none: a person said so.
        case enforce(baseline: String?)
    }

    /// What the record has the monitor do.
    ///
    /// - Parameter index: The record's place in the tree, by which alarms name their evidence.
    public func step(at index: UInt64) -> Step {
        switch matter {
        case .event(var event):
            event.id = index
            return .input(.event(event))
        case .quarantine(let agent, let person): return .input(.quarantine(agent: agent, by: person, time: time))
        case .release(let agent, let person): return .input(.release(agent: agent, by: person, time: time))
        case .start(let baseline): return .start(baseline: baseline)
        case .baseline(let baseline): return .enforce(baseline: baseline)
        }
    }

    /// How a record names a baseline in its `evidence`, by the SHA-256 digest of its encoding in lower hexadecimal digits.
    public static func evidence(ofBaseline digest: String) -> String { baselinePrefix + digest }

    private static let baselinePrefix = "baseline:"

    /// The members that count.
    private struct Parts {
        let kind: AuditKind
        let time: Int64
        let agent: String?
        let person: String?
        let source: String?
        let task: String?
        let plane: String?
        let service: String?
        let operation: String?
        let tool: String?
        let effect: String?
        let method: String?
        let host: String?
        let arguments: String?
        let verdict: AuditVerdict?
        let reason: String?
        let cause: String?
        let role: String?
        let labels: [String]
        let evidence: String?
        let outboundBits: Int64?
        let bytesUp: Int64?
        let bytesDown: Int64?

        init(_ event: borrowing AuditEvent) {
            func cut(_ text: String?) -> String? { text.map(BehaviorRecord.shortened) }
            kind = event.kind
            time = event.time
            agent = cut(event.agent)
            person = cut(event.person)
            source = cut(event.source)
            task = cut(event.task)
            plane = cut(event.plane)
            service = cut(event.service)
            operation = cut(event.operation)
            tool = cut(event.tool)
            effect = cut(event.effect)
            method = cut(event.method)
            host = cut(event.host)
            arguments = cut(event.argumentSHA256)
            verdict = event.verdict
            reason = cut(event.reasons.first)
            cause = cut(event.cause)
            role = cut(event.role)
            labels = event.labels
            evidence = cut(event.evidence.first)
            outboundBits = event.outboundBits
            bytesUp = event.bytesUp
            bytesDown = event.bytesDown
        }

        init?(_ record: AuditRecord) {
            func cut(_ name: String) -> String? { record.text(name).map(BehaviorRecord.shortened) }
            guard let kind = record.text("kind").flatMap(AuditKind.init(rawValue:)),
                let time = record.number("time_us")
            else { return nil }
            self.kind = kind
            self.time = time
            agent = cut("agent")
            person = cut("person")
            source = cut("source")
            task = cut("task")
            plane = cut("plane")
            service = cut("service")
            operation = cut("operation")
            tool = cut("tool")
            effect = cut("effect")
            method = cut("method")
            host = cut("host")
            arguments = cut("argument_sha256")
            verdict = record.text("verdict").flatMap(AuditVerdict.init(rawValue:))
            reason = record.list("reasons").first.map(BehaviorRecord.shortened)
            cause = cut("cause")
            role = cut("role")
            labels = record.list("labels")
            evidence = record.list("evidence").first.map(BehaviorRecord.shortened)
            outboundBits = record.number("outbound_bits")
            bytesUp = record.number("bytes_up")
            bytesDown = record.number("bytes_down")
        }

        var matter: Matter? {
            if kind == .startup { return .start(baseline: baseline) }
            if kind == .adminAction, operation == BehaviorRecord.ratification { return .baseline(baseline) }
            guard let agent else { return nil }
            switch kind {
            case .decision: return decision(of: agent).map { .event($0) }
            case .connectionEnd: return end(of: agent).map { .event($0) }
            case .observation where cause?.utf8.elementsEqual(ObservationCause.canaryTouched.utf8) ?? false:
                var event = event(of: agent)
                event.isContinuation = true
                event.touchesCanary = true
                return .event(event)
            case .adminAction where operation == "quarantine":
                return .quarantine(agent: agent, by: person ?? source ?? "")
            case .adminAction where operation == "release": return .release(agent: agent, by: person ?? source ?? "")
            default: return nil
            }
        }

        private var baseline: String? {
            guard let evidence, evidence.utf8.starts(with: BehaviorRecord.baselinePrefix.utf8) else { return nil }
            return String(evidence.dropFirst(BehaviorRecord.baselinePrefix.count))
        }

        private func event(of agent: String) -> BehaviorEvent {
            var event = BehaviorEvent(id: 0, time: time, agent: agent, role: role ?? agent)
            event.task = task
            event.plane = plane ?? ""
            event.service = service
            event.tool = tool ?? operation
            var isNamed = service != nil
            for label in labels {
                switch DataLabel(rawValue: label) {
                case .untrustedRead: event.labels.insert(.untrustedRead)
                case .privateRead: event.labels.insert(.privateRead)
                case .externalWrite: event.labels.insert(.externalWrite)
                case .namedDestination: isNamed = true
                case nil: break
                }
            }
            if let host { event.destination = BehaviorEvent.Destination(host: host, isNamed: isNamed) }
            return event
        }

        private func decision(of agent: String) -> BehaviorEvent? {
            // Steps of a protocol and starts of agents are no calls.
            guard operation != "session", operation != "launch" else { return nil }
            var event = event(of: agent)
            event.effect = judgedEffect
            event.outboundBits = outboundBits ?? 0
            event.arguments = arguments.flatMap { UInt64($0.prefix(16), radix: 16) }
            switch verdict {
            case .allow: event.outcome = .allowed
            case .hold: event.outcome = .held
            case .deny, nil: event.outcome = .denied(DenialReasons.kind(of: reason ?? ""))
            }
            return event
        }

        private func end(of agent: String) -> BehaviorEvent? {
            // What was found behind the decision is as good as a refusal.
            if cause?.utf8.elementsEqual("leak_found".utf8) ?? false {
                var event = event(of: agent)
                event.outcome = .denied(.secret)
                return event
            }
            guard bytesUp ?? 0 > 0 || bytesDown ?? 0 > 0 else { return nil }
            var event = event(of: agent)
            event.isContinuation = true
            event.bytesUp = bytesUp ?? 0
            event.bytesDown = bytesDown ?? 0
            return event
        }

        private var judgedEffect: BehaviorEvent.Effect {
            switch operation {
            case "request": ["GET", "HEAD", "OPTIONS"].contains(method ?? "") ? .read : .write
            case "models/call", "resources/read", "prompts/get": .read
            case "tools/call": effect.map { $0 == "read" || $0 == "egress-read" ? .read : .write } ?? .unknown
            default: .unknown
            }
        }
    }

    private static func shortened(_ text: String) -> String {
        guard text.utf8.count > textBytes else { return text }
        return String(decoding: text.utf8.prefix(textBytes), as: UTF8.self)
    }
}
