// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AsyncHTTPClient
import FoundationEssentials
import HTTPTypes
import Identity
import NIOCore
import NIOHTTP1

/// Asks the running gate over its admin socket.
struct AdminClient: Sendable {
    /// The socket's path.
    let socket: String

    /// The longest answer that is read.
    private static let largestAnswer = 256 << 20

    /// Asks and reads the answer as it is.
    ///
    /// - Parameters:
    ///   - path: Below `/v1/`.
    ///   - query: Names and values; those without a value are left out.
    ///   - body: Sent as JSON.
    ///   - seconds: How long to wait for the answer.
    /// - Throws: ``CommandFailure``.
    func ask(
        _ path: String, method: NIOHTTP1.HTTPMethod = .GET, query: [(name: String, value: String?)] = [],
        body: (any Encodable)? = nil, seconds: Int64 = 30
    ) async throws -> ByteBuffer {
        let parts = query.compactMap { part in part.value.map { "\(part.name)=\(FormText.escaped($0))" } }
        let suffix = parts.isEmpty ? "" : "?" + parts.joined(separator: "&")
        var request = HTTPClientRequest(url: "http+unix://\(FormText.escaped(socket))/v1/\(path)\(suffix)")
        request.method = method
        if let body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: try AdminJSON.encoder.encode(body)))
        }
        try SocketLocation.check(socket)
        let response: HTTPClientResponse
        let answer: ByteBuffer
        do {
            response = try await HTTPClient.shared.execute(request, timeout: .seconds(seconds))
            answer = try await response.body.collect(upTo: Self.largestAnswer)
        } catch {
            throw failure(error)
        }
        guard (200..<300).contains(Int(response.status.code)) else { throw Self.failure(response.status, answer) }
        return answer
    }

    /// Asks and reads the answer as a message.
    func ask<Message: Decodable>(
        _ path: String, method: NIOHTTP1.HTTPMethod = .GET, query: [(name: String, value: String?)] = [],
        body: (any Encodable)? = nil, seconds: Int64 = 30, for _: Message.Type
    ) async throws -> Message {
        try Self.message(
            try await ask(path, method: method, query: query, body: body, seconds: seconds), for: Message.self)
    }

    /// Reads an answer as a message.
    static func message<Message: Decodable>(_ answer: ByteBuffer, for _: Message.Type) throws -> Message {
        do {
            return try AdminJSON.decoder.decode(Message.self, from: Data(answer.readableBytesView))
        } catch {
            throw CommandFailure(
                "the gate's answer is not understood by yett \(Version.text)", remedy: "yett version")
        }
    }

    private func failure(_ error: any Error) -> CommandFailure {
        let text = "\(error)"
        if error is HTTPClientError, text.contains("imeout") {
            return CommandFailure("the gate at \(socket) did not answer in time")
        }
        return CommandFailure("the gate at \(socket) cannot be asked: \(text)", remedy: "see its log")
    }

    private static func failure(_ status: HTTPResponseStatus, _ answer: ByteBuffer) -> CommandFailure {
        guard let problem = try? AdminJSON.decoder.decode(Problem.self, from: Data(answer.readableBytesView)) else {
            return CommandFailure("the gate answered with status \(status.code)")
        }
        return CommandFailure(
            ([problem.detail] + (problem.diagnostics ?? [])).joined(separator: "\n"), remedy: problem.remedy)
    }
}
