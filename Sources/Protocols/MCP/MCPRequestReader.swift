// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Reads HTTP requests to an MCP endpoint: bytes to operations, strictly. It decides nothing, remembers nothing and
/// does no I/O.
public struct MCPRequestReader: Sendable {
    /// The limits.
    public let limits: MCPLimits

    /// The revisions that are read.
    public let revisions: [MCPRevision]

    /// The origins of web pages that may reach the endpoint; usually none.
    public let origins: [String]

    /// A reader.
    public init(
        limits: MCPLimits = .standard, revisions: [MCPRevision] = MCPRevision.allCases, origins: [String] = []
    ) {
        self.limits = limits
        self.revisions = revisions
        self.origins = origins
    }

    /// Reads one request.
    ///
    /// - Parameter negotiated: The revision of the session that the request belongs to, where the caller knows it. It
    ///   stands in for a missing `MCP-Protocol-Version`, and a different one is refused.
    public func read(
        _ request: MCPHTTPRequest, negotiated: MCPRevision? = nil
    ) throws(MCPRefusal) -> MCPRequest {
        let fields: MCPRequestFields
        do throws(MCPRequestRefusalReason) {
            fields = try MCPRequestFields(request.fields, limits: limits)
            try judgeOrigin(fields, request.query)
        } catch { throw MCPRefusal(.request(error), fault: .client) }
        switch Array(request.method.utf8.prefix(7)) {
        case Array("POST".utf8): return try post(request.body, fields, negotiated)
        case Array("GET".utf8), Array("DELETE".utf8):
            do throws(MCPRequestRefusalReason) {
                return try withoutMessage(request, fields, negotiated)
            } catch { throw MCPRefusal(.request(error), fault: .client) }
        default: throw MCPRefusal(.request(.httpMethod), fault: .client)
        }
    }

    private func judgeOrigin(_ fields: MCPRequestFields, _ query: String?) throws(MCPRequestRefusalReason) {
        if let origin = fields.origin {
            guard origins.contains(where: { $0.utf8.elementsEqual(origin.utf8) }) else { throw .foreignOrigin }
        }
        if let query, QueryTokens.hasToken(query) { throw .tokenInQuery }
        if let session = fields.session {
            guard !session.isEmpty, session.utf8.count <= 1024, session.utf8.allSatisfy(ByteSet.visible.contains) else {
                throw .badSession
            }
        }
    }

    /// GET and DELETE, which carry no message and exist only with sessions.
    private func withoutMessage(
        _ request: MCPHTTPRequest, _ fields: MCPRequestFields, _ negotiated: MCPRevision?
    ) throws(MCPRequestRefusalReason) -> MCPRequest {
        var revision = negotiated
        if let version = fields.version {
            let named = try self.revision(version)
            if let negotiated, negotiated != named { throw .versionMismatch }
            revision = named
        }
        guard let revision else { throw .missingVersion }
        guard !revision.isStateless else { throw .httpMethod }
        guard request.body.isEmpty else { throw .bodyNotAllowed }
        guard fields.method == nil, fields.name == nil, fields.parameters.isEmpty else { throw .methodMismatch }
        let operation: MCPOperation
        if request.method.utf8.elementsEqual("GET".utf8) {
            guard MediaTypes.lists(fields.accept, "text/event-stream") else { throw .notAcceptable }
            operation = .openStream(after: fields.lastEventID)
        } else {
            guard fields.session != nil else { throw .missingSession }
            operation = .endSession
        }
        return MCPRequest(
            revision: revision, operation: operation, method: nil, id: nil, meta: MCPRequestMeta(),
            session: fields.session, state: nil, bringsInput: false, parameterFields: [], message: nil)
    }

    /// A POST with one message.
    private func post(
        _ body: [UInt8], _ fields: MCPRequestFields, _ negotiated: MCPRevision?
    ) throws(MCPRefusal) -> MCPRequest {
        do throws(MCPRequestRefusalReason) {
            if let coding = fields.contentEncoding,
                !Array(coding.utf8).map(ByteScan.lowercase).elementsEqual("identity".utf8)
            {
                throw .contentEncoding
            }
            guard MediaTypes.isUTF8(fields.contentType, "application/json") else { throw .contentType }
            guard MediaTypes.lists(fields.accept, "application/json"),
                MediaTypes.lists(fields.accept, "text/event-stream")
            else { throw .notAcceptable }
        } catch { throw MCPRefusal(.request(error), fault: .client) }
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: body, limits: limits.rpc.json)
        } catch { throw MCPRefusal(.json(error), fault: .client) }
        let message: JSONRPCMessage
        do throws(JSONRPCRefusalReason) {
            message = try JSONRPCMessage(value, limits: limits.rpc)
        } catch { throw MCPRefusal(.rpc(error), fault: .client) }
        do throws(MCPRequestRefusalReason) {
            return try judge(message, fields, negotiated)
        } catch {
            var id: JSONRPCID?
            if case .request(let known, _) = message { id = known }
            var refusal = MCPRefusal(.request(error), fault: .client, id: id)
            if error == .unsupportedVersion { refusal.requestedVersion = Self.requested(message, fields) }
            throw refusal
        }
    }

    private static func requested(_ message: JSONRPCMessage, _ fields: MCPRequestFields) -> String? {
        var version = fields.version
        if version == nil, case .request(_, let call) = message { version = call.params?["protocolVersion"]?.string }
        guard let version, version.utf8.count <= 32, version.utf8.allSatisfy(ByteSet.visible.contains) else {
            return nil
        }
        return version
    }

    /// The revision of a version text.
    func revision(_ version: String) throws(MCPRequestRefusalReason) -> MCPRevision {
        guard let revision = MCPRevision(version: version), revisions.contains(revision) else {
            throw .unsupportedVersion
        }
        return revision
    }
}
