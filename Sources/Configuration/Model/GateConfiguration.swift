// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Addresses
public import Identity

/// What `yett.yaml` says, typed, with every default filled in.
public struct GateConfiguration: Sendable {
    /// `trust_domain`: the SPIFFE trust domain of all agents.
    public var trustDomain: TrustDomain
    /// `agents`, in the order of the file.
    public var agents: [AgentConfiguration] = []
    /// `services`, in the order of the file.
    public var services: [ServiceConfiguration] = []
    /// `egress`: the forward proxy.
    public var egress = EgressConfiguration()
    /// `policy`: what decides every request.
    public var policy = PolicyConfiguration()
    /// `decision_log`: the log of decisions in OPA's form.
    public var decisionLog = DecisionLogConfiguration()
    /// `audit`: the record of every decision.
    public var audit = AuditConfiguration()
    /// `identity`: who issues identities, and who gets which.
    public var identity = IdentityConfiguration()
    /// `people`: how people sign in; `nil` when they do not.
    public var people: PeopleConfiguration?
    /// `admin`: the operators' socket.
    public var admin = AdminConfiguration()
    /// `limits`: the process as a whole.
    public var limits = ProcessLimits()

    /// A configuration of defaults.
    public init(trustDomain: TrustDomain) { self.trustDomain = trustDomain }
}

/// A named upstream.
public struct ServiceConfiguration: Sendable, Hashable {
    /// The name that grants refer to.
    public var name: String
    /// `host`.
    public var host: Host
    /// `port`.
    public var port: UInt16
    /// `protocol`.
    public var protocolName: ProtocolName = .http
    /// `labels`: names and values for policies.
    public var labels: [String: String] = [:]
    /// `spiffe_id`: who the service is, so that it may ask about the tokens that are meant for it.
    public var spiffeID: SPIFFEID?
    /// Where the service stands in the file.
    public var place = Place.start

    /// Names a service.
    public init(name: String, host: Host, port: UInt16) {
        self.name = name
        self.host = host
        self.port = port
    }

    /// What a service speaks.
    public enum ProtocolName: String, Sendable, Hashable, CaseIterable {
        /// HTTP.
        case http
        /// A model API over HTTP.
        case llm
        /// The Model Context Protocol.
        case mcp
        /// Agent to agent.
        case a2a
        /// PostgreSQL.
        case postgres
        /// Bytes.
        case tcp
    }
}
