// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Glibc
public import Identity
public import Logging
public import NIOCore
public import NIOPosix
public import ServiceLifecycle
internal import Transport

/// The way in for workloads that want an identity: the SPIFFE Workload API and Envoy's secret discovery service, on a
/// Unix socket. There is no password: the kernel says who is asking.
public struct IdentityPlane<Issuer: WorkloadIssuer, Source: IdentitySource>: Service {
    private let issuer: Issuer
    private let source: Source
    private let socketPath: String
    private let mode: mode_t
    private let limits: IdentityPlaneLimits
    private let group: any EventLoopGroup
    private let logger: Logger
    private let now: @Sendable () -> Int64
    private let onListening: @Sendable () -> Void
    private let admission: Admission

    /// Prepares the plane; nothing is opened before ``run()``.
    ///
    /// - Parameters:
    ///   - issuer: Knows the callers, and what they are entitled to.
    ///   - source: Verifies the tokens that callers ask about.
    ///   - socketPath: Where to listen, at most 100 bytes. Its directory must exist.
    ///   - mode: The socket's permission bits. Everybody may ask: what they get is decided by who they are.
    ///   - now: Unix seconds.
    ///   - onListening: Called once calls are taken.
    public init(
        issuer: Issuer, source: Source, socketPath: String, mode: mode_t = 0o777, limits: IdentityPlaneLimits = .init(),
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton, logger: Logger,
        now: @escaping @Sendable () -> Int64, onListening: @escaping @Sendable () -> Void = {}
    ) {
        self.issuer = issuer
        self.source = source
        self.socketPath = socketPath
        self.mode = mode
        self.limits = limits
        self.group = group
        self.logger = logger
        self.now = now
        self.onListening = onListening
        admission = Admission(limits: limits)
    }

    /// How many connections and calls there are at present.
    public var counts: (connections: Int, calls: Int) { admission.counts }

    /// Serves until the service group shuts down or the task is cancelled.
    public func run() async throws {
        let (calls, continuation) = AsyncStream<Call>.makeStream()
        let entrance = Entrance(limits: limits, admission: admission, calls: continuation)
        let listener = try await BoundListener.bind(unix: socketPath, mode: mode, on: group) { entrance.open($0) }
        onListening()
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                for await call in calls { group.addTask { await serve(call) } }
                await listener.close()
                admission.close()
                group.cancelAll()
            }
        }
    }

    /// Answers a call for as long as both sides want it.
    private func serve(_ call: Call) async {
        guard admission.beginCall(user: call.process.uid) else {
            return call.refuse(CallStatus(.unavailable, "there are more calls than are taken; try again later"))
        }
        defer { admission.endCall(user: call.process.uid) }
        let answers = CallAnswers(issuer: issuer, source: source, logger: logger, now: now)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await call.finish(await answers.answer(call)) }
            group.addTask { for await _ in call.closed {} }
            await group.next()
            group.cancelAll()
        }
    }
}
