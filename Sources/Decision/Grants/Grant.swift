// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Addresses

/// What an agent may do: to which hosts, how, until when and how much of it.
///
/// Everything a grant names must hold; what it leaves out is not limited, except the port, which is 443 unless named.
/// A grant that limits facts which a plane cannot know, such as tool arguments at the egress plane, covers nothing there.
public struct Grant: Sendable {
    /// The name, unique within the agent.
    public var name: String
    /// The destinations. ``Addresses/HostPattern/Kind/any`` covers every host; the address guard still judges each address.
    public var hosts: [HostPattern]
    /// The ports; 443 alone unless told otherwise.
    public var ports: PortSet = .https
    /// Where ``hosts`` and ``ports`` do not go with one another: the only pairs of them. Empty when they all do.
    public var endpoints: [Endpoint] = []
    /// The protocols, or `nil` for all.
    public var schemes: Set<Destination.Scheme>?
    /// The methods. A tunnel counts as `CONNECT`.
    public var methods: MethodSet = .any
    /// The beginnings of canonical paths, or `nil` for every path. A tunnel hides its paths and is not covered.
    public var paths: [PathPrefix]?
    /// The MCP tools with their constraints, models or skills, or `nil` where none are listed.
    public var tools: [ToolGrant]?
    /// The resources of an MCP server, or `nil` where none are listed.
    public var resources: [ResourcePattern]?
    /// The prompts of an MCP server, or `nil` where none are listed.
    public var prompts: [String]?
    /// When the grant ends, in Unix seconds; at that second it is over.
    public var expires: Int64?
    /// How much may be spent.
    public var budget: GrantBudget?
    /// When in the week the grant applies.
    public var window: TimeWindow?
    /// What must be known of the caller.
    public var requirement = Requirement()
    /// What a tunnel must start with.
    public var tls: ServerNameRule = .matchingServerName
    /// Whether a ClientHello may hide its name (RFC 9849).
    public var allowsEncryptedClientHello = false
    /// Whether a person has to agree to each call that the grant names, whatever other grants cover it too.
    public var needsApproval = false
    /// What is demanded of each run of generated code that the grant names, whatever other grants cover it too.
    public var sandbox: SandboxTerms?
    /// What is done about what is found in calls and answers.
    public var leaks: LeakTerms?
    /// How much the labels under a wildcard may carry, or `nil` for no limit.
    public var nameBudget: NameBudget? = NameBudget()

    /// Makes a grant for hosts on port 443; everything else is set afterwards.
    public init(name: String, hosts: [HostPattern]) {
        self.name = name
        self.hosts = hosts
    }

    /// What a tunnel must start with.
    public enum ServerNameRule: String, Sendable, Hashable {
        /// A ClientHello whose server name is the tunnel's host.
        case matchingServerName = "sni"
        /// Anything; the tunnel may not even be TLS.
        case any
    }

    /// Whether tools, resources or prompts are listed; then nothing but what is listed is covered.
    public var listsCalls: Bool { tools != nil || resources != nil || prompts != nil }

    /// What must be known of the caller.
    public struct Requirement: Sendable, Hashable {
        /// The weakest proof that will do, as ``Identity/Proof/strength``.
        public var strength = 0
        /// Whether a person must stand behind the call.
        public var person = false
        /// Whether the call must belong to a task.
        public var task = false

        /// Nothing in particular.
        public init() {}
    }
}

/// A tool an agent may call, and with which arguments.
public struct ToolGrant: Sendable, Hashable {
    /// The tool's name, compared byte by byte.
    public var name: String
    /// What the arguments must satisfy, or `nil` for any arguments.
    public var arguments: ArgumentConstraint?

    /// Grants a tool.
    public init(name: String, arguments: ArgumentConstraint? = nil) {
        self.name = name
        self.arguments = arguments
    }
}
