// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Protocols

/// Reads a server's list of tools on the gate's own account, when a client calls a tool that it knows from before and the
/// gate has seen no list yet.
final class MCPToolListing: MediationPreparation {
    private let service: MCPServiceState
    private let settings: MCPServiceSettings
    private let revision: MCPRevision
    private let session: String?
    private let path: String
    private var cursor: String?
    private var pages = 0
    private var isOver = false
    private var request: MCPRequest?

    /// The most pages.
    static let maximumPages = 64
    /// Seconds until a server is asked again after it gave no list.
    static let pause: Int64 = 10

    /// A listing in the revision, and in the session as the server names it, of the call that needs it.
    init(service: MCPServiceState, revision: MCPRevision, session: String?, path: String) {
        self.service = service
        settings = service.settings
        self.revision = revision
        self.session = session
        self.path = path
    }

    var limit: Int { settings.answers.rpc.json.bytes }

    func next() -> ForwardedRequest? {
        guard !isOver, pages < Self.maximumPages, let request = made() else { return nil }
        // Until an answer says otherwise there is no next page.
        isOver = true
        pages &+= 1
        self.request = request
        return ForwardedRequest(method: "POST", path: path, fields: request.fields, body: request.body, taskHandle: nil)
    }

    /// The request for a page, read as if a client had sent it.
    private func made() -> MCPRequest? {
        var params = JSONObject()
        params["cursor"] = cursor.map { .string($0) }
        var fields = [
            MCPField("content-type", "application/json"), MCPField("accept", "application/json, text/event-stream"),
            MCPField("mcp-protocol-version", revision.rawValue), MCPField("mcp-method", MCPMethod.listTools.rawValue),
        ]
        if revision.isStateless {
            params["_meta"] = [
                "io.modelcontextprotocol/protocolVersion": .string(revision.rawValue),
                "io.modelcontextprotocol/clientCapabilities": [:],
            ]
        } else if let session {
            fields.append(MCPField("mcp-session-id", session))
        }
        let message: JSONValue = [
            "jsonrpc": "2.0", "id": .string("yett-tools-\(pages)"), "method": .string(MCPMethod.listTools.rawValue),
            "params": .object(params),
        ]
        let reader = MCPRequestReader(limits: settings.limits, revisions: settings.revisions)
        return try? reader.read(MCPHTTPRequest(method: "POST", fields: fields, body: message.bytes))
    }

    func take(_ head: MediatedAnswerHead, _ body: [UInt8]) -> [MediationEvent] {
        guard let request else { return [] }
        do throws(MCPRefusal) {
            let page = try page(head, body, request)
            let next = page.result["nextCursor"]?.string
            let events = service.learn(
                page.items.compactMap(\.tool), MCPCatalogue.Page(cursor: cursor, next: next))
            cursor = next
            isOver = next == nil
            return events
        } catch { return [MediationEvent(code: error.code, detail: MCPMethod.listTools.rawValue)] }
    }

    private func page(
        _ head: MediatedAnswerHead, _ body: [UInt8], _ request: MCPRequest
    ) throws(MCPRefusal) -> MCPListPage {
        var exchange = MCPExchange(request, limits: settings.answers)
        let missing = MCPRefusal(.response(.missingResponse), fault: .server, id: request.id)
        let answer: MCPServerMessage
        switch try MCPAnswerHead(status: head.status, fields: head.fields, to: request).form {
        case .json: answer = try exchange.readBody(body)
        case .eventStream: answer = try Self.answer(in: body, &exchange, settings.streams, missing)
        case .accepted, .failed: throw missing
        }
        guard case .result(let result) = answer.kind else { throw missing }
        return try MCPListPage(
            result, of: .listTools, in: revision, limits: settings.answers, isVisible: { _ in true })
    }

    private static func answer(
        in body: [UInt8], _ exchange: inout MCPExchange, _ limits: EventStreamLimits, _ missing: MCPRefusal
    ) throws(MCPRefusal) -> MCPServerMessage {
        var parser = EventStreamParser(limits: limits)
        let events: [EventStreamEvent]
        do throws(EventStreamError) {
            events = try parser.feed(body)
        } catch { throw MCPRefusal(.stream(error), fault: .server, id: missing.id) }
        for event in events {
            if let message = try exchange.readEvent(event), message.answers != nil { return message }
        }
        throw missing
    }
}

extension MCPMediation {
    func preparation() -> (any MediationPreparation)? {
        guard let request, case .callTool(let name, _) = request.operation, settings.decoys[name] == nil, let path,
            case .failure(let standing) = service.tool(name), standing.hold == .unlisted || standing.hold == .unkept,
            service.startsListing(at: sessions.now())
        else { return nil }
        return MCPToolListing(service: service, revision: request.revision, session: session, path: path)
    }
}
