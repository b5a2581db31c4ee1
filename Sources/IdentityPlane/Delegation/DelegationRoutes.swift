// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Hummingbird
internal import Identity
internal import Protocols

/// `POST /tasks` and `POST /tasks/stop`: what an agent may do with a task of its own.
public struct DelegationRoutes: Sendable {
    let paths: Set<String> = [start, stop]
    private static let start = "/tasks"
    private static let stop = "/tasks/stop"
    private let endpoint = JSONEndpoint(
        limits: JSONLimits(bytes: 64 * 1024, depth: 6, values: 2000, stringBytes: 4096))
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
        guard request.method == .post else { return JSONEndpoint.problem(.methodNotAllowed, "POST is expected here") }
        guard let client else {
            return JSONEndpoint.problem(.unauthorized, "the agent's certificate is expected here")
        }
        guard limits.admit(client) else {
            return JSONEndpoint.problem(.tooManyRequests, "an agent may ask five times a second")
        }
        let expectation = "the body is a JSON object with handle, the handle of the task"
        let object: JSONObject
        do throws(JSONEndpoint.Refusal) {
            object = try await endpoint.object(of: request, expectation: expectation)
        } catch {
            return error.response
        }
        guard let text = object["handle"]?.string,
            let members = JSONObject(
                object.members.filter { !$0.name.isSpelled("handle") }.map { ($0.name, $0.value) })
        else { return JSONEndpoint.problem(.badRequest, expectation) }
        do throws(DelegationError) {
            guard let handle = TaskHandle(text) else { throw .refused }
            if request.uri.path == Self.start {
                return JSONEndpoint.response(.created, try await delegator.delegate(members, under: handle, by: client))
            }
            guard let task = members["task"]?.string, members.members.count == 1 else {
                throw .malformed("task, the id of the task to stop, is expected beside handle, and nothing else")
            }
            return JSONEndpoint.response(.ok, try await delegator.stop(task: task, under: handle, by: client))
        } catch {
            return Self.response(to: error)
        }
    }

    private static func response(to error: DelegationError) -> Response {
        switch error {
        case .malformed(let why): JSONEndpoint.problem(.badRequest, why)
        case .refused: JSONEndpoint.problem(.forbidden, "the handle is not that of an open task of this agent")
        case .unknown: JSONEndpoint.problem(.notFound, "no task below this one has that id")
        case .conflict(let why): JSONEndpoint.problem(.conflict, why)
        case .unavailable(let why): JSONEndpoint.problem(.serviceUnavailable, why)
        }
    }
}
