// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore
import NIOHPACK
import NIOHTTP2
import Protobufs
import Protocols
import SwiftProtobuf
import Transport

/// A question, as a call of gRPC or in the HTTP variant, or the stream of an access log.
final class MeshStream: EnvoyStream {
    private enum Method: String, CaseIterable {
        case check = "/envoy.service.auth.v3.Authorization/Check"
        case accessLogs = "/envoy.service.accesslog.v3.AccessLogService/StreamAccessLogs"
        case health = "/grpc.health.v1.Health/Check"
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

    override func read(_ headers: HPACKHeaders) throws(CallStatus) {
        if let path = headers.first(name: ":path"), path.utf8.starts(with: MeshQuestion.httpPrefix.utf8) {
            do throws(HTTP1Refusal) {
                purpose = .http(try HTTPQuestionHead(headers, endStream: isComplete))
            } catch {
                begin(connection.refuse("\(error.code): \(error)") { [self] in respond($0) })
            }
            return
        }
        guard let head = CallHead(headers) else {
            return respond(HTTPAnswer(status: 415, "neither gRPC nor below \(MeshQuestion.httpPrefix)"))
        }
        guard let method = Method.allCases.first(where: { $0.rawValue.utf8.elementsEqual(head.path.utf8) }) else {
            throw CallStatus(.notOffered, "the method is not offered here")
        }
        purpose = .call(method)
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

    private static let answerHead: HPACKHeaders = [":status": "200", "content-type": "application/grpc"]
    private static let answerEnd: HPACKHeaders = ["grpc-status": "0"]

    private func send(_ message: some Message) {
        if let bytes: [UInt8] = try? message.serializedBytes() { send(bytes) }
    }

    /// Answers with the bytes of a message.
    private func send(_ bytes: [UInt8]) {
        write(.headers(.init(headers: Self.answerHead)))
        write(message: bytes)
        end(with: .headers(.init(headers: Self.answerEnd, endStream: true)), isReset: true)
    }

    override func finish(_ status: CallStatus) {
        let headers: HPACKHeaders = [
            ":status": "200", "content-type": "application/grpc", "grpc-status": "\(status.code.rawValue)",
            "grpc-message": status.encodedMessage,
        ]
        end(with: .headers(.init(headers: headers, endStream: true)), isReset: true)
    }

    override func refuseTooMuch() {
        guard awaitsMore, case .http = purpose else { return super.refuseTooMuch() }
        respond(HTTPAnswer(status: 503, Self.tooMuch))
    }

    /// Answers something that is not gRPC.
    private func respond(_ answer: HTTPAnswer) {
        var headers: HPACKHeaders = [":status": "\(answer.status)"]
        for field in answer.fields { headers.add(name: field.name.lowercased(), value: field.value) }
        guard !answer.body.isEmpty else {
            return end(with: .headers(.init(headers: headers, endStream: true)), isReset: true)
        }
        write(.headers(.init(headers: headers)))
        let body = ByteBuffer(bytes: answer.body)
        end(with: .data(.init(data: .byteBuffer(body), endStream: true)), isReset: true)
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
