// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
package import Decision
public import LeakDetection
internal import Protocols
internal import Synchronization
public import Telemetry

/// What all planes look for in what agents send and are sent. Safe from any thread; changed by a reload.
public final class LeakInspector: Sendable {
    /// What is in force: one reference, since a matcher has many parts.
    private final class Settings: Sendable {
        let matcher: LeakMatcher
        let isEnforced: Bool

        init(_ matcher: LeakMatcher, isEnforced: Bool) {
            self.matcher = matcher
            self.isEnforced = isEnforced
        }

        func verdict(_ rules: LeakRules) -> LeakVerdict { LeakVerdict(isEnforced: isEnforced, rules: rules) }
    }

    private let settings = Mutex<Settings?>(nil)
    private let isOnFlag = Atomic<Bool>(false)
    /// What was found since the start.
    private let found = Mutex<[LeakFamily: UInt64]>([:])

    /// Looks for nothing.
    public init() {}

    /// Looks for this from now on.
    ///
    /// - Parameters:
    ///   - matcher: `nil` for nothing.
    ///   - isEnforced: Whether findings are more than recorded.
    public func replace(with matcher: LeakMatcher?, isEnforced: Bool) {
        settings.withLock { $0 = matcher.map { Settings($0, isEnforced: isEnforced) } }
        isOnFlag.store(matcher != nil, ordering: .relaxed)
    }

    /// Whether anything is looked for.
    package var isOn: Bool { isOnFlag.load(ordering: .relaxed) }

    /// Whether findings are more than recorded.
    package var isEnforced: Bool { current?.isEnforced ?? false }

    private var current: Settings? { isOn ? settings.withLock { $0 } : nil }

    // MARK: Requests

    /// Looks through what a request says before its body, and its body where that is known as a whole.
    ///
    /// - Parameters:
    ///   - facts: The request; a named service's host is the operator's own word and not looked at.
    ///   - rules: What the grants say.
    ///   - head: The fields as they are sent.
    ///   - body: Where it holds more than the arguments of the operation.
    /// - Returns: `nil` when nothing was found.
    package func judge(_ facts: Facts, _ rules: LeakRules, head: [UInt8] = [], body: [UInt8] = []) -> LeakVerdict? {
        guard let settings = current else { return nil }
        let matcher = settings.matcher
        var verdict = settings.verdict(rules)
        if facts.service == nil, case .name(let name) = facts.destination.host {
            verdict.add(matcher.inspect(hostname: Array(name.description.utf8)), .hostname)
        }
        if let http = facts.http {
            let target = (http.sentPath ?? http.path ?? "") + (http.query.map { "?" + $0 } ?? "")
            if !target.isEmpty { verdict.add(matcher.inspect(target: Array(target.utf8)), .target) }
        }
        if !head.isEmpty { verdict.add(matcher.inspect(header: head), .header) }
        if let arguments = facts.operation.arguments {
            verdict.add(matcher.inspect(arguments: arguments), .argument)
        }
        if !body.isEmpty {
            let value = try? JSONValue(parsing: body)
            verdict.add(value.map { matcher.inspect(arguments: $0, on: .body) } ?? matcher.inspect(body), .body)
        }
        return verdict.isEmpty ? nil : verdict
    }

    /// Looks through fields behind a body.
    package func judge(fields: [[UInt8]], _ rules: LeakRules) -> LeakVerdict? {
        guard let settings = current else { return nil }
        var verdict = settings.verdict(rules)
        for field in fields { verdict.add(settings.matcher.inspect(header: field), .header) }
        return verdict.isEmpty ? nil : verdict
    }

    /// Whether a body in a content coding may pass, although nothing can be seen of it.
    ///
    /// - Parameter isAnswer: Whether it comes back.
    package func passesCoded(_ rules: LeakRules, isAnswer: Bool = false) -> Bool {
        guard let settings = current, settings.isEnforced else { return true }
        return (isAnswer ? rules.answer(for: .encoded, usual: .deny) : rules.action(for: .encoded, usual: .deny))
            == .allow
    }

    // MARK: Bodies

    /// Looks through a body that passes piece by piece; `nil` where nothing is looked for.
    ///
    /// - Parameter isAnswer: Whether it comes back.
    package func stream(
        _ rules: LeakRules, isAnswer: Bool = false, holding: LeakStream.Holding
    ) -> LeakStream? {
        current.map {
            LeakStream(
                $0.matcher, on: isAnswer ? .result : .body, rules, holding: holding, isEnforced: $0.isEnforced)
        }
    }

