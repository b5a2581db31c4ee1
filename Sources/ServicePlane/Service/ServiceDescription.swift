// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Addresses
public import Credentials
public import Decision
public import Protocols

/// A named service as the plane needs it: where it is, what it speaks, what it is given.
public struct ServiceDescription: Sendable {
    /// What the service speaks.
    public enum Language: Sendable {
        /// HTTP: operations are methods and paths.
        case http
        /// The Model Context Protocol.
        case mcp(ToolServer)
        /// The interfaces of OpenAI and Anthropic for models.
        case model(ModelServer)
        /// HTTP: operations are those of an OpenAPI document.
        case documented(DocumentedService)
        /// Several servers of the Model Context Protocol as one.
        case joined(JoinedEndpoint)
        /// Agent to agent (A2A).
        case agent(AgentServer)
    }

    /// The name that grants refer to, and the one in `/s/<name>/`.
    public var name: String
    /// Where it is.
    public var host: Host
    /// Where it is.
    public var port: UInt16
    /// All places at which it is, when there are several; ``host`` and ``port`` are those of the first one.
    public var endpoints: [EndpointDescription] = []
    /// When an endpoint that fails gets no requests for a while.
    public var ejection = EjectionRules()
    /// How the gate asks by itself whether endpoints are well; `nil` when it does not.
    public var health: HealthRules?
    /// What it speaks.
    public var language = Language.http
    /// How it is spoken to.
    public var security = UpstreamSecurity.off
    /// Which version of HTTP it is asked with.
    public var http = UpstreamHTTP.http1
    /// Where the service begins upstream: `/`, or a canonical path without a slash at its end.
    public var path = "/"
    /// Names of the gate that mean this service, in lower case.
    public var virtualHosts: [String] = []
    /// What is added to each request after the verdict.
    public var credential: ServiceCredential?
    /// Where the word about who is asking comes from, for services that want it.
    public var assertion: TokenSource?
    /// What is looked for in answers; `nil` when nothing is.
    public var secrets: SecretPatterns?
    /// Whether what is obtained for a request may be looked for in its answer.
    public var searchesObtained = false
    /// The service as an OAuth resource; `nil` where signed tokens are not for it.
    public var resource: ProtectedResource?
    /// Whether a call must belong to a task.
    public var requiresTask = false
    /// Whether nobody has any business with it: whoever asks it for anything has touched something planted.
    public var isDecoy = false
    /// Whether each client brings its own server along, and there is no other way to one.
    public var isAttached = false
    /// The server where the gate itself is one; then there is no other way to it.
    public var builtIn: (any BuiltInServer)?
    /// The tools, models and skills to whose calls a person has to agree, by the bytes of their names.
    public var approvedTools: Set<[UInt8]> = []

    /// Describes a service.
    public init(name: String, host: Host, port: UInt16) {
        self.name = name
        self.host = host
        self.port = port
    }
}

/// What is known of an MCP server.
public struct ToolServer: Sendable {
    /// What is known of its tools, by name.
    public var annotations: [String: ToolAnnotations] = [:]
    /// Tools that it does not have, with what they are said to do: whoever calls one has touched something planted.
    public var decoys: [String: String] = [:]
    /// Whether only tools that an operator approved are believed, and not those of the first list.
    public var needsApproval = false
    /// The choices about where values may come from.
    public var provenance = ProvenanceSettings()
    /// Web origins whose pages may reach it.
    public var origins: [String] = []
    /// What is taken for known of every tool without annotations; `nil` when the values of its calls are not judged.
    public var unannotated: ToolAnnotations?
    /// Whether what the server says of its own tools may make the rules stricter without an operator's approval.
    public var heedsAnnotations = false
    /// Whether a tool with the name of another server's waits for an operator.
    public var holdsSameNames = false
    /// Whether a tool whose text speaks of another server's waits for an operator.
    public var holdsMentions = true
    /// What the server may ask of a client; `nil` for what each revision has by itself.
    public var requests: Set<MCPMethod>?
    /// Whether calls outside of tasks are judged by where their values come from.
    public var judgesOutsideTasks = true

    /// Nothing is known.
    public init() {}
}
