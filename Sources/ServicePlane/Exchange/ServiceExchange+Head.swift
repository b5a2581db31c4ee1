// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Identity
import NIOCore
import Protocols
import Transport

/// Phase `head` and `collecting`: who asks, for which service, in which task.
extension ServiceExchange {
    func begin(_ head: borrowing HTTP1RequestHead, in message: ByteBuffer) {
        guard phase == .head else { return }
        loop.context.watch(self)
        method = head.method
        let head = copy head
        message.withUnsafeReadableBytes { read(head, in: $0) }
    }

    func read(_ given: HTTP1RequestHead, in bytes: UnsafeRawBufferPointer) {
        var head = given
        traceRequest(&head, in: bytes)
        if head.method == .post { isGRPC = GRPCRefusal.isAsked(by: head, in: bytes) }
        if let refusal = head.judgeRest(of: bytes) { return refuse(refusal) }
        let polled = Self.polled(head, in: bytes)
        if let polled, loop.core.approvals[polled] != nil {
            guard identify(nil, head, in: bytes), join(head, in: bytes) else { return }
            return poll(polled)
        }
        if describesResource(head, in: bytes) { return }
        let route: ServiceRoute
        do throws(ServiceRoute.Failure) {
            route = try ServiceRoute(head, in: bytes, loop.core.table)
        } catch {
            switch error {
            case .form:
                refuseEarly(.protocolViolation, "this is the service proxy: it takes requests to /s/<service>/")
            case .unknown where polled != nil:
                refuseEarly(.approvalUnknown, "no call of this agent, in this task, has this approval")
            case .unknown: refuseEarly(.serviceUnknown, "ask for /s/<service>/, with a name from `services`")
            }
            return
        }
        service = route.service
        guard identify(route, head, in: bytes), join(head, in: bytes) else { return }
        let readsFields = loop.shared.authorizer.snapshot.policy?.readsFields ?? false
        var facts = Facts(
            service: route, head, in: bytes, identity: identity, task: task,
            fields: readsFields ? fields(head, in: bytes) : nil, time: loop.time, source: caller.caller.source)
        applyToken(to: &facts)
        self.facts = facts
        if route.service.description.isDecoy { return touchDecoy() }
        if let need = tokenNeed(for: Operation(.session)) { return refuse(need) }
        framing = head.framing
        awaitsContinue = head.awaitsContinue
        if case .joined(let endpoint) = route.service.description.language {
            return collectJoined(endpoint, head, below: route.below, in: bytes)
        }
        if route.service.isMediated {
            collect(head, facts.http?.method ?? "", route, in: bytes)
        } else {
            prepare(head, route, in: bytes)
        }
    }

    private func identify(
        _ route: ServiceRoute?, _ head: HTTP1RequestHead, in bytes: UnsafeRawBufferPointer
    ) -> Bool {
        // The request comes back once its token was judged.
        if access.accepted != nil { return true }
        var credentials = BearerCredentials.absent
        if caller.acceptsTokens, let field = head.fields.first(named: "authorization", in: bytes) {
            let isTwice = head.fields.all.contains { other in
                other.name.count == field.name.count && other.name.start != field.name.start
                    && other.name.text(in: bytes).lowercased().utf8.elementsEqual("authorization".utf8)
            }
            if isTwice {
                refuseEarly(.protocolViolation, "the request has more than one Authorization field")
                return false
            }
            if let token = presented(field, in: bytes) { return judge(token, route, head, in: bytes) }
            credentials = BearerCredentials(parsing: field.value.slice(of: bytes))
        }
        let directory = loop.shared.authorizer.snapshot.agents
        switch caller.identity(credentials, in: directory, at: loop.time) {
        case .success(let identity):
            self.identity = identity
            return true
        case .failure(.missingToken):
            refuseEarly(
                .identityMissing, "send the agent's token in Authorization",
                challenge: TokenChallenge(scopes: service?.description.resource?.scopes ?? []))
        case .failure(.malformedToken):
            refuseEarly(
                .identityTokenUnknown, "Authorization is neither Bearer nor Basic", challenge: TokenChallenge())
        case .failure(.unknownToken):
            refuseEarly(
                .identityTokenUnknown, "the token in Authorization belongs to no agent",
                challenge: TokenChallenge(error: "invalid_token"))
        }
        return false
    }

