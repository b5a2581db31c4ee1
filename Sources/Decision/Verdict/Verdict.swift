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
    /// The codes that the policy gave for a denial or a hold, in its own words.
    public var policyCodes: [String] = []
    /// The response that the policy wants a refused client to get.
    public var answer: PolicyAnswer?
    /// What the policy has changed of a request that it allows, and that somebody else carries.
    public var changes: PolicyChanges?
    /// What grants and policy demand of a run of generated code, one entry for each of them that says something.
    public var sandbox: [SandboxTerms] = []
    /// Whether the grant that covers the operation names exactly its destination, and not one of many.
    public var isDestinationNamed = false
    /// Why a person has to agree to what the grants allow, where one of them says so.
    var demand: String?

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

    private static let named: KeyValuePairs<StaticString, Obligations> = [
        "require_matching_server_name": .requireMatchingServerName,
        "allow_encrypted_client_hello": .allowEncryptedClientHello,
    ]

    /// The names, for records and explanations.
    public var names: [String] {
        if isEmpty { return [] }
        return Self.named.filter { contains($0.value) }.map(\.key.description)
    }

    /// The obligation of a name, which must be its exact bytes.
    static func named(_ name: UnsafeBufferPointer<UInt8>) -> Obligations? {
        named.first { $0.key.withUTF8Buffer { $0.elementsEqual(name) } }?.value
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
