// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import Telemetry

/// Turns whatever a route throws into a problem document; the one place where errors become responses.
struct ProblemMiddleware: RouterMiddleware {
    func handle(
        _ request: Request, context: AdminContext, next: (Request, AdminContext) async throws -> Response
    ) async throws -> Response {
        let error: AdminError
        do {
            return try await next(request, context)
        } catch let thrown as AdminError {
            error = thrown
        } catch let thrown as any HTTPResponseError {
            error = Self.translate(thrown, request: request)
        } catch let thrown as DecodingError {
            error = AdminError(.malformed, "the request's body is not what is expected here: \(Self.text(thrown))")
        } catch {
            context.logger.error(
                "an admin request failed",
                metadata: [LogField.path: .string(request.uri.path), LogField.error: .string("\(error)")])
            return try Self.response(AdminError(.failed, "\(error)").problem)
        }
        return try Self.response(error.problem)
    }

    private static func translate(_ thrown: any HTTPResponseError, request: Request) -> AdminError {
        switch thrown.status {
        case .notFound:
            AdminError(
                .unknown, "\(request.method.rawValue) \(request.uri.path) is not part of this gate's API",
                remedy: "check that yett and the running gate have the same version: yett version")
        case .contentTooLarge:
            AdminError(.malformed, "the request's body is longer than 64 KiB")
        default:
            AdminError(.malformed, "the request's body is not what is expected here")
        }
    }

    private static func text(_ error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, _): "the member “\(key.stringValue)” is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            "the member “\(context.codingPath.last?.stringValue ?? "")” has another type"
        default: "it is not JSON"
        }
    }

    static func response(_ problem: Problem) throws -> Response {
        Response(
            status: HTTPResponse.Status(code: problem.status),
            headers: [.contentType: Problem.mediaType],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: try AdminJSON.encoder.encode(problem))))
    }
}
