// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity
public import Protocols

/// Which verified tokens of an authorization server are an agent's.
public struct IssuedTokenRule: Sendable, Hashable {
    /// `iss` of the tokens.
    public var issuer: String
    /// Claims with the texts that they must be, byte by byte; all of them.
    public var claims: [String: String]

    /// A rule.
    public init(issuer: String, claims: [String: String]) {
        self.issuer = issuer
        self.claims = claims
    }

    /// Whether a token of the issuer is meant. A list that holds the text is not the text.
    func matches(_ members: JSONObject) -> Bool {
        !claims.isEmpty
            && claims.allSatisfy { name, value in
                members[name]?.string.map { $0.utf8.elementsEqual(value.utf8) } ?? false
            }
    }
}

extension AgentDirectory {
    /// Whose a verified token is.
    public enum TokenOwner: Sendable, Hashable {
        /// Nobody's.
        case nobody
        /// An agent's.
        case agent(VerifiedIdentity)
        /// The rules of several agents fit: it says nothing.
        case several
    }

    /// The agent whose rules a token of an authorization server satisfies.
    ///
    /// - Parameters:
    ///   - issuer: `iss`, which was verified.
    ///   - claims: All of its claims.
    public func identify(issuedBy issuer: String, claims: JSONObject) -> TokenOwner {
        var owner: Agent?
        for agent in agents {
            let isMeant = agent.issuedTokens.contains {
                $0.issuer.utf8.elementsEqual(issuer.utf8) && $0.matches(claims)
            }
            guard isMeant else { continue }
            guard owner == nil else { return .several }
            owner = agent
        }
        guard let owner else { return .nobody }
        return .agent(
            VerifiedIdentity(
                proved: owner.id, by: .token, selectors: [Agent.selector(issuer: issuer)], role: owner.role))
    }

    /// The agent that shows one of the gate's own tokens, which it was given for its certificate.
    public func identify(ownTokenOf id: SPIFFEID) -> VerifiedIdentity? {
        guard let shown = identify(certificate: id) else { return nil }
        return VerifiedIdentity(proved: id, by: .token, selectors: [Agent.ownToken], role: shown.role)
    }
}

extension AgentDirectory.Agent {
    static let ownToken = "token:gate"

    static func selector(issuer: String) -> String { "token:issuer:\(issuer)" }

    /// Whether a token that led to the identity would still lead to it.
    func stillHolds(tokenOf identity: VerifiedIdentity) -> Bool {
        guard let selector = identity.selectors.first else { return !tokenDigests.isEmpty }
        if selector.utf8.elementsEqual(Self.ownToken.utf8) { return allowsCertificate }
        return issuedTokens.contains { selector.utf8.elementsEqual(Self.selector(issuer: $0.issuer).utf8) }
    }
}
