// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Synchronization

/// What the service plane keeps beside connections: the services, sealed sessions, and where the values of tasks came
/// from. Safe from any thread.
final class ServiceCore: Sendable {
    let sessions: MCPSessions
    let book: ProvenanceBook
    let approvals: Approvals
    /// Sessions with endpoints that join several servers.
    let joined = JoinedSessions()
    /// Signs what the gate says of services; `nil` where nobody does.
    let signer: A2AMediation.Signer?
    /// Judges signed tokens of agents; `nil` where none count.
    let judge: (any AccessTokenJudge)?
    private let tools: MCPToolStates
    /// How many event loops ask services.
    private let loops: Int
    private let current: Mutex<ServiceTable>

    /// - Parameter tools: What is known of the tools of all servers; it lives on when a service is gone for a while.
    init(
        sessions: MCPSessions, book: ProvenanceBook = ProvenanceBook(), approvals: Approvals = Approvals(),
        tools: MCPToolStates = MCPToolStates(), loops: Int = 1,
        signer: A2AMediation.Signer? = nil, judge: (any AccessTokenJudge)? = nil
    ) {
        self.judge = judge
        self.sessions = sessions
        self.approvals = approvals
        self.book = book
        self.tools = tools
        self.loops = loops
        self.signer = signer
        current = Mutex(ServiceTable([]))
    }

    /// The services that are served now.
    var table: ServiceTable { current.withLock { $0 } }

    /// Serves these services from now on; what is known of a server's tools stays.
    func replace(_ descriptions: [ServiceDescription]) {
        let known = table
        let services = descriptions.map { description in
            let former = known.service(named: Array(description.name.utf8))
            let endpoints = ServiceEndpoints(description, following: former?.endpoints, loops: loops)
            if case .agent(let server) = description.language {
                let agent = former?.agent
                agent?.replace(server)
                return GateService(
                    description, endpoints: endpoints,
                    agent: agent ?? A2AServiceState(name: description.name, settings: server))
            }
            guard case .mcp(let server) = description.language else {
                return GateService(description, endpoints: endpoints)
            }
            var settings = MCPServiceSettings(server, path: description.path)
            if let own = description.builtIn {
                settings.takeContent()
                let state = MCPServiceState(own, name: description.name, settings: settings)
                return GateService(description, endpoints: endpoints, tools: state)
            }
            return GateService(
                description, endpoints: endpoints, tools: tools.state(of: description.name, settings))
        }
        current.withLock { $0 = ServiceTable(services) }
    }
}

extension MCPServiceSettings {
    /// What a description says of an MCP server.
    init(_ server: ToolServer, path: String) {
        self.init()
        annotations = server.annotations
        approval = server.needsApproval ? .approved : .firstUse
        provenance = server.provenance
        decoys = server.decoys
        origins = server.origins
        unannotated = server.unannotated
        heedsAnnotations = server.heedsAnnotations
        sameName = server.holdsSameNames ? .held : .recorded
        mention = server.holdsMentions ? .held : .recorded
        judgesOutsideTasks = server.judgesOutsideTasks
        if let requests = server.requests { (serverRequests, inputs) = (requests, requests) }
        if !path.utf8.elementsEqual("/".utf8) { paths = ["", "/"] }
    }
}
