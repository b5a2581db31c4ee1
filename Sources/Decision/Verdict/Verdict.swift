// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What a decision came to.
public struct Verdict: Sendable, Hashable {
    /// Allow, deny, or wait for a person.
    public var effect: Effect
    /// Why; the first is the one that is shown.
    public var reason: ReasonCode
    /// What a person should know, for example which limit or which rule.
    public var detail: String?
    /// The grant that covers the operation, or the one that came nearest.
    public var grant: GrantID?
    /// What must be done together with the operation.
    public var obligations: Obligations

    /// Records a verdict.
    public init(
        _ effect: Effect, _ reason: ReasonCode, detail: String? = nil, grant: GrantID? = nil,
        obligations: Obligations = []
    ) {
        self.effect = effect
        self.reason = reason
        self.detail = detail
        self.grant = grant
        self.obligations = obligations
    }

    /// A denial.
    public static func deny(_ reason: ReasonCode, detail: String? = nil, grant: GrantID? = nil) -> Verdict {
        Verdict(.deny, reason, detail: detail, grant: grant)
    }

    /// The three outcomes.
    public enum Effect: String, Sendable, Hashable {
        /// Go ahead.
        case allow
        /// Refuse.
        case deny
        /// Wait for a person.
        case hold
    }
}

/// What an allowing verdict demands of the plane.
public struct Obligations: OptionSet, Sendable, Hashable {
    /// The set as bits.
    public let rawValue: UInt32

    /// Makes a set from bits.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// A tunnel must start with a ClientHello that names the host.
    public static let requireMatchingServerName = Obligations(rawValue: 1 << 0)
    /// A ClientHello may carry an encrypted one (indistinguishable from GREASE).
    public static let allowEncryptedClientHello = Obligations(rawValue: 1 << 1)

    /// The names, for records and explanations.
    public var names: [String] {
        var names: [String] = []
        if contains(.requireMatchingServerName) { names.append("require_matching_server_name") }
        if contains(.allowEncryptedClientHello) { names.append("allow_encrypted_client_hello") }
        return names
    }
}

/// Names a grant: the agent it belongs to and its name there.
public struct GrantID: Sendable, Hashable, CustomStringConvertible {
    /// The agent's short name.
    public var agent: String
    /// The grant's name, unique within the agent.
    public var name: String

    /// Names a grant.
    public init(agent: String, name: String) {
        self.agent = agent
        self.name = name
    }

    /// `agent/name`.
    public var description: String { "\(agent)/\(name)" }
}
