// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore
import Protobufs
import Protocols
import SwiftProtobuf
import Transport

/// A question, as a call of gRPC or in the HTTP variant, or the stream of an access log.
final class MeshStream: EnvoyStream {
    private enum Method {
        case check, accessLogs, health

        init?(_ path: UnsafeRawBufferPointer) {
            if ByteScan.equals(path, "/envoy.service.auth.v3.Authorization/Check") {
                self = .check
            } else if ByteScan.equals(path, "/envoy.service.accesslog.v3.AccessLogService/StreamAccessLogs") {
                self = .accessLogs
            } else if ByteScan.equals(path, "/grpc.health.v1.Health/Check") {
                self = .health
            } else {
                return nil
            }
        }
    }

    /// What the stream is for.
    private enum Purpose {
        case call(Method)
        case http(HTTPQuestionHead)
    }

    private var reader = MessageReader(largestMessage: MeshLimits.requestBytes)
    private var purpose: Purpose?
    private var body = ByteBuffer()
    private var run: CheckRun?

    override var isWaiting: Bool {
        if case .call(.accessLogs) = purpose { return false }
        return super.isWaiting
    }

    override func leave() {
        run.take()?.abandon()
        if case .call(.accessLogs) = purpose { connection.accessLog.end(connection) }
    }

    // MARK: What comes

    override func read(_ head: HTTP2HeaderList) throws(CallStatus) {
        if Self.isHTTP(head) {
            do throws(HTTP1Refusal) {
                purpose = .http(try HTTPQuestionHead(head, endStream: isComplete))
            } catch {
                refuse(error)
            }
            return
        }
        guard CallHead(head) != nil else {
            return respond(HTTPAnswer(status: 415, "neither gRPC nor below \(MeshQuestion.httpPrefix)"))
        }
        guard let method = head.withFirst(":path", { Method($0) }) ?? nil else {
            throw CallStatus(.notOffered, "the method is not offered here")
        }
        purpose = .call(method)
    }

    private static func isHTTP(_ head: HTTP2HeaderList) -> Bool {
        head.withFirst(":path") { $0.starts(with: MeshQuestion.httpPrefix.utf8) } ?? false
    }

    /// Tells somebody who is no Envoy so.
    func refuseStranger(_ head: HTTP2HeaderList) {
        if Self.isHTTP(head) {
            respond(HTTPAnswer(status: 403, MeshConnection.stranger))
        } else {
            finish(CallStatus(.permissionDenied, MeshConnection.stranger))
        }
    }

    override func refuseHead() { refuse(HTTP1Refusal(.headTooLarge)) }

    private func refuse(_ refusal: HTTP1Refusal) {
        begin(connection.refuse("\(refusal.code): \(refusal)") { [self] in respond($0) })
    }

    override func read(_ bytes: ByteBuffer) throws(CallStatus) {
        guard run == nil else { return }
        switch purpose {
        case .http:
            guard body.readableBytes &+ bytes.readableBytes <= MeshLimits.requestBytes else {
                return respond(HTTPAnswer(status: 413, "a question has at most \(MeshLimits.requestBytes) bytes"))
            }
            body.writeImmutableBuffer(bytes)
            heldBytes = body.readableBytes
        case .call(let method):
            var bytes = bytes
            heldBytes &+= bytes.readableBytes
            reader.append(&bytes)
            while !isDone, run == nil, let message = try reader.next() { try answer(method, message) }
            // The entries of an access log are over when they are recorded.
            if method == .accessLogs { heldBytes = reader.count }
        case nil: break
        }
    }

    override func readEnd() throws(CallStatus) {
        guard run == nil else { return }
        switch purpose {
        case .http(let head):
            guard head.length == nil || head.length == UInt64(body.readableBytes) else {
                return begin(connection.refuse("content-length is not the body's") { [self] in respond($0) })
            }
            begin(connection.ask(head, Array(body.readableBytesView)) { [self] in respond($0) })
        case .call(.accessLogs):
            guard reader.isEmpty else { throw CallStatus(.invalidArgument, "a message is not complete") }
            send(Envoy_Service_Accesslog_V3_StreamAccessLogsResponse())
        case .call: throw CallStatus(.invalidArgument, "the call has no message")
        case nil: break
        }
    }

    private func answer(_ method: Method, _ message: ByteBuffer) throws(CallStatus) {
        guard connection.isEnvoy() else {
            throw CallStatus(.permissionDenied, MeshConnection.stranger)
        }
        switch method {
        case .health:
            var answer = Grpc_Health_V1_HealthCheckResponse()
            answer.status = connection.core.isServing ? 1 : 2
            send(answer)
        case .check:
            let question: MeshQuestion
            do throws(ProtobufReader.Failure) {
                question = try message.withUnsafeReadableBytes { bytes throws(ProtobufReader.Failure) in
                    try MeshQuestion(checkRequest: bytes)
                }
            } catch { throw MeshMessage.unreadable }
            begin(CheckRun(.success(question), on: connection) { [self] in send($0.response) })
        case .accessLogs:
            try connection.accessLog.take(try MeshMessage.decode(message), of: connection)
        }
    }

    private func begin(_ run: CheckRun?) {
        self.run = run
        run?.start()
    }

    // MARK: Answers

    private func send(_ message: some Message) {
        if let bytes: [UInt8] = try? message.serializedBytes() { send(bytes) }
    }

    /// Answers with the bytes of a message.
    private func send(_ bytes: [UInt8]) {
        write(head: CallBlocks.head)
        write(message: bytes)
        end(trailers: CallBlocks.success, isReset: true)
    }

    override func finish(_ status: CallStatus) { end(trailers: CallBlocks.refusal(status), isReset: true) }

    override func refuseTooMuch() {
        guard awaitsMore, case .http = purpose else { return super.refuseTooMuch() }
        respond(HTTPAnswer(status: 503, Self.tooMuch))
    }

    /// Answers something that is not gRPC.
    private func respond(_ answer: HTTPAnswer) {
        var head: [UInt8] = []
        HPACKEncoder.append(status: answer.status, to: &head)
        for field in answer.fields { HPACKEncoder.append(name: field.name.lowercased(), value: field.value, to: &head) }
        guard !answer.body.isEmpty else { return end(trailers: head, isReset: true) }
        write(head: head)
        write(body: answer.body)
        end(isReset: true)
    }
}

/// Messages as Envoys send them.
enum MeshMessage {
    /// The answer to bytes that are none.
    static let unreadable = CallStatus(.invalidArgument, "the request is no message of this method")

    /// Reads one, whose fields that are not known are left out.
    static func decode<Content: Message>(_ bytes: ByteBuffer) throws(CallStatus) -> Content {
        var options = BinaryDecodingOptions()
        options.discardUnknownFields = true
        options.messageDepthLimit = 16
        do {
            return try Content(serializedBytes: Array(bytes.readableBytesView), options: options)
        } catch {
            throw unreadable
        }
    }
}
