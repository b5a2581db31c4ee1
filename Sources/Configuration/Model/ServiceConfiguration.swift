// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Addresses
public import Decision
public import Identity
public import Protocols

/// A named upstream.
public struct ServiceConfiguration: Sendable, Hashable {
    /// The name that grants refer to.
    public var name: String
    /// `host`, or that of the first of `endpoints`.
    public var host: Host
    /// `port`, or that of the first of `endpoints`.
    public var port: UInt16
    /// `endpoints`: all places at which the service is; empty where it says `host` and `port`.
    public var endpoints: [Endpoint] = []
    /// `ejection`: when an endpoint that fails gets no requests.
    public var ejection = EjectionConfiguration()
    /// `health`: how the gate asks endpoints whether they are well.
    public var health: HealthConfiguration?
    /// `protocol`.
    public var protocolName: ProtocolName = .http
    /// `decoy`: whether nobody has any business with the service; whoever asks it for anything is in quarantine.
    public var isDecoy = false
    /// `decoys`: tools that an MCP server does not have, with what they are said to do; whoever calls one is in quarantine.
    public var decoys: [DecoyTool] = []
    /// `labels`: names and values for policies.
    public var labels: [String: String] = [:]
    /// `spiffe_id`: who the service is, so that it may ask about the tokens that are meant for it; with `tls: svid` also
    /// whom it must prove to be.
    public var spiffeID: SPIFFEID?
    /// `tls`, with `ca`: how connections to the service are secured.
    public var tls: UpstreamTLS = .off
    /// `http`: which version of HTTP the service is asked with.
    public var http: HTTPVersion = .auto
    /// `server_name`: whom the service's certificate is for, when that is not `host`.
    public var serverName: HostName?
    /// `path`: where the service begins upstream, canonical; `/`, or without a slash at its end.
    public var path = "/"
    /// `hosts`: names that mean this service at the gate's listeners.
    public var virtualHosts: [HostName] = []
    /// `credential`: what the gate adds to requests.
    public var credential: ServiceAccess?
    /// `assertion`: whether the service is told who is asking.
    public var assertion: AssertionRule = .off
    /// `scan_response`: whether answers are searched for what the gate adds to requests.
    public var scansResponses = false
    /// `resource`: the service as an OAuth resource; `nil` where it is none but by its protocol.
    public var resource: ResourceConfiguration?
    /// `tasks`.
    public var tasks: TaskRule = .optional
    /// `openapi`: the file with the service's OpenAPI document.
    public var openAPI: String?
    /// `other_requests`: whether requests that are no operation of the document are left to grants.
    public var allowsOtherRequests = false
    /// `tool_calls`: which tools a model may be offered and may call.
    public var toolCalls: ToolCallRule = .any
    /// `prices`: what models cost, by their names; `*` is every other one.
    public var prices: [String: ModelPrice] = [:]
    /// `tools`: what is known of the tools of an MCP server, or of the skills of an agent.
    public var tools: [AnnotatedTool] = []
    /// The tools of `tools` with `approval: required`: a person has to agree to each call.
    public var approvedTools: [String] = []
    /// `pin_tools`.
    public var pinning: ToolPinning = .firstUse
    /// `other_tools`: what is taken for known of every tool that `tools` does not name.
    public var otherTools: ToolAnnotations?
    /// `server_annotations`: whether what an MCP server says of its own tools may make the rules stricter.
    public var heedsServerAnnotations = false
    /// `same_names`: what becomes of a tool with the name of another server's.
    public var sameNames: ToolShadowing = .recorded
    /// `mentions`: what becomes of a tool whose text speaks of another server's.
    public var mentions: ToolShadowing = .held
    /// `server_requests`: what an MCP server may ask of a client; `nil` for what each revision has without the key.
    public var serverRequests: [MCPMethod]?
    /// `provenance`: where the values in calls may come from.
    public var provenance = ProvenanceSettings()
    /// `provenance.outside_tasks`: whether calls outside of tasks are judged by that too.
    public var judgesOutsideTasks = true
    /// `origins`: web origins whose pages may reach an MCP server, as browsers write them.
    public var origins: [String] = []
    /// `env`: variables that lead launched agents to the service, by their names.
    public var environment: [String: ServiceVariable] = [:]
    /// `servers`: the MCP services that are joined to this one.
    public var servers: [String] = []
    /// `stdio`: the agent as which `yett mcp stdio` starts the server, which each client has for itself.
    public var stdio: String?
    /// Whether the gate itself is the service; then it stands in no file.
    public var isBuiltIn = false
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

        /// Whether it is HTTP, or something over it.
        public var isHTTP: Bool {
            switch self {
            case .http, .llm, .mcp, .a2a: true
            case .postgres, .tcp: false
            }
        }
    }

    /// The value of a variable of launched agents.
    public enum ServiceVariable: Sendable, Hashable {
        /// The URL of this path at the service; it begins with a slash.
        case url(path: String)
        /// The word `unused`, for clients that insist on a key: the gate adds the real one.
        case unused
    }

    /// How connections to a service are secured.
    public enum UpstreamTLS: Sendable, Hashable {
        /// `off`: not at all.
        case off
        /// `web`: by the web's authorities, or those of the PEM file `ca`.
        case web(authority: String?)
        /// `svid`: by the X509-SVID of `spiffe_id`; the gate shows its own.
        case svid
    }

    /// Which version of HTTP a service is asked with.
    public enum HTTPVersion: String, Sendable, Hashable, CaseIterable {
        /// What the service chooses in TLS; HTTP/1.1 without TLS.
        case auto
        /// HTTP/1.1.
        case http1 = "1.1"
        /// HTTP/2, without TLS by prior knowledge.
        case http2 = "2"
    }

    /// All places at which the service is.
    public var places: [Endpoint] {
        endpoints.isEmpty ? Endpoint(host: host, port: port).map { [$0] } ?? [] : endpoints
    }

    /// Whether calls belong to tasks.
    public enum TaskRule: String, Sendable, Hashable, CaseIterable {
        /// With a task or without.
        case optional
        /// With a task only.
        case required
    }

    /// Which tools a model may be offered and may call.
    public enum ToolCallRule: String, Sendable, Hashable, CaseIterable {
        /// Any that the request offers.
        case any
        /// Those that grants of the agent name.
        case granted
    }

    /// Which definitions of tools are believed.
    public enum ToolPinning: String, Sendable, Hashable, CaseIterable {
        /// Those that are seen first.
        case firstUse = "first-use"
        /// Those that an operator approved.
        case approved
    }

    /// What becomes of a tool that gets in the way of another server's.
    public enum ToolShadowing: String, Sendable, Hashable, CaseIterable {
        /// It is used, and a record says so.
        case recorded
        /// It waits for an operator.
        case held
    }

    /// What `tls` is when the file does not say it.
    static func standardTLS(_ name: ProtocolName, port: UInt16) -> UpstreamTLS {
        name.isHTTP && port == 443 ? .web(authority: nil) : .off
    }
}

/// A tool and what is known of it, an entry of `tools`.
public struct AnnotatedTool: Sendable, Hashable {
    /// The tool's name: ASCII letters, digits, `-`, `_` and `.`.
    public var name: String
    /// What is known of it.
    public var annotations: ToolAnnotations

    /// Describes a tool.
    public init(name: String, annotations: ToolAnnotations) {
        self.name = name
        self.annotations = annotations
    }
}
