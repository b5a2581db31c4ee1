// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What happens to an exchange because of a finding, from the mildest.
public enum LeakAction: Int, Sendable, Hashable, Comparable, CaseIterable {
    /// Nothing but the record.
    case allow
    /// The finding is replaced by `[redacted: NAME]`.
    case redact
    /// A person is asked.
    case hold
    /// The exchange is refused.
    case deny

    /// Whether the first is milder.
    public static func < (left: LeakAction, right: LeakAction) -> Bool { left.rawValue < right.rawValue }

    /// What is done where a grant says nothing.
    ///
    /// A registered secret or a canary never leaves; a secret that comes back is taken out, and a canary that does was only
    /// read. What is known by its form alone is refused on its way out and only
    /// noted when it comes in: documents are full of examples of keys. A text that instructs is refused where a model
    /// reads it as its task, which is everywhere but in the agent's own requests.
    public static func standard(for kind: LeakKind, on surface: LeakSurface) -> LeakAction {
        switch kind {
        case .secret: return surface == .result ? .redact : .deny
        case .canary: return surface == .result ? .allow : .deny
        case .credential: return surface.isOutgoing ? .deny : .allow
        case .financial, .personal: return surface.isOutgoing ? .hold : .allow
        case .opaque:
            switch surface {
            case .hostname: return .deny
            case .target: return .hold
            default: return .allow
            }
        case .instruction:
            switch surface {
            case .definition: return .deny
            case .argument, .message, .result: return .hold
            default: return .allow
            }
        case .command, .sensitivePath:
            switch surface {
            case .definition, .argument: return .deny
            default: return .allow
            }
        }
    }

    /// The strictest of what is done for the findings of a report.
    public static func standard(for report: LeakReport, on surface: LeakSurface) -> LeakAction {
        report.findings.map { standard(for: $0.kind, on: surface) }.max() ?? .allow
    }
}
