// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The state of the gate: the answer of `GET /v1/status`.
public struct StatusReport: Codable, Sendable, Hashable {
    /// What the gate does.
    public enum State: String, Codable, Sendable {
        /// It takes requests.
        case serving
        /// It stops; what is open may finish.
        case draining
    }

    /// The configuration that is in force.
    public struct Configuration: Codable, Sendable, Hashable {
        /// The file.
        public var path: String
        /// SHA-256 of its bytes, in hexadecimal digits.
        public var digest: String
        /// Counts up with each reload that was accepted.
        public var revision: UInt64
        /// When it came into force, RFC 3339.
        public var loadedAt: String

        /// Collects the parts.
        public init(path: String, digest: String, revision: UInt64, loadedAt: String) {
            self.path = path
            self.digest = digest
            self.revision = revision
            self.loadedAt = loadedAt
        }
    }

    /// The audit tree.
    public struct Audit: Codable, Sendable, Hashable {
        /// Where it lies.
        public var directory: String
        /// The name of the log.
        public var origin: String
        /// What "recorded" means: `process` or `disk`.
        public var durability: String
        /// How many records it has.
        public var records: UInt64
        /// Whether records can be written; while they cannot, everything is denied.
        public var isAvailable: Bool
        /// How many records could not be written since the start; each stood for a request that was denied. Absent for none.
        public var refused: UInt64?

        /// Collects the parts.
        public init(directory: String, origin: String, durability: String, records: UInt64, isAvailable: Bool) {
            self.directory = directory
            self.origin = origin
            self.durability = durability
            self.records = records
            self.isAvailable = isAvailable
        }
    }

    /// Who the gate is, where it issues or takes identities.
    public struct Identity: Codable, Sendable, Hashable {
        /// Who issues identities: `embedded`, or the socket of a SPIRE agent.
        public var source: String
        /// The gate's own SPIFFE ID; absent while it has none.
        public var id: String?
        /// When its certificate ends.
        public var expiresAt: String?
        /// Why it has no identity now.
        public var problem: String?
        /// The trust domains whose identities are recognised.
        public var trustDomains: [String]
        /// Where workloads of this machine get identities.
        public var socket: String?
        /// Where tokens are exchanged.
        public var endpoints: String?

        /// Names the source.
        public init(source: String, trustDomains: [String]) {
            self.source = source
            self.trustDomains = trustDomains
        }
    }

    /// The program's version.
    public var version: String
    /// The gate's process.
    public var pid: Int32
    /// What it does.
    public var state: State
    /// Seconds since it started.
    public var uptimeSeconds: Int64
    /// The trust domain of its agents.
    public var trustDomain: String
    /// The short names of its agents.
    public var agents: [String]
    /// The configuration that is in force.
    public var configuration: Configuration
    /// What the last reload came to; absent before the first.
    public var lastReload: ReloadReport?
    /// Addresses and socket paths on which agents are served.
    public var listeners: [String]
    /// How many connections are open.
    public var connections: Int
    /// How many launched agents run.
    public var launches: Int
    /// Agents that are quarantined, by SPIFFE ID.
    public var quarantined: [String]
    /// More about each of them; absent without any.
    public var quarantines: [QuarantineState]?
    /// How many revocations are remembered; absent without any.
    public var revocations: Int?
    /// The bundles of the policy.
    public var bundles: [BundleReport]
    /// What trying another policy has shown; absent where none is tried.
    public var rollout: RolloutReport?
    /// Who the gate is; absent without a source of identities.
    public var identity: Identity?
    /// The audit tree.
    public var audit: Audit
    /// How many tasks, and agents without a task, have values that are followed.
    public var followedTasks: Int?
    /// How the endpoints fare of services that have several; absent without any.
    public var endpoints: [ServiceEndpointReport]?
    /// How the gate stands among the gates that share its state; absent for a gate alone.
    public var cluster: ClusterReport?
    /// Why the gate denies everything at present; absent while it decides.
    public var denial: String?

    /// Collects the parts.
    public init(
        version: String, pid: Int32, state: State, uptimeSeconds: Int64, trustDomain: String, agents: [String],
        configuration: Configuration, lastReload: ReloadReport?, listeners: [String], connections: Int, launches: Int,
        quarantined: [String], bundles: [BundleReport] = [], identity: Identity? = nil, audit: Audit
    ) {
        self.version = version
        self.pid = pid
        self.state = state
        self.uptimeSeconds = uptimeSeconds
        self.trustDomain = trustDomain
        self.agents = agents
        self.configuration = configuration
        self.lastReload = lastReload
        self.listeners = listeners
        self.connections = connections
        self.launches = launches
        self.quarantined = quarantined
        self.bundles = bundles
        self.identity = identity
        self.audit = audit
    }
}
