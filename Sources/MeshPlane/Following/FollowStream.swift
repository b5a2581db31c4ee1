// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Decision
import NIOCore
import Protobufs
import Protocols
import SwiftProtobuf
import Transport

/// A request that Envoy has open, told by external processing (`envoy.service.ext_proc.v3`): the stream lasts as long as the
/// request does, and what the gate says on it ends the request. Nothing of the request is looked at or changed.
final class FollowStream: EnvoyStream {
    /// The method whose calls are such streams.
    static let method: StaticString = "/envoy.service.ext_proc.v3.ExternalProcessor/Process"

    private var reader = MessageReader(largestMessage: MeshLimits.followedBytes)
    private var messages = 0
    private var live: LivePermit?
    private var isHeadSent = false

    /// Envoy has said nothing of the request yet.
    override var isWaiting: Bool { super.isWaiting && messages == 0 }

    override func leave() {
        guard let live = live.take() else { return }
        connection.core.registry.remove(live.connection)
        connection.core.allowed.leave()
    }

    // MARK: What Envoy says

    override func refuseHead() {
        finish(CallStatus(.resourceExhausted, "a head has at most \(HTTP1QuestionReader.limits.headBytes) bytes"))
    }

    override func read(_ head: HTTP2HeaderList) throws(CallStatus) {
        guard CallHead(head) != nil else { throw CallStatus(.invalidArgument, "the request is no call of gRPC") }
    }

    override func read(_ bytes: ByteBuffer) throws(CallStatus) {
        var bytes = bytes
        reader.append(&bytes)
        while !isDone, let message = try reader.next() { try read(try MeshMessage.decode(message)) }
        heldBytes = reader.count
    }

    /// The request has come to its end.
    override func readEnd() throws(CallStatus) { finish(.ok) }

    private func read(_ message: Envoy_Service_ExtProc_V3_ProcessingRequest) throws(CallStatus) {
        guard connection.isEnvoy() else { throw CallStatus(.permissionDenied, MeshConnection.stranger) }
        messages &+= 1
        guard messages <= MeshLimits.followedMessages else {
            throw CallStatus(
                .resourceExhausted, "a request is told of in at most \(MeshLimits.followedMessages) messages")
        }
        var answer = Envoy_Service_ExtProc_V3_ProcessingResponse()
        switch message.request {
        case .requestHeaders where messages == 1:
            guard !message.observabilityMode else {
                throw CallStatus(.invalidArgument, "observability_mode lets nothing be cut")
            }
            answer.requestHeaders = .init()
            guard try follow(message.metadataContext) else { return }
        case .responseHeaders where live != nil: answer.responseHeaders = .init()
        case .requestTrailers where live != nil: answer.requestTrailers = .init()
        case .responseTrailers where live != nil: answer.responseTrailers = .init()
        case .requestBody, .responseBody:
            throw CallStatus(
                .invalidArgument, "bodies are not looked at; set request_body_mode and response_body_mode: NONE")
        default:
            throw CallStatus(.invalidArgument, "the head of the request goes first; set request_header_mode: SEND")
        }
        send(answer)
        // What a refusal would be recorded of only is nothing that could be cut.
        if live == nil { finish(.ok) }
    }

    /// Registers the request.
    ///
    /// - Returns: Whether it may go on.
    private func follow(_ metadata: Envoy_Service_ExtProc_V3_Metadata) throws(CallStatus) -> Bool {
        let core = connection.core
        let clock = connection.context.clock
        let told = metadata.filterMetadata[Check.filter]?.fields ?? [:]
        // In the HTTP variant the name is that of the field.
        let name = (told["decision"] ?? told["yett-decision"])?.stringValue ?? ""
        guard let decision = DecisionID(name) else {
            throw refusal(
                "Envoy does not say what the request rests on; set metadata_options of ext_proc, behind ext_authz")
        }
        let request: AllowedRequest
        switch core.allowed.claim(decision, at: clock.monotonic()) {
        case .request(let claimed): request = claimed
        case .unknown:
            throw refusal("nothing was allowed here a moment ago by \(decision); list the service in mesh.follow")
        case .full: throw refusal("\(MeshLimits.followedRequests) requests are followed already")
        }
        guard let facts = request.facts else {
            core.allowed.leave()
            return true
        }
        let live = LivePermit(
            connection: connection.context.nextConnection(), decision: decision, facts: facts, grant: request.grant,
            openedAt: clock.monotonic(), cutter: FollowCutter(self, on: connection.context.eventLoop))
        self.live = live
        core.registry.insert(live)
        // A change that looked through the registry before the request was there.
        guard core.authorizer.generation != request.generation else { return true }
        let verdict = core.authorizer.reconsider(facts, at: connection.time)
        guard verdict.effect != .allow else { return true }
        cut(CutReason(verdict.reason, detail: verdict.detail))
        return false
    }

    /// A request that was allowed ends here, which an operator wants to know of.
    private func refusal(_ detail: String) -> CallStatus {
        var event = AuditEvent(kind: .observation, time: connection.context.clock.wall())
        event.plane = Plane.mesh.rawValue
        event.cause = "follow_refused"
        event.detail = detail
        connection.context.record(event)
        return CallStatus(.permissionDenied, detail)
    }

    // MARK: What Envoy is told

    /// Ends the request: with an answer where there is none yet, else by breaking it off.
    func cut(_ reason: CutReason) {
        guard !isDone, let live else { return }
        var event = AuditEvent(about: live.facts, kind: .connectionEnd, time: connection.context.clock.wall())
        event.connection = live.connection.description
        event.decision = live.decision.description
        event.cause = reason.code.rawValue
        event.detail = reason.detail
        event.duration = (connection.context.clock.monotonic() &- live.openedAt) / 1000
        connection.context.record(event)
        let problem = Problem(
            .deny(reason.code, detail: reason.detail), decision: live.decision, status: reason.code.status)
        let (fields, body) = problem.parts
        var answer = Envoy_Service_ExtProc_V3_ProcessingResponse()
        answer.immediateResponse.status.code = Int32(clamping: problem.status)
        answer.immediateResponse.headers.setHeaders = fields.map { field in
            var option = Envoy_Service_ExtProc_V3_HeaderValueOption()
            option.header.key = field.name
            option.header.rawValue = .init(field.value.utf8)
            option.appendAction = 2
            return option
        }
        answer.immediateResponse.body = .init(body.utf8)
        answer.immediateResponse.details = "yett_\(reason.code.rawValue)"
        send(answer)
        finish(.ok)
    }

    private func send(_ message: Envoy_Service_ExtProc_V3_ProcessingResponse) {
        guard let bytes: [UInt8] = try? message.serializedBytes() else { return }
        sendHead()
        write(message: bytes)
    }

    private func sendHead() {
        guard !isHeadSent else { return }
        isHeadSent = true
        write(head: CallBlocks.head)
    }

    override func finish(_ status: CallStatus) {
        sendHead()
        // Envoy takes a reset for a failure, even of what it has not read yet.
        end(trailers: CallBlocks.status(status), isReset: status != .ok)
    }
}

/// Reaches a request that is followed from any thread.
private final class FollowCutter: Cuttable {
    private let stream: LoopBound<FollowStream>

    init(_ stream: FollowStream, on eventLoop: any EventLoop) { self.stream = LoopBound(stream, on: eventLoop) }

    func cut(_ reason: CutReason) { stream.run { $0.cut(reason) } }
}
