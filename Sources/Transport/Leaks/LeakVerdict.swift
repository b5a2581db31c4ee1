// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AuditTree
internal import Decision
package import LeakDetection

/// What was found in a request or an answer, by name; never what it says.
package struct LeakVerdict: Sendable {
    private let isEnforced: Bool
    private let rules: LeakRules
    private var strictest = LeakAction.allow
    private var names: [String] = []
    private var canaries: [String] = []
    private var seenCanaries: [String] = []
    private var instructions: [String] = []
    /// Of which kinds the findings are, and where they stood.
    private(set) var families: Set<LeakFamily> = []

    /// What records must not say in clear because of what was found.
    package private(set) var concealed = ConcealedParts()

    private static let mostNames = 8

    init(isEnforced: Bool, rules: LeakRules) {
        self.isEnforced = isEnforced
        self.rules = rules
    }

    var isEmpty: Bool {
        names.isEmpty && canaries.isEmpty && seenCanaries.isEmpty && instructions.isEmpty
    }

    /// What is done about it.
    package var action: LeakAction { isEnforced ? strictest : .allow }

    /// What a person and a record are told.
    package var detail: String { names.joined(separator: "; ") }

    /// What is recorded beside the verdict.
    package var observations: [(cause: String, detail: String)] {
        var list: [(cause: String, detail: String)] = []
        if !canaries.isEmpty { list.append((ObservationCause.canaryTouched, canaries.joined(separator: ", "))) }
        if !seenCanaries.isEmpty { list.append((ObservationCause.canarySeen, seenCanaries.joined(separator: ", "))) }
        if !instructions.isEmpty {
            list.append((ObservationCause.instructionSeen, instructions.joined(separator: ", ")))
        }
        guard !names.isEmpty else { return list }
        if action == .allow { list.append((ObservationCause.leakObserved, detail)) }
        if action == .redact { list.append((ObservationCause.leakRedacted, detail)) }
        return list
    }

    mutating func add(_ report: LeakReport, _ surface: LeakSurface) { add(report.findings, surface) }

    mutating func add(_ findings: [LeakFinding], _ surface: LeakSurface) {
        for finding in findings { add(finding, surface, rules.action(for: finding.kind, on: surface)) }
    }

    /// Adds a finding about which more has to be done than the rules say, because it cannot be taken out.
    mutating func add(_ finding: LeakFinding, _ surface: LeakSurface, atLeast least: LeakAction) {
        add(finding, surface, max(least, rules.action(for: finding.kind, on: surface)))
    }

    private mutating func add(_ finding: LeakFinding, _ surface: LeakSurface, _ asked: LeakAction) {
        // Places and names are not rewritten: what was asked for would be something else.
        let action = asked == .redact && !surface.isRewritten ? .deny : asked
        strictest = max(strictest, action)
        if action > .allow || finding.kind == .canary {
            families.insert(LeakFamily(kind: finding.kind, surface: surface))
        }
        if finding.kind.isValue {
            if surface == .hostname { concealed.host = true }
            if surface == .target { concealed.path = true }
        }
        if finding.kind == .canary {
            if surface.isOutgoing { canaries.appendNew(finding.name) } else { seenCanaries.appendNew(finding.name) }
        }
        if finding.kind == .instruction, !surface.isOutgoing { instructions.appendNew(finding.name) }
        guard action > .allow, names.count < Self.mostNames else { return }
        names.appendNew("\(surface.rawValue): \(finding.kind.rawValue) \(finding.name)")
    }
}

extension LeakSurface {
    /// Whether something can be taken out of what stands there.
    fileprivate var isRewritten: Bool {
        switch self {
        case .body, .argument, .message, .result: true
        case .hostname, .target, .header, .definition: false
        }
    }
}

extension [String] {
    fileprivate mutating func appendNew(_ text: String) {
        if !contains(where: { $0.utf8.elementsEqual(text.utf8) }) { append(text) }
    }
}

extension LeakRules {
    /// What is done about a finding. No grant has a word about canaries: whoever sends one has looked where it should not,
    /// and an answer that holds one is no touch, since nothing was done with it.
    func action(for kind: LeakKind, on surface: LeakSurface) -> LeakAction {
        let usual = LeakAction.standard(for: kind, on: surface)
        guard let term = kind.term else { return usual }
        // Nobody is asked about answers.
        if surface == .result { return LeakAction(answer(for: term, usual: usual == .hold ? .allow : usual.term)) }
        return LeakAction(action(for: term, usual: usual.term))
    }

    /// What is taken out on one side.
    func redacted(on surface: LeakSurface) -> Set<LeakKind> {
        LeakKind.redactable.filter { action(for: $0, on: surface) == .redact }
    }
}

extension LeakKind {
    /// Whether the finding is of something that nobody else may learn, and not of how a text is written.
    fileprivate var isValue: Bool {
        switch self {
        case .secret, .canary, .credential, .financial, .personal: true
        case .opaque, .instruction, .command, .sensitivePath: false
        }
    }

    fileprivate var term: LeakTerms.Kind? {
        switch self {
        case .secret: .secrets
        case .canary: nil
        case .credential: .patterns
        case .financial: .numbers
        case .personal: .personal
        case .opaque: .opaque
        case .instruction: .instructions
        case .command, .sensitivePath: .commands
        }
    }
}

extension LeakAction {
    fileprivate init(_ action: LeakTerms.Action) {
        self =
            switch action {
            case .allow: .allow
            case .redact: .redact
            case .hold: .hold
            case .deny: .deny
            }
    }

    fileprivate var term: LeakTerms.Action {
        switch self {
        case .allow: .allow
        case .redact: .redact
        case .hold: .hold
        case .deny: .deny
        }
    }
}
