// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AsyncHTTPClient
import Identity
import NIOCore
import NIOHTTP1

/// An answer of the gate to an agent, over the socket of a launch.
struct GateAnswer {
    let status: UInt
    let body: [UInt8]

    /// The longest answer that is read.
    private static let largest = 64 << 20

    /// Sends JSON and reads the whole answer, however long the gate works on it.
    ///
    /// - Parameter approval: A person's consent to this very request.
    static func post(
        _ body: [UInt8], to path: String, approval: String? = nil, over socket: String
    ) async throws -> GateAnswer {
        var request = HTTPClientRequest(url: "http+unix://\(FormText.escaped(socket))\(path)")
        request.method = .POST
        request.headers.add(name: "Host", value: "yett")
        request.headers.add(name: "Content-Type", value: "application/json")
        if let approval { request.headers.add(name: "Yett-Approval", value: approval) }
        request.body = .bytes(ByteBuffer(bytes: body))
        do {
            let response = try await HTTPClient.shared.execute(request, timeout: .hours(1))
            let answer = try await response.body.collect(upTo: largest)
            return GateAnswer(status: response.status.code, body: Array(answer.readableBytesView))
        } catch {
            throw CommandFailure("the gate ended the request: \(error)", remedy: "yett audit tail")
        }
    }
}
