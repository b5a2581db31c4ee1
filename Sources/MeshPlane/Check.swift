// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import AuditTree
internal import Decision
internal import Identity
internal import Protobufs
internal import Protocols
internal import SwiftProtobuf
internal import Transport

/// One request that an Envoy asks about, from what Envoy says of it to an answer.
struct Check {
    private let attributes: Envoy_Service_Auth_V3_AttributeContext
    private let core: MeshCore
    private let decision: DecisionID
    private let time: Int64

    init(
        _ attributes: Envoy_Service_Auth_V3_AttributeContext, core: MeshCore, decision: DecisionID, time: Int64
    ) {
        self.attributes = attributes
        self.core = core
        self.decision = decision
        self.time = time
    }

    /// What speaks against a request before it can be decided on.
    private struct Refusal: Error {
        let verdict: Verdict
        var facts: Facts?

        init(_ reason: ReasonCode, _ detail: String, _ facts: Facts? = nil) {
            verdict = .deny(reason, detail: detail)
            self.facts = facts
        }
    }

    private var http: Envoy_Service_Auth_V3_AttributeContext.HttpRequest { attributes.request.http }

    /// Decides.
    func judge() -> Outcome {
        do throws(Refusal) {
            return decide(try facts())
        } catch {
            return Outcome(error.verdict, decision, facts: error.facts, snapshot: core.authorizer.snapshot)
        }
    }

    private func decide(_ facts: Facts) -> Outcome {
        let snapshot = core.authorizer.snapshot
        guard core.isServing else {
            return Outcome(
                .deny(.auditUnavailable, detail: "the gate stops, or its audit log cannot be written"), decision,
                facts: facts, snapshot: snapshot)
        }
        var judgement = core.authorizer.authorize(facts, decision: decision)
        var verdict = judgement.verdict
        let revision = judgement.revision
        if verdict.effect == .hold {
            verdict = .deny(
                .approvalRequired, detail: "a person has to agree; Envoy cannot wait, so call it through the gate",
                grant: verdict.grant)
        } else if verdict.effect == .allow, judgement.takePermit() == nil {
            verdict = .deny(.auditUnavailable)
        }
        var outcome = Outcome(verdict, decision, facts: facts, snapshot: snapshot, revision: revision)
        if verdict.effect == .allow, let service = facts.service.flatMap(core.settings.service(named:)) {
            outcome.credential = service.credential
        }
        return outcome
    }

    // MARK: From Envoy's words to facts

    private func facts() throws(Refusal) -> Facts {
        let settings = core.settings
        let snapshot = core.authorizer.snapshot
        let line = try requestLine()
        let identity = try identity(in: snapshot)
        guard let service = service(in: settings) else {
            throw Refusal(.serviceUnknown, "the route names no service in context_extensions, and the host is none's")
        }
        var facts = Facts(
            identity: identity, plane: .mesh, operation: Operation(line.offersWebSocket ? .websocket : .request),
            destination: service.destination, time: time, source: source)
        facts.service = service.name
        facts.http = HTTPFacts(method: http.method, path: line.path, query: line.query)
        if line.hasParameters { facts.http?.sentPath = line.sentPath }
        let fields = http.headers.sorted { $0.key < $1.key }.filter { name, _ in
            name.utf8.first != UInt8(ascii: ":") && !name.utf8.elementsEqual("authorization".utf8)
        }
        if snapshot.policy?.readsFields ?? false {
            facts.http?.fields = fields.map { HTTPFacts.Field(name: $0.key, value: $0.value) }
        }
        try join(&facts, in: snapshot)
        guard !service.requiresTask || facts.task != nil else {
            throw Refusal(.taskRequired, "the service is only for calls within a task; send Yett-Task", facts)
        }
        if case .other = service.credential {
            throw Refusal(
                .operationUnknown, "what the service is shown is made for each request; call it through the gate", facts
            )
        }
        switch service.language {
        case .http: break
        case .mcp: facts.operation = try tool(line, fields, facts)
        case .other(let name):
            throw Refusal(.operationUnknown, "\(name) is not read behind Envoy; call it through the gate", facts)
        }
        if let tool = facts.operation.tool, service.approvedTools.contains(Array(tool.utf8)) {
            facts.approvalDemand = "a person has to agree to each call of \(tool)"
        }
        return facts
    }

    /// What a strict reader makes of method, path and host.
    private struct RequestLine {
        var path: String
        var sentPath: String
        var query: String?
        var hasParameters: Bool
        var offersWebSocket: Bool
    }

