// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import GRPCClient
public import Identity
public import NIOCore
public import NIOPosix
internal import Protobufs
internal import SwiftProtobuf
internal import Synchronization

/// Identities from a SPIRE agent, or from anything else that offers the SPIFFE Workload API.
///
/// What the agent says is taken over message by message; each message is the whole state. While the agent is away the last
/// state stands until the default identity ends, and nothing is handed out or accepted after that.
///
/// The agent is known by its socket alone: whoever may create that socket is the issuer. Its directory must belong to the
/// agent.
public final class WorkloadAPISource: IdentitySource {
    private let socket: WorkloadSocket
    private let trustDomain: TrustDomain?
    private let limits: WorkloadClientLimits
    private let group: any EventLoopGroup
    private let now: @Sendable () -> Int64
    private let random: @Sendable () -> Double
    private let view = Mutex(WorkloadView())
    private let broadcast = Broadcast<IdentityState>()
    private let end: (stream: AsyncStream<Never>, continuation: AsyncStream<Never>.Continuation) =
        AsyncStream.makeStream()

    /// Prepares the source; nothing is opened before ``run(report:)``.
    ///
    /// - Parameters:
    ///   - socket: Where the agent listens.
    ///   - trustDomain: Where the default identity must be from; any trust domain will do when it is nil.
    ///   - now: Unix seconds.
    ///   - random: Numbers from 0 to 1, for the pauses.
    public init(
        socket: WorkloadSocket, trustDomain: TrustDomain? = nil, limits: WorkloadClientLimits = .init(),
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton, now: @escaping @Sendable () -> Int64,
        random: @escaping @Sendable () -> Double = { Double.random(in: 0...1) }
    ) {
        self.socket = socket
        self.trustDomain = trustDomain
        self.limits = limits
        self.group = group
        self.now = now
        self.random = random
    }

    /// What is valid now.
    public func current() throws(IdentitySourceError) -> IdentityState {
        try valid(view.withLock { $0 })
    }

    private func valid(_ view: WorkloadView) throws(IdentitySourceError) -> IdentityState {
        if let state = view.state, state.svid.validity.contains(now()) { return state }
        // What never helps is said before what may pass.
        if let refusal = view.refusal { throw .failed("\(refusal)") }
        guard view.state == nil else { throw .expired }
        throw view.standing == .denied ? .denied : .notReady
    }

    /// Every state from now on, the present one first.
    public func updates() -> AsyncStream<IdentityState> {
        // Under the lock, so that no newer state is told before the present one.
        view.withLock { view in broadcast.stream(startingWith: { try? valid(view) }) }
    }

    /// Verifies a token with the bundles that are known here; the agent is not asked.
    public func verify(
        jwtSVID token: [UInt8], audience: String, now: Int64
    ) async throws(IdentitySourceError) -> VerifiedJWTSVID {
        let view = view.withLock { $0 }
        // Bundles are as old as the identity beside them: where that is over, they may be, too.
        let state = try valid(view)
        guard view.knowsTokens else { throw .notReady }
        do throws(JWTSVIDError) {
            return try JWTSVID.verify(token, audience: audience, bundles: state.bundles, now: now)
        } catch {
            throw .refused(error)
        }
    }

    /// Ends all streams; ``run(report:)`` returns soon after.
    public func shutDown() {
        end.continuation.finish()
        broadcast.finish()
    }
}

// MARK: The streams

extension WorkloadAPISource {
    /// Follows the agent until the task is cancelled or the source is shut down; then ends all streams.
    ///
    /// - Parameter report: Told of what failed.
    public func run(report: @escaping @Sendable (WorkloadTrouble) -> Void) async {
        await withDiscardingTaskGroup { group in
            for method in [WorkloadMethod.fetchX509SVID, .fetchX509Bundles, .fetchJWTBundles] {
                group.addTask { await self.follow(method, report) }
            }
            for await _ in end.stream {}
            group.cancelAll()
        }
        shutDown()
    }

    /// Makes a call again and again.
    private func follow(_ method: WorkloadMethod, _ report: @Sendable (WorkloadTrouble) -> Void) async {
        var pauses = Pauses(first: limits.firstPause, longest: limits.longestPause, random: random)
        while !Task.isCancelled {
            let begin = ContinuousClock.now
            var worked: ContinuousClock.Instant?
            let failure = await call(method, worked: &worked, report)
            guard !Task.isCancelled else { return }
            report(WorkloadTrouble(method, .call(failure)))
            take(failure, of: method)
            guard !failure.isFinal else { return }
            let stood = worked.map { begin.duration(to: $0) } ?? .zero
            try? await Task.sleep(for: pauses.pause(after: stood))
        }
    }

