// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What a server may send back for one request, and what it has sent so far.
///
/// An answer must have the identifier of the request, comes once, and ends the exchange. Everything else that a server
/// sends must have its place on this stream in this revision, or is refused as the server's fault.
public struct MCPExchange: Sendable {
    let revision: MCPRevision
    let method: MCPMethod?
    let id: JSONRPCID?
    let meta: MCPRequestMeta
    let subscription: MCPSubscription?
    let limits: MCPLimits

    /// True once the answer was read.
    public private(set) var isAnswered = false

    private var isAcknowledged = false

    /// The exchange that a request opens.
    public init(_ request: MCPRequest, limits: MCPLimits = .standard) {
        revision = request.revision
        method = request.method
        id = request.id
        meta = request.meta
        if case .listen(let subscription) = request.operation {
            self.subscription = subscription
        } else {
            subscription = nil
        }
        self.limits = limits
    }

    /// Reads the body of an answer that is one JSON object. With an error status it can only be an error.
    public mutating func readBody(_ body: [UInt8], isFailure: Bool = false) throws(MCPRefusal) -> MCPServerMessage {
        let message = try read(body)
        guard case .response(var response) = message else { throw refusal(.response(.notAResponse)) }
        if isFailure, case .result = response.outcome { throw refusal(.response(.status)) }
        // A server that could not read the request cannot name it; it is the only one that this body can answer.
        if response.id == nil { response.id = id }
        return try judge(.response(response))
    }

    /// Reads the data of one event of a stream; nil for an event without data.
    public mutating func readEvent(_ event: EventStreamEvent) throws(MCPRefusal) -> MCPServerMessage? {
        if event.data.isEmpty { return nil }
        return try judge(read(event.data))
    }

    /// Ends the exchange: a request that expects an answer must have got it. A stream of notifications may end at any
    /// time, and so may one that can be resumed.
    public func end() throws(MCPRefusal) {
        guard id == nil || isAnswered || subscription != nil else { throw refusal(.response(.missingResponse)) }
    }

    private func refusal(_ cause: MCPRefusal.Cause) -> MCPRefusal { MCPRefusal(cause, fault: .server, id: id) }

    private func read(_ bytes: [UInt8]) throws(MCPRefusal) -> JSONRPCMessage {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: bytes, limits: limits.rpc.json)
        } catch { throw refusal(.json(error)) }
        do throws(JSONRPCRefusalReason) {
            return try JSONRPCMessage(value, limits: limits.rpc)
        } catch { throw refusal(.rpc(error)) }
    }

    private mutating func judge(_ message: JSONRPCMessage) throws(MCPRefusal) -> MCPServerMessage {
        do throws(MCPResponseRefusalReason) {
            guard !isAnswered else { throw .afterResponse }
            switch message {
            case .response(let response): return try answer(response)
            case .notification(let call): return try notification(call)
            case .request(let id, let call): return try request(id, call)
            }
        } catch { throw refusal(.response(error)) }
    }

    private mutating func answer(
        _ response: JSONRPCResponse
    ) throws(MCPResponseRefusalReason) -> MCPServerMessage {
        guard let id, response.id == id else { throw .wrongID }
        let kind: MCPServerMessage.Kind
        switch response.outcome {
        case .error(let error): kind = .error(error)
        case .result(let result): kind = try MCPResultReader(exchange: self).read(result)
        }
        isAnswered = true
        return MCPServerMessage(kind: kind, answers: id)
    }

    private func request(
        _ id: JSONRPCID, _ call: JSONRPCCall
    ) throws(MCPResponseRefusalReason) -> MCPServerMessage {
        guard !revision.isStateless else { throw .serverRequest }
        guard let method = MCPMethod(name: call.method), method.isFromServer(in: revision), !method.isNotification
        else { throw .unknownServerRequest }
        let params = call.params ?? JSONObject()
        if MemberNames.hasAmbiguity(.object(params)) { throw .ambiguousName }
        return MCPServerMessage(kind: .request(id, method, params), answers: nil)
    }

    private mutating func notification(_ call: JSONRPCCall) throws(MCPResponseRefusalReason) -> MCPServerMessage {
        guard let method = MCPMethod(name: call.method), method.isFromServer(in: revision), method.isNotification
        else { throw .unknownNotification }
        let params = call.params ?? JSONObject()
        if MemberNames.hasAmbiguity(.object(params)) { throw .ambiguousName }
        if revision.isStateless {
            if let subscription {
                try judge(method, params, subscription)
            } else {
                try judgeRelated(method, params)
            }
        }
        return MCPServerMessage(kind: .notification(method, params), answers: nil)
    }

    /// Notifications on the stream of an ordinary request are about this request.
    private func judgeRelated(_ method: MCPMethod, _ params: JSONObject) throws(MCPResponseRefusalReason) {
        switch method {
        case .progress:
            guard let token = meta.progressToken, let stated = params["progressToken"], stated == token.value else {
                throw .wrongProgressToken
            }
        case .message: guard meta.logLevel != nil else { throw .unknownNotification }
        default: throw .unknownNotification
        }
    }

    /// Notifications on a subscription's stream are acknowledged first, tagged with it, and asked for.
    private mutating func judge(
        _ method: MCPMethod, _ params: JSONObject, _ subscription: MCPSubscription
    ) throws(MCPResponseRefusalReason) {
        guard let tag = params["_meta"]?[MCPRequestMeta.subscriptionName], tag == id?.value else {
            throw .wrongSubscription
        }
        guard isAcknowledged == (method != .acknowledged) else { throw .notAcknowledged }
        switch method {
        case .acknowledged:
            guard case .object(let filter)? = params["notifications"],
                let granted = MCPSubscription(filter, limits: limits), granted.isWithin(subscription)
            else { throw .notSubscribed }
            isAcknowledged = true
        case .toolsChanged, .promptsChanged, .resourcesChanged:
            guard subscription.changes.contains(method) else { throw .notSubscribed }
        case .resourceUpdated:
            guard case .string(let uri)? = params["uri"], subscription.covers(uri) else { throw .notSubscribed }
        default: throw .unknownNotification
        }
    }
}

extension MCPSubscription {
    /// Whether updates of a resource are wanted: of the named one, or of one below it.
    func covers(_ uri: String) -> Bool {
        resources.contains { asked in
            guard uri.utf8.starts(with: asked.utf8) else { return false }
            return uri.utf8.count == asked.utf8.count || asked.utf8.last == 0x2f
                || uri.utf8.dropFirst(asked.utf8.count).first == 0x2f
        }
    }

    /// Whether nothing is in it that is not in another one.
    func isWithin(_ other: MCPSubscription) -> Bool {
        changes.isSubset(of: other.changes)
            && resources.allSatisfy { uri in other.resources.contains { $0.utf8.elementsEqual(uri.utf8) } }
    }
}