    /// The task whose handle the request brings, else that of the launch.
    private func join(_ head: HTTP1RequestHead, in bytes: UnsafeRawBufferPointer) -> Bool {
        var handle: String?
        for field in head.fields.all where field.knownName == .gateway {
            let name = field.name.text(in: bytes).lowercased()
            if name.utf8.elementsEqual("yett-approval".utf8) {
                guard held.brought == nil, let id = ApprovalID(field.value.text(in: bytes)) else {
                    refuseEarly(.protocolViolation, "Yett-Approval is one approval, as in Location of the 202")
                    return false
                }
                held.brought = id
            }
            guard name.utf8.elementsEqual("yett-task".utf8) else { continue }
            guard handle == nil else {
                refuseEarly(.protocolViolation, "the request names two tasks")
                return false
            }
            handle = field.value.text(in: bytes)
        }
        return join(handle: handle)
    }

    /// Joins the task of a handle, or the task of the launch without one.
    ///
    /// - Returns: False when the request was refused here.
    func join(handle: String?) -> Bool {
        let tasks = loop.shared.authorizer.snapshot.tasks
        guard let handle else {
            if caller.caller.task == nil, let id = access.accepted?.task { return joinTaskOfToken(id) }
            task = caller.caller.task
            taskLinks = task.flatMap { TaskID($0.task.id) }.flatMap { tasks.links(of: $0) } ?? []
            return true
        }
        guard let task = TaskHandle(handle).flatMap({ tasks.task(handleDigest: $0.digest) }),
            let links = tasks.links(of: task.id), let context = tasks.context(of: task.id)
        else {
            refuseEarly(.taskUnknown, "no task has this handle")
            return false
        }
        // What a launch was started for bounds everything that it does.
        if let launched = caller.caller.task, !links.contains(where: { $0.id == TaskID(launched.task.id) }) {
            refuseEarly(.taskOfAnother, "the launch belongs to another task")
            return false
        }
        if let bound = access.accepted?.task, !links.contains(where: { $0.id == bound }) {
            refuseEarly(.taskOfAnother, "the token belongs to another task")
            return false
        }
        self.task = context
        taskLinks = links
        return true
    }

    /// The fields that pass, names in lower case.
    private func fields(_ head: HTTP1RequestHead, in bytes: UnsafeRawBufferPointer) -> [MCPField] {
        head.passingFields(in: bytes).filter { !(service?.isOwn($0.name) ?? true) }
    }

    // MARK: A request that passes piece by piece

    private func prepare(_ head: HTTP1RequestHead, _ route: ServiceRoute, in bytes: UnsafeRawBufferPointer) {
        var head = head
        for name in route.service.ownFields {
            name.withUnsafeBytes { head.fields.remove(named: $0, in: bytes) }
        }
        let asksForUpgrade = head.offersWebSocket(in: bytes)
        if asksForUpgrade {
            if case .http2 = route.service.description.http {
                return refuseEarly(.protocolViolation, "the service is asked by HTTP/2, which has no WebSockets")
            }
            guard let key = head.fields.first(named: "sec-websocket-key", in: bytes),
                let relay = WebSocketRelay(key: key.value.slice(of: bytes))
            else {
                return refuseEarly(.protocolViolation, "Sec-WebSocket-Key is not 16 bytes in base64")
            }
            webSocket = relay
            // Frames are judged without extensions, so there are none.
            Self.withBytes("sec-websocket-extensions") { head.fields.remove(named: $0, in: bytes) }
        }
        if route.service.isSearched || looksThroughAnswers {
            // What is compressed cannot be looked through.
            Self.withBytes("accept-encoding") { head.fields.remove(named: $0, in: bytes) }
        }
        acceptsTrailers = head.fields.acceptsTrailers(in: bytes)
        state = HTTP1Exchange(method: head.method, clientVersion: head.version, asksForUpgrade: asksForUpgrade)
        let written = route.service.authority.withUnsafeBytes { host in
            route.forwardPath.withUnsafeBytes { path -> Bool in
                let writer = HTTP1RequestWriter(host: host, allowsWebSocket: asksForUpgrade, path: path)
                let bound = writer.byteBound(head)
                self.head = ByteBufferAllocator().buffer(
                    capacity: bound &+ (route.service.description.credential?.line?.count ?? 0))
                return self.head.writeWithUnsafeMutableBytes(minimumWritableBytes: bound) {
                    writer.write(head, message: bytes, into: $0) ?? 0
                } > 2
            }
        }
        guard written else { return refuse(HTTP1Refusal(.headTooLarge)) }
        self.head.moveWriterIndex(to: self.head.writerIndex &- 2)
        isTraceWritten = false
        decide()
    }