    private func requestLine() throws(Refusal) -> RequestLine {
        let (method, target, host) = (http.method, http.path, http.host)
        guard method.utf8.count <= 64, target.utf8.count <= 8192, host.utf8.count <= 512,
            (method + target + host).utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), target.utf8.first == UInt8(ascii: "/")
        else { throw Refusal(.protocolViolation, "method, path or host cannot be read") }
        var parser = HTTP1RequestParser()
        let bytes = Array("\(method) \(target) HTTP/1.1\r\nHost: \(host)\r\n\r\n".utf8)
        let line = bytes.withUnsafeBytes { bytes -> RequestLine? in
            guard case .complete = parser.parse(bytes) else { return nil }
            let head = parser.head
            let path = head.path.withDecisionBytes(in: bytes) { String(decoding: $0, as: UTF8.self) }
            let sent = head.path.withForwardBytes(in: bytes) { String(decoding: $0, as: UTF8.self) }
            return RequestLine(
                path: path, sentPath: sent, query: head.target.query?.text(in: bytes),
                hasParameters: head.path.hasParameters,
                offersWebSocket: http.headers["upgrade"].map { $0.lowercased() == "websocket" } ?? false)
        }
        guard let line else {
            throw Refusal(.protocolViolation, "the request line is not one that the gate would take")
        }
        // Envoy forwards what it has, and not what was made of it here.
        guard line.sentPath.utf8.elementsEqual(target.utf8.prefix { $0 != UInt8(ascii: "?") }) else {
            throw Refusal(.protocolViolation, "the path has another spelling; set normalize_path and merge_slashes")
        }
        return line
    }

    private func identity(in snapshot: Snapshot) throws(Refusal) -> VerifiedIdentity {
        let principal = attributes.source.principal
        guard !principal.isEmpty else {
            throw Refusal(.identityMissing, "Envoy verified nobody; set require_client_certificate")
        }
        guard let id = try? SPIFFEID(parsing: principal), let identity = snapshot.agents.identify(certificate: id)
        else {
            throw Refusal(.identityUnknown, "the certificate that Envoy verified is no agent's")
        }
        return identity
    }

    /// The route's word goes first: it is the operator's, and no request can change it.
    private func service(in settings: MeshSettings) -> MeshService? {
        if let name = attributes.contextExtensions["service"] { return settings.service(named: name) }
        return settings.service(at: http.host)
    }

    private var source: Source {
        let peer = attributes.source.address.socketAddress
        guard let address = IPAddress(peer.address) else { return .unknown }
        return .tcp(address, port: UInt16(clamping: peer.portValue))
    }

    private func join(_ facts: inout Facts, in snapshot: Snapshot) throws(Refusal) {
        guard let handle = http.headers["yett-task"] else { return }
        guard let task = TaskHandle(handle).flatMap({ snapshot.tasks.task(handleDigest: $0.digest) }),
            let context = snapshot.tasks.context(of: task.id)
        else { throw Refusal(.taskUnknown, "no task has this handle", facts) }
        context.apply(to: &facts)
    }

    // MARK: Bodies

    /// Reads a message of MCP. What was not seen as a whole is not decided on.
    private func tool(
        _ line: RequestLine, _ fields: [(key: String, value: String)], _ facts: Facts
    ) throws(Refusal) -> Operation {
        let partial = http.headers["x-envoy-auth-partial-body"]
        guard partial == nil || partial?.utf8.elementsEqual("false".utf8) == true else {
            throw Refusal(.protocolViolation, "Envoy shows a part of the body only; raise max_request_bytes", facts)
        }
        let body = http.rawBody.isEmpty ? Array(http.body.utf8) : Array(http.rawBody)
        guard !body.isEmpty || !http.method.utf8.elementsEqual("POST".utf8) else {
            throw Refusal(.protocolViolation, "Envoy shows no body; set with_request_body", facts)
        }
        guard http.size < 0 || Int(clamping: http.size) == body.count || body.isEmpty else {
            throw Refusal(.protocolViolation, "Envoy shows another body than it has", facts)
        }
        let request = MCPHTTPRequest(
            method: http.method, query: line.query, fields: fields.map { MCPField($0.key, $0.value) }, body: body)
        let read: MCPRequest
        do throws(MCPRefusal) {
            read = try MCPRequestReader().read(request)
        } catch {
            throw Refusal(.protocolViolation, "the message breaks a rule of MCP: \(error)", facts)
        }
        switch read.operation {
        case .callTool(let name, let arguments):
            return Operation(.toolCall, tool: name, arguments: .object(arguments))
        case .getPrompt(let name, let arguments):
            return Operation(.promptGet, tool: name, arguments: .object(arguments))
        case .readResource(let uri): return Operation(.resourceRead, tool: uri)
        default: return Operation(.session)
        }
    }
}
