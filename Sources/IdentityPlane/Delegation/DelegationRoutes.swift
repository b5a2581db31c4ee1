// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import Identity
internal import NIOCore
internal import Protocols

/// `POST /tasks` and `POST /tasks/stop`: what an agent may do with a task of its own.
public struct DelegationRoutes: Sendable {
    let paths: Set<String> = [start, stop]
    private static let start = "/tasks"
    private static let stop = "/tasks/stop"
    private static let largestBody = 64 * 1024
    private let delegator: any TaskDelegator
    private let limits: ClientLimits

    /// Routes to a gate.
    ///
    /// - Parameter time: Microseconds of a clock that does not go back.
    public init(_ delegator: any TaskDelegator, time: @escaping @Sendable () -> Int64) {
        self.delegator = delegator
        limits = ClientLimits(burst: 20, perSecond: 5, time: time)
    }

    /// Answers a request.
    ///
    /// - Parameter client: Who showed a certificate that is good now.
    func respond(to request: Request, client: ExchangeClient?) async -> Response {
        guard request.method == .post else { return Self.problem(.methodNotAllowed, "POST is expected here") }
        guard let client else { return Self.problem(.unauthorized, "the agent's certificate is expected here") }
        guard limits.admit(client) else {
            return Self.problem(.tooManyRequests, "an agent may ask five times a second")
        }
        guard let bytes = try? await request.body.collect(upTo: Self.largestBody) else {
            return Self.problem(.contentTooLarge, "the body has more than \(Self.largestBody) bytes")
        }
        let bounds = JSONLimits(bytes: Self.largestBody, depth: 6, values: 2000, stringBytes: 4096)
        guard let body = try? JSONValue(parsing: Array(bytes.readableBytesView), limits: bounds),
            let object = body.object, let text = object["handle"]?.string,
            let members = JSONObject(
                object.members.filter { !$0.name.utf8.elementsEqual("handle".utf8) }.map { ($0.name, $0.value) })
        else { return Self.problem(.badRequest, "the body is a JSON object with handle, the handle of the task") }
        do throws(DelegationError) {
            guard let handle = TaskHandle(text) else { throw .refused }
            if request.uri.path == Self.start {
                return Self.response(.created, try await delegator.delegate(members, under: handle, by: client))
            }
            guard let task = members["task"]?.string, members.members.count == 1 else {
                throw .malformed("task, the id of the task to stop, is expected beside handle, and nothing else")
            }
            return Self.response(.ok, try await delegator.stop(task: task, under: handle, by: client))
        } catch {
            return Self.response(to: error)
        }
    }

    private static func response(to error: DelegationError) -> Response {
        switch error {
        case .malformed(let why): problem(.badRequest, why)
        case .refused: problem(.forbidden, "the handle is not that of an open task of this agent")
        case .unknown: problem(.notFound, "no task below this one has that id")
        case .conflict(let why): problem(.conflict, why)
        case .unavailable(let why): problem(.serviceUnavailable, why)
        }
    }

    private static func problem(_ status: HTTPResponse.Status, _ detail: String) -> Response {
        response(status, ["status": .integer(Int64(status.code)), "detail": .string(detail)])
    }

    private static func response(_ status: HTTPResponse.Status, _ body: JSONValue) -> Response {
        Response(
            status: status,
            headers: [
                .contentType: status.code < 300 ? "application/json" : "application/problem+json",
                .cacheControl: "no-store",
            ], body: ResponseBody(byteBuffer: ByteBuffer(bytes: body.bytes)))
    }
}