    private static func withBytes(_ text: String, _ body: (UnsafeRawBufferPointer) -> Void) {
        var text = text
        text.withUTF8 { body(UnsafeRawBufferPointer($0)) }
    }

    // MARK: A request that is read as a whole

    private func collect(
        _ head: HTTP1RequestHead, _ method: String, _ route: ServiceRoute, in bytes: UnsafeRawBufferPointer
    ) {
        guard let mediation = route.service.mediation(context: self, core: loop.core) else {
            return refuseEarly(.policyError, "the service has no mediation")
        }
        let limit = loop.settings.requestBody
        if case .contentLength(let length) = head.framing, length > UInt64(limit) {
            return refuseEarly(.requestTooLarge, "service_proxy.limits.request_body is reached")
        }
        entrance = route.entrance(head, in: bytes, isSecure: caller.caller.isEncrypted)
        if asksToUpgrade(head) { return refuseEarly(.protocolViolation, "the service takes no switch of protocols") }
        self.mediation = mediation
        draft = MediatedDraft(
            method: method, path: route.below, query: facts?.http?.query, fields: fields(head, in: bytes))
        state = HTTP1Exchange(method: head.method, clientVersion: .http11)
        phase = .collecting
        deadline = loop.now &+ loop.settings.idleTime
        letBodyCome()
    }

    private func asksToUpgrade(_ head: HTTP1RequestHead) -> Bool { head.fields.upgrade != nil }

    // MARK: The body

    var wantsBody: Bool {
        switch phase {
        case .collecting, .gathering: true
        case .obtaining: isReadingSignedBody
        case .exchanging, .relay: upstream?.isWritable ?? false
        default: false
        }
    }

    func receive(body bytes: ByteBuffer) {
        isActive = true
        switch phase {
        case .collecting:
            guard let count = draft?.body.count, count &+ bytes.readableBytes <= loop.settings.requestBody else {
                return refuseEarly(.requestTooLarge, "service_proxy.limits.request_body is reached")
            }
            draft?.body.append(contentsOf: bytes.readableBytesView)
        case .gathering: gather(bytes)
        case .obtaining: gatherSigned(bytes)
        case .exchanging: sendUp(bytes)
        case .relay: relayUp(bytes)
        case .over: break
        default: keep(bytes)
        }
    }

    /// Keeps a piece of the body until the service can have it.
    func keep(_ bytes: ByteBuffer) {
        var bytes = bytes
        if body == nil { body = bytes } else { body?.writeBuffer(&bytes) }
    }

    /// The body is read before the service hears of the request: the client is told to send what it may hold back.
    func letBodyCome() {
        if awaitsContinue { send(status: 100, [], body: nil) }
        stream?.resumeBody()
    }

    func receiveEnd(trailers: [TrailerField]) {
        isBodyReceived = true
        if !trailers.isEmpty { take(trailers) }
        switch phase {
        case .collecting: if !runJoined() { readDraft() }
        case .gathering: if screenGathered() { askPerson() }
        case .obtaining: goOnWithCredentials()
        case .exchanging: endUp()
        default: break
        }
    }

    /// Fields behind the body pass where nobody decides by fields, and never as what belongs in the head.
    private func take(_ trailers: [TrailerField]) {
        guard mediation == nil, !(loop.shared.authorizer.snapshot.policy?.readsFields ?? false) else { return }
        self.trailers = trailers.filter { !$0.belongsInHead && !(service?.isOwn($0.name) ?? true) }
    }
}
