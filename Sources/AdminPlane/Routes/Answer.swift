// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import NIOCore

/// A message of the admin API as a response.
struct Answer<Message: Encodable>: ResponseGenerator {
    let message: Message
    let status: HTTPResponse.Status

    init(_ message: Message, status: HTTPResponse.Status = .ok) {
        self.message = message
        self.status = status
    }

    func response(from request: Request, context: some RequestContext) throws -> Response {
        Response(
            status: status, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: try AdminJSON.encoder.encode(message))))
    }
}
