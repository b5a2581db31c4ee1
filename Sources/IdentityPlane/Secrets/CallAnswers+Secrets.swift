// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Identity
internal import Logging
internal import NIOCore
internal import Protobufs
internal import SwiftProtobuf
internal import Transport

/// What a stream of secrets waits for.
private enum SecretEvent: Sendable {
    case request(SecretSubscription.Request)
    case state(IdentityState)
    case failure(any Error)
    case end
}

extension CallAnswers {
    /// How many events of one stream wait.
    private static var mostEvents: Int { 8 }

    func fetchSecrets(_ call: Call, _ caller: Issuer.Caller) async throws {
        let request = try await call.request(SecretSubscription.Request.self)
        var subscription = SecretSubscription()
        _ = try subscription.receive(request)
        let state = try await issuer.identities(of: caller, after: nil)
        guard let response = try subscription.response(state) else { return }
        try await send(response, call, caller)
    }

    func streamSecrets(_ call: Call, _ caller: Issuer.Caller) async throws {
        let (events, continuation) = AsyncStream<SecretEvent>.makeStream(
            bufferingPolicy: .bufferingOldest(Self.mostEvents))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                await Self.collect(into: continuation) {
                    // What waits is small: nothing of a request is kept but its names and its acknowledgement.
                    for try await bytes in call.requests {
                        let request: SecretSubscription.Request = try Call.decode(bytes)
                        try SecretSubscription.check(request)
                        try Self.add(.request(request), to: continuation)
                    }
                    try Self.add(.end, to: continuation)
                }
            }
            group.addTask {
                await Self.collect(into: continuation) {
                    try await follow(caller) { state in try Self.add(.state(state), to: continuation) }
                }
            }
            defer { group.cancelAll() }
            try await answer(events, call, caller)
        }
    }

    private func answer(_ events: AsyncStream<SecretEvent>, _ call: Call, _ caller: Issuer.Caller) async throws {
        var subscription = SecretSubscription()
        var state: IdentityState?
        var isEnding = false
        var hasReportedRejection = false
        for await event in events {
            switch event {
            // What was asked for before is answered.
            case .end: isEnding = true
            case .failure(let error): throw error
            case .state(let new): state = new
            case .request(let request):
                switch try subscription.receive(request) {
                case .rejection(let code) where !hasReportedRejection:
                    hasReportedRejection = true
                    // The reason is a text of the caller's and may be anything; its own log has it.
                    logger.warning(
                        "a client of the secret discovery service rejects its secrets",
                        metadata: ["pid": "\(call.process.pid)", "code": "\(code)"])
                    continue
                case .rejection, .acknowledgement, .stale: continue
                case .subscription: break
                }
            }
            guard let state else { continue }
            if let response = try subscription.response(state) { try await send(response, call, caller) }
            if isEnding { return }
        }
        try Task.checkCancellation()
        throw CallStatus(.resourceExhausted, "more requests at once than are taken")
    }

    private static func add(_ event: SecretEvent, to events: AsyncStream<SecretEvent>.Continuation) throws {
        if case .dropped = events.yield(event) { throw CallStatus(.resourceExhausted, "more requests than are taken") }
    }

    /// Runs a source of events; its failure is an event too, the last one.
    private static func collect(
        into events: AsyncStream<SecretEvent>.Continuation, _ body: () async throws -> Void
    ) async {
        do {
            try await body()
        } catch is CancellationError {
        } catch {
            events.yield(.failure(error))
            events.finish()
        }
    }
}