    /// Looks through the messages of a WebSocket; `nil` where nothing is looked for.
    package func socket(_ rules: LeakRules) -> LeakSocket? {
        current.map { LeakSocket($0.matcher, rules, isEnforced: $0.isEnforced) }
    }

    /// A whole body with `[redacted: NAME]` in the place of what the rules take out: in the texts of a JSON value, else in
    /// the bytes.
    ///
    /// - Returns: `nil` when it would still hold something that may not pass.
    package func redact(_ body: [UInt8], _ rules: LeakRules, on surface: LeakSurface) -> [UInt8]? {
        guard let settings = current else { return body }
        let kinds = rules.redacted(on: surface)
        var output: [UInt8]
        var report: LeakReport
        if let value = try? JSONValue(parsing: body) {
            guard let clean = settings.matcher.redact(value, on: surface, kinds: kinds) else { return nil }
            output = clean.isChanged ? clean.value.bytes : body
            report = settings.matcher.inspect(arguments: clean.value, on: surface)
            report.formUnion(settings.matcher.inspect(output, on: surface))
        } else {
            let first = settings.matcher.inspect(body, on: surface)
            guard !first.findings.contains(where: { kinds.contains($0.kind) && $0.path.contains(.gzip) }) else {
                return nil
            }
            output = LeakMatcher.redact(body, first, kinds: kinds)
            report = settings.matcher.inspect(output, on: surface)
        }
        return report.findings.contains { rules.action(for: $0.kind, on: surface) >= .redact } ? nil : output
    }

    /// A whole answer without what the rules take out.
    ///
    /// - Returns: What was found, and the answer; none when it may not pass.
    package func screen(answer body: [UInt8], _ rules: LeakRules) -> (body: [UInt8]?, verdict: LeakVerdict?) {
        guard let settings = current, !body.isEmpty else { return (body, nil) }
        var verdict = settings.verdict(rules)
        verdict.add(settings.matcher.inspect(body, on: .result), .result)
        if let value = try? JSONValue(parsing: body) {
            verdict.add(settings.matcher.inspect(arguments: value, on: .result), .result)
        }
        guard !verdict.isEmpty else { return (body, nil) }
        switch verdict.action {
        case .allow: return (body, verdict)
        case .redact: return (redact(body, rules, on: .result), verdict)
        case .hold, .deny: return (nil, verdict)
        }
    }

    /// The head of an answer, or a field behind it, with stars in the place of what the rules take out.
    ///
    /// - Returns: What was found, and the text; none when it may not pass.
    package func screen(head: [UInt8], _ rules: LeakRules) -> (head: [UInt8]?, verdict: LeakVerdict?) {
        guard let settings = current else { return (head, nil) }
        let report = settings.matcher.inspect(head, on: .result)
        var verdict = settings.verdict(rules)
        verdict.add(report, .result)
        guard !verdict.isEmpty else { return (head, nil) }
        guard verdict.action < .hold else { return (nil, verdict) }
        guard verdict.action == .redact else { return (head, verdict) }
        var head = head
        let kinds = rules.redacted(on: .result)
        for finding in report.findings where kinds.contains(finding.kind) {
            head.withUnsafeMutableBufferPointer {
                LeakMask.apply(to: $0, in: finding.offset..<(finding.offset &+ finding.length))
            }
        }
        return (head, verdict)
    }
}

/// What was found since the start, for metrics.
extension LeakInspector {
    /// Counts what was found.
    package func count(_ verdict: LeakVerdict) {
        guard !verdict.families.isEmpty else { return }
        found.withLock { found in
            for family in verdict.families { found[family, default: 0] &+= 1 }
        }
    }

    /// The counts, by kind and by where it stood.
    public var families: [MetricFamily] {
        let found = found.withLock { $0 }
        var family = MetricFamily(.leaks)
        for kind in LeakKind.allCases {
            for surface in LeakSurface.allCases {
                let count = found[LeakFamily(kind: kind, surface: surface)] ?? 0
                family.add([kind.rawValue, surface.rawValue], count)
            }
        }
        return [family]
    }
}

/// Findings of one kind in one place.
struct LeakFamily: Hashable, Sendable {
    let kind: LeakKind
    let surface: LeakSurface
}
