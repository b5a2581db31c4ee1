// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import AuditTree
package import Decision
public import LeakDetection
internal import Protocols
internal import Synchronization

/// What all planes look for in what agents send. Safe from any thread; changed by a reload.
public final class LeakInspector: Sendable {
    /// What is in force: one reference, since a matcher has many parts.
    private final class Settings: Sendable {
        let matcher: LeakMatcher
        let isEnforced: Bool

        init(_ matcher: LeakMatcher, isEnforced: Bool) {
            self.matcher = matcher
            self.isEnforced = isEnforced
        }
    }

    private let settings = Mutex<Settings?>(nil)
    private let isOnFlag = Atomic<Bool>(false)

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

    private var current: Settings? { settings.withLock { $0 } }

    /// Looks through what a request says before its body, and its body where that is known as a whole.
    ///
    /// - Parameters:
    ///   - facts: The request; a named service's host is the operator's own word and not looked at.
    ///   - head: The fields as they are sent.
    ///   - body: Where it is not the arguments of the operation.
    /// - Returns: `nil` when nothing was found.
    package func judge(_ facts: Facts, head: [UInt8] = [], body: [UInt8] = []) -> LeakVerdict? {
        guard let settings = current else { return nil }
        let matcher = settings.matcher
        var verdict = LeakVerdict(isEnforced: settings.isEnforced)
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
        } else if !body.isEmpty {
            verdict.add(matcher.inspect(body), .body)
        }
        return verdict.isEmpty ? nil : verdict
    }

    /// A scanner for a body that passes piece by piece; `nil` where nothing is looked for.
    package func scanner() -> LeakScanner? {
        guard isOn else { return nil }
        return current.map { LeakScanner($0.matcher) }
    }

    /// What findings of a scanner come to; `nil` for none.
    package func judge(_ findings: [LeakFinding]) -> LeakVerdict? {
        guard !findings.isEmpty, let settings = current else { return nil }
        var verdict = LeakVerdict(isEnforced: settings.isEnforced)
        verdict.add(findings, .body)
        return verdict
    }
}

/// What was found in a request, by name; never what it says.
package struct LeakVerdict: Sendable {
    private let isEnforced: Bool
    private var strictest = LeakAction.allow
    private var names: [String] = []
    private var canaries: [String] = []

    private static let mostNames = 8

    init(isEnforced: Bool) { self.isEnforced = isEnforced }

    var isEmpty: Bool { names.isEmpty }

    /// What is done about it. A person is asked where something would have to be taken out: requests are never changed.
    package var action: LeakAction {
        guard isEnforced else { return .allow }
        return strictest == .redact ? .hold : strictest
    }

    /// What a person and a record are told.
    package var detail: String { names.joined(separator: "; ") }

    /// What is recorded beside the verdict.
    package var observations: [(cause: String, detail: String)] {
        var list: [(cause: String, detail: String)] = []
        if !canaries.isEmpty { list.append((ObservationCause.canaryTouched, canaries.joined(separator: ", "))) }
        if action == .allow, !names.isEmpty { list.append((ObservationCause.leakObserved, detail)) }
        return list
    }

    mutating func add(_ report: LeakReport, _ surface: LeakSurface) { add(report.findings, surface) }

    mutating func add(_ findings: [LeakFinding], _ surface: LeakSurface) {
        for finding in findings {
            let action = LeakAction.standard(for: finding.kind, on: surface)
            strictest = max(strictest, action)
            if finding.kind == .canary { canaries.append(finding.name) }
            guard action > .allow, names.count < Self.mostNames else { continue }
            let name = "\(surface.rawValue): \(finding.kind.rawValue) \(finding.name)"
            if !names.contains(name) { names.append(name) }
        }
    }
}