    /// Makes a call once, and takes over what the agent says until it ends.
    ///
    /// - Parameter worked: When the call was last seen to work.
    private func call(
        _ method: WorkloadMethod, worked: inout ContinuousClock.Instant?,
        _ report: @Sendable (WorkloadTrouble) -> Void
    ) async -> CallFailure {
        do {
            // The requests of all streams are empty.
            let call = try await WorkloadCall.open(method, [], to: socket, limits: limits, on: group)
            defer { call.close() }
            defer { if worked != nil { worked = .now } }
            for try await message in call.messages {
                worked = .now
                take(message, of: method, report)
                if method == .fetchX509SVID { call.expectNext(within: renewal()) }
            }
            return .closed
        } catch let failure as CallFailure {
            return failure
        } catch {
            return .unreachable("\(type(of: error))")
        }
    }

    /// Seconds after which an identity is asked for again, however long it holds.
    private static var longestWait: Int64 { 86_400 }

    /// A renewal that is overdue is asked for: an agent that was stopped keeps its connections. Agents renew when half of
    /// an identity's life is over.
    private func renewal() -> TimeAmount {
        guard let end = view.withLock({ $0.state?.svid.validity.upperBound }) else { return limits.answer }
        let left = min(max(end &- now(), 0), Self.longestWait)
        return max(.seconds(left / 4 &* 3), limits.answer)
    }

    private func take(
        _ message: ByteBuffer, of method: WorkloadMethod, _ report: @Sendable (WorkloadTrouble) -> Void
    ) {
        do throws(MessageError) {
            let reader = WorkloadMessageReader(
                limits: limits, trustDomain: trustDomain, own: view.withLock { $0.own }, now: now())
            let update = try reader.read(message, of: method)
            for error in update.leftOut { report(WorkloadTrouble(method, .leftOut(error))) }
            tell { view in view.take(update) }
        } catch {
            report(WorkloadTrouble(method, .message(error)))
        }
    }

    private func take(_ failure: CallFailure, of method: WorkloadMethod) {
        switch failure {
        case .status(.permissionDenied, _): tell { view in view.deny(method) }
        case _ where failure.isFinal && method == .fetchX509SVID: view.withLock { $0.refuse(failure) }
        default: break
        }
    }

    /// Changes what is known, and tells of it in the order of the changes.
    private func tell(_ change: (inout WorkloadView) -> IdentityState?) {
        view.withLock { view in
            if let state = change(&view) { broadcast.send(state) }
        }
    }
}

// MARK: Tokens

extension WorkloadAPISource {
    /// Asks the agent for a token. Agents keep tokens, so nothing is kept here.
    public func jwtSVID(audience: [String], id: SPIFFEID?) async throws(IdentitySourceError) -> JWTSVID {
        guard !audience.isEmpty, audience.allSatisfy({ !$0.isEmpty }) else {
            throw .invalidRequest("a token needs a recipient")
        }
        var request = WorkloadJWTSVIDRequest()
        request.audience = audience
        request.spiffeID = id?.description ?? ""
        let response: WorkloadJWTSVIDResponse
        do {
            response = try await answer(.fetchJWTSVID, request)
        } catch let failure as CallFailure {
            throw IdentitySourceError(failure)
        } catch {
            throw .failed("the answer is no token: \(MessageError.unreadable)")
        }
        // Of several the first one is the default.
        guard let message = response.svids.first, !message.svid.isEmpty else {
            throw .failed("the agent's answer has no token")
        }
        guard message.hint.utf8.count <= WorkloadMessageReader.longestHint else {
            throw .failed("\(MessageError.hint)")
        }
        let token: JWTSVID
        do throws(JWTSVIDError) {
            token = try JWTSVID(
                received: Array(message.svid.utf8), audience: audience, now: now(), hint: message.hint)
        } catch {
            throw .failed("the agent's token is unusable: \(error)")
        }
        guard message.spiffeID.utf8.elementsEqual(token.id.description.utf8), id.map({ $0 == token.id }) ?? true else {
            throw .failed("the agent's token speaks for another identity")
        }
        return token
    }

    private func answer<Response: Message>(_ method: WorkloadMethod, _ request: some Message) async throws -> Response {
        let call = try await WorkloadCall.open(
            method, request.serializedBytes(), to: socket, limits: limits, on: group)
        defer { call.close() }
        var response: Response?
        // The status comes after the message, and decides.
        for try await message in call.messages { response = try WorkloadMessageReader.decode(message) }
        guard let response else { throw CallFailure.silent }
        return response
    }
}

extension IdentitySourceError {
    /// What the specification of the Workload Endpoint has for it.
    init(_ failure: CallFailure) {
        switch failure {
        case .status(.permissionDenied, _): self = .denied
        case .status(.invalidArgument, let text): self = .invalidRequest(text)
        case .status(.unavailable, _), .status(.resourceExhausted, _), .status(.deadlineExceeded, _), .unreachable,
            .silent:
            self = .notReady
        case .status, .closed, .broken: self = .failed("\(failure)")
        }
    }
}
