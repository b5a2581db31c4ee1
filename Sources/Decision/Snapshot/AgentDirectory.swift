// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Addresses
public import Identity
internal import Protocols

/// How callers are recognised: the attestation entries of all agents, arranged for look-up.
///
/// The planes bring evidence (an address, a token's digest, the kernel's credentials, a certificate's SPIFFE ID) and get
/// a ``Identity/VerifiedIdentity`` or nothing.
public struct AgentDirectory: Sendable {
    /// One agent and the evidence that identifies it.
    public struct Agent: Sendable {
        /// The agent's SPIFFE ID.
        public var id: SPIFFEID
        /// What the agent is for; agents of one role are expected to behave alike.
        public var role: String?
        /// Networks whose addresses are taken for the agent (strength 0).
        public var sources: [AddressBlock]
        /// SHA-256 digests of bearer tokens, 32 bytes each (strength 1).
        public var tokenDigests: [[UInt8]]
        /// Tokens of authorization servers that are taken for the agent's (strength 1).
        public var issuedTokens: [IssuedTokenRule]
        /// Kernel credentials, any of which identifies the agent (strength 2).
        public var processes: [ProcessSelector]
        /// Whether `yett exec` may start the agent (strength 3).
        public var allowsLaunch: Bool
        /// Whether a client certificate with the agent's SPIFFE ID identifies it (strength 4).
        public var allowsCertificate: Bool

        /// Collects the evidence.
        public init(
            id: SPIFFEID, sources: [AddressBlock] = [], tokenDigests: [[UInt8]] = [],
            issuedTokens: [IssuedTokenRule] = [], processes: [ProcessSelector] = [], allowsLaunch: Bool = false,
            allowsCertificate: Bool = false
        ) {
            self.id = id
            self.sources = sources
            self.tokenDigests = tokenDigests
            self.issuedTokens = issuedTokens
            self.processes = processes
            self.allowsLaunch = allowsLaunch
            self.allowsCertificate = allowsCertificate
        }
    }

    /// All agents, in the order of the configuration.
    public let agents: [Agent]

    private let byToken: [[UInt8]: Int]
    /// By the text of the SPIFFE ID.
    private let byName: [String: Int]
    private let sources: [(block: AddressBlock, agent: Int)]

    /// Arranges the agents.
    public init(agents: [Agent]) {
        self.agents = agents
        var byToken: [[UInt8]: Int] = [:]
        var byName: [String: Int] = [:]
        var sources: [(block: AddressBlock, agent: Int)] = []
        for (index, agent) in agents.enumerated() {
            byName[agent.id.description] = index
            for digest in agent.tokenDigests { byToken[digest] = index }
            for block in agent.sources { sources.append((block, index)) }
        }
        self.byToken = byToken
        self.byName = byName
        // The longest prefix is tried first, so that a host entry wins over the network around it.
        self.sources = sources.sorted { $0.block.prefixLength > $1.block.prefixLength }
    }

    /// The agent whose networks hold `address`.
    public func identify(source address: IPAddress) -> VerifiedIdentity? {
        for entry in sources where entry.block.contains(address) {
            return VerifiedIdentity(
                proved: agents[entry.agent].id, by: .sourceAddress, selectors: ["source:\(entry.block)"],
                role: agents[entry.agent].role)
        }
        return nil
    }

    /// The agent that owns the bearer token with this SHA-256 digest.
    public func identify(tokenDigest digest: [UInt8]) -> VerifiedIdentity? {
        guard let index = byToken[digest] else { return nil }
        var basis = ProofBasis()
        basis.tokenDigest = digest
        return VerifiedIdentity(proved: agents[index].id, by: .token, role: agents[index].role, basis: basis)
    }

    /// The agent with a selector that the process satisfies in every part.
    public func identify(process: ProcessCredentials) -> VerifiedIdentity? {
        for agent in agents {
            for selector in agent.processes where selector.matches(process) {
                return VerifiedIdentity(
                    proved: agent.id, by: .peerCredentials, selectors: process.selectors, role: agent.role)
            }
        }
        return nil
    }

    /// The agent named by a certificate that was verified in a TLS handshake.
    public func identify(certificate id: SPIFFEID) -> VerifiedIdentity? {
        identify(certificate: id.description)
    }

    /// The agent named by a certificate that was verified in a TLS handshake.
    ///
    /// - Parameter name: The SPIFFE ID as the certificate has it; what is none is nobody's.
    public func identify(certificate name: String) -> VerifiedIdentity? {
        guard let index = byName[name], agents[index].allowsCertificate else { return nil }
        let id = agents[index].id
        // Some characters are equal to others that an ID may have.
        guard id.description.hasBytes(of: name) else { return nil }
        return VerifiedIdentity(proved: id, by: .x509SVID, role: agents[index].role)
    }

    /// The agent `name`, if `yett exec` may start it.
    ///
    /// - Parameter time: When it is launched, in microseconds since 1970.
    public func identify(launch name: String, launch: String, at time: Int64) -> VerifiedIdentity? {
        for agent in agents where agent.allowsLaunch {
            guard let agentName = agent.id.agentName, agentName.utf8.elementsEqual(name.utf8) else { continue }
            return VerifiedIdentity(
                proved: agent.id, by: .launched, selectors: ["yett:launch:\(launch)"], role: agent.role,
                basis: ProofBasis(since: time))
        }
        return nil
    }

    /// Whether evidence that led to `identity` would still lead to it under this directory.
    public func stillHolds(_ identity: VerifiedIdentity) -> Bool {
        guard let index = byName[identity.id.description] else { return false }
        let agent = agents[index]
        switch identity.proof {
        case .none: return false
        case .sourceAddress:
            return identity.selectors.contains { text in agent.sources.contains { "source:\($0)" == text } }
        case .token: return agent.stillHolds(tokenOf: identity)
        case .peerCredentials: return agent.processes.contains { $0.matches(selectors: identity.selectors) }
        case .launched: return agent.allowsLaunch
        case .x509SVID: return agent.allowsCertificate
        }
    }
}
