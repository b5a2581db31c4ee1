// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Decision
internal import Identity
internal import IdentityPlane
internal import Logging
internal import NIOCore
internal import Outbound
internal import Protocols
internal import Resolver
internal import ServiceLifecycle
internal import Storage
internal import Synchronization
internal import Telemetry
internal import Transport
internal import YettConfiguration

/// Tells others of what the gate does: keeps an event for each stream on the device, and posts it until it is taken.
final class SignalTransmitter: Sendable {
    /// One receiver that is told.
    struct Stream: Sendable {
        let configuration: SignalStreamConfiguration
        let url: OutboundURL
        let credential: [UInt8]
        let client: GuardedClient
        /// Tells that something waits.
        let wakes: AsyncStream<Void>
        let wake: AsyncStream<Void>.Continuation
    }

    /// The most events that wait for one stream; of more the oldest are dropped.
    private static let longestQueue = 10_000

    /// Who is told.
    let streams: [Stream]
    private let tokens: GateTokenService
    private let database: StateDatabase
    private let clock: Clock
    private let logger: Logger

    /// Prepares to tell.
    ///
    /// - Returns: `nil` when there is nobody to tell.
    /// - Throws: What is wrong with a URL or the authorities.
    init?(
        _ streams: [SignalStreamConfiguration], _ materials: [GateSignals.Material.Stream], tokens: GateTokenService,
        database: StateDatabase, names: any NameResolver, clock: Clock, logger: Logger,
        listeners: @escaping @Sendable () -> [(IPAddress, UInt16)]
    ) throws {
        guard !streams.isEmpty else { return nil }
        self.streams = try zip(streams, materials).map { stream, material in
            let url = try OutboundURL(parsing: stream.url)
            let (wakes, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
            return Stream(
                configuration: stream, url: url, credential: material.credential,
                client: try GuardedClient(
                    url.endpoint, isPrivateAllowed: stream.isPrivateAllowed,
                    trust: try .web(authorities: material.authority), names: names, listeners: listeners),
                wakes: wakes, wake: wake)
        }
        self.tokens = tokens
        self.database = database
        self.clock = clock
        self.logger = logger
    }

    /// The keys of the tokens.
    var keySet: JSONWebKeySet { tokens.service.keySet }

    /// Lets an event wait for every stream; it is on the device when this returns.
    func emit(_ draft: SecurityEventDraft) {
        for stream in streams {
            var generator = SystemRandomNumberGenerator()
            let claims = draft.payload(
                issuer: tokens.service.issuer, audience: stream.configuration.audience,
                tokenID: ToolToken.identifier(using: &generator), issuedAt: clock.wall() / 1_000_000)
            do throws(StateDatabaseError) {
                let dropped = try database.keep(
                    event: String(decoding: claims, as: UTF8.self), for: stream.configuration.name,
                    limit: Self.longestQueue)
                if dropped > 0 { fail(stream, "too many events wait, and the oldest were dropped", dropped: dropped) }
            } catch {
                fail(stream, "an event cannot be kept and is lost: \(error)", dropped: 1)
            }
            stream.wake.yield()
        }
    }

    private func fail(_ stream: Stream, _ why: String, dropped: Int) {
        logger.error(
            "security events are lost",
            metadata: [
                LogField.trigger: .string(stream.configuration.name), LogField.error: .string(why),
                LogField.dropped: .stringConvertible(dropped),
            ])
    }

    // MARK: Sending

    /// What became of an attempt.
    private enum Outcome {
        case taken
        /// The receiver never will take it.
        case refused(String)
        /// It may take it later.
        case failed(String)
    }

    /// The pause after the first attempt in vain, and the longest.
    private static let pauses = (Duration.milliseconds(500), Duration.seconds(300))

    /// Posts what waits for a stream, one after the other, until the task is cancelled.
    func serve(_ stream: Stream) async throws {
        var wakes = stream.wakes.makeAsyncIterator()
        var pause = Self.pauses.0
        while true {
            guard let event = try database.event(of: stream.configuration.name) else {
                guard await wakes.next() != nil else { throw CancellationError() }
                continue
            }
            switch await send(event, to: stream) {
            case .taken: pause = Self.pauses.0
            case .refused(let why): fail(stream, why, dropped: 1)
            case .failed(let why):
                logger.warning(
                    "a receiver of security events could not be told",
                    metadata: [LogField.trigger: .string(stream.configuration.name), LogField.error: .string(why)])
                try await Task.sleep(for: pause)
                pause = min(pause * 2, Self.pauses.1)
                continue
            }
            try database.forget(event: event.number)
        }
    }

    /// Posts an event as a token of this moment: keys come and go while it waits.
    private func send(_ event: StoredEvent, to stream: Stream) async -> Outcome {
        guard var claims = (try? JSONValue(parsing: Array(event.claims.utf8)))?.object else {
            return .refused("what was kept cannot be read")
        }
        claims["iat"] = .integer(clock.wall() / 1_000_000)
        guard let token = tokens.sign(JSONValue.object(claims).bytes, type: SecurityEventToken.type) else {
            return .failed("the key failed")
        }
        var request = OutboundRequest(stream.url, .post(token, type: "application/secevent+jwt"))
        request.fields.append(("authorization", "Bearer " + String(decoding: stream.credential, as: UTF8.self)))
        do throws(OutboundError) {
            return Self.outcome(of: try await stream.client.send(request))
        } catch {
            return .failed(error.description)
        }
    }

    private static func outcome(of answer: OutboundResponse) -> Outcome {
        if (200..<300).contains(answer.status) { return .taken }
        let code = (try? JSONValue(parsing: answer.body))?["err"]?.string.flatMap(
            SecurityEventError.Code.init(rawValue:))
        let text = "it answered with status \(answer.status)" + (code.map { " and \($0.rawValue)" } ?? "")
        switch (answer.status, code) {
        // Keys may have changed a moment ago, and who may do what is mended by operators.
        case (400, .invalidRequest?), (400, .invalidIssuer?), (400, .invalidAudience?): return .refused(text)
        default: return .failed(text)
        }
    }
}

extension Gate {
    /// Tells others how much at risk an agent is, unless another party said so.
    func emit(
        riskOf agent: SPIFFEID, from old: SecurityEvent.RiskGrade, to new: SecurityEvent.RiskGrade, at time: Int64,
        why: String, origin: String
    ) {
        // What came from others is not passed on: two gates that tell one another would never stop.
        guard !origin.utf8.starts(with: GateSignals.origin.utf8), let transmitter = signals?.transmitter else { return }
        var draft = SecurityEventDraft(.riskLevelChange, .workload(agent), time: time / 1_000_000, why: why)
        draft.risk = SecurityEventDraft.RiskChange(from: old, to: new)
        transmitter.emit(draft)
    }

    /// Tells others that a person's or an agent's access was ended by an operator.
    func emit(revocationOf target: Revocation.Target, at time: Int64, why: String?) {
        guard let transmitter = signals?.transmitter else { return }
        let subject: SubjectIdentifier
        switch target {
        case .agent(let id): subject = .workload(id)
        case .person(let name):
            guard let person = PersonIdentifier(name) else { return }
            subject = .person(person)
        case .task, .token, .key: return
        }
        transmitter.emit(SecurityEventDraft(.sessionRevoked, subject, time: time / 1_000_000, why: why))
    }
}

extension PersonIdentifier {
    fileprivate init?(_ name: Revocation.PersonName) {
        let parts = name.description.split(separator: "#", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        self.init(issuer: String(parts[0]), subject: String(parts[1]))
    }
}
