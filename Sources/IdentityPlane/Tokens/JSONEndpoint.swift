// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import NIOCore
internal import Protocols

/// What endpoints have in common that take a JSON object by POST and answer with one.
struct JSONEndpoint {
    /// The most that a body may be.
    let limits: JSONLimits

    /// Why a request is not looked at.
    struct Refusal: Error {
        let response: Response
    }

    /// The body of a request.
    ///
    /// - Parameter expectation: What it should have been, for whoever sent something else.
    func object(of request: Request, expectation: String) async throws(Refusal) -> JSONObject {
        guard request.method == .post else {
            throw Refusal(response: Self.problem(.methodNotAllowed, "POST is expected here"))
        }
        guard let bytes = try? await request.body.collect(upTo: limits.bytes) else {
            throw Refusal(
                response: Self.problem(.contentTooLarge, "the body has more than \(limits.bytes) bytes"))
        }
        guard let object = (try? JSONValue(parsing: Array(bytes.readableBytesView), limits: limits))?.object else {
            throw Refusal(response: Self.problem(.badRequest, expectation))
        }
        return object
    }

    /// A refusal (RFC 9457).
    static func problem(_ status: HTTPResponse.Status, _ detail: String) -> Response {
        response(status, ["status": .integer(Int64(status.code)), "detail": .string(detail)])
    }

    /// An answer, which nobody may keep.
    static func response(_ status: HTTPResponse.Status, _ body: JSONValue) -> Response {
        Response(
            status: status,
            headers: [
                .contentType: status.code < 300 ? "application/json" : "application/problem+json",
                .cacheControl: "no-store",
            ], body: ResponseBody(byteBuffer: ByteBuffer(bytes: body.bytes)))
    }
}
