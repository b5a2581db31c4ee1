// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Identity
internal import IdentityPlane
internal import Logging
internal import Outbound
internal import Protocols
internal import ServiceLifecycle
internal import Synchronization
internal import Telemetry
internal import YettConfiguration

/// The ways in and out for security events, as far as the configuration asks for them.
struct SignalServices {
    private let gate: Gate
    private let signals: GateSignals?
    private let configuration: SignalsConfiguration?

    init(_ gate: Gate, _ configuration: GateConfiguration) {
        self.gate = gate
        signals = gate.signals
        self.configuration = configuration.signals
    }

    /// How many listeners there are.
    var count: Int { signals == nil || configuration?.address == nil ? 0 : 1 }

    /// What runs.
    ///
    /// - Parameter readiness: Told of the listener.
    func services(_ readiness: Readiness) -> [any Service] {
        guard let signals, let configuration else { return [] }
        var services: [any Service] = []
        if let address = configuration.address {
            let listener = SignalListener(
                GateIntake(gate: gate, signals: signals), host: "\(address)", port: Int(configuration.port),
                tls: signals.tls, logger: gate.logger
            ) { [gate] port in
                gate.state.withLock { $0.signalListener = (address, UInt16(clamping: port)) }
                readiness.arrive()
            }
            let place = "signals.address: \(Host.address(address)):\(configuration.port)"
            services.append(ListeningService(service: listener, place: place))
        }
        for receiver in signals.receivers {
            guard let poll = receiver.poll else { continue }
            services.append(SignalPoller(gate: gate, receiver: receiver, poll: poll))
        }
        for stream in signals.transmitter?.streams ?? [] {
            services.append(SignalSender(gate: gate, signals: signals, stream: stream))
        }
        return services
    }
}

/// Takes what transmitters push.
private struct GateIntake: SignalIntake {
    let gate: Gate
    let signals: GateSignals

    func admission(to path: String, bearer: String?) -> SignalAdmission {
        guard let receiver = signals.receiver(at: path) else { return .unknown }
        guard let bearer, receiver.isCredential(bearer) else { return .refused }
        return .admitted
    }

    func take(_ token: [UInt8], at path: String) async -> SignalReception {
        guard let receiver = signals.receiver(at: path) else { return .later("nobody pushes there") }
        return await gate.take(token, from: receiver)
    }

    func document(at path: String) -> JSONValue? {
        guard path.utf8.elementsEqual(SignalIssuer.keysPath.utf8) else { return nil }
        return signals.transmitter?.keySet.json
    }
}

/// Posts what waits for one stream.
private struct SignalSender: Service {
    let gate: Gate
    let signals: GateSignals
    let stream: SignalTransmitter.Stream

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while true {
                do {
                    try await signals.transmitter?.serve(stream)
                } catch let error as CancellationError {
                    throw error
                } catch {
                    gate.logger.error(
                        "security events that wait cannot be read",
                        metadata: [
                            LogField.trigger: .string(stream.configuration.name), LogField.error: .string("\(error)"),
                        ])
                }
                try await Task.sleep(for: .seconds(5))
            }
        }
    }
}

/// Asks one transmitter for tokens, again and again (RFC 8936).
private struct SignalPoller: Service {
    let gate: Gate
    let receiver: SignalReceiver
    let poll: SignalPollConfiguration

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while true {
                do throws(Failure) {
                    try await drain()
                } catch {
                    gate.logger.warning(
                        "a transmitter of security events cannot be asked",
                        metadata: [
                            LogField.trigger: .string(receiver.name), LogField.error: .string(error.description),
                        ])
                }
                try await Task.sleep(for: poll.interval)
            }
        }
    }

    /// Questions without a pause between them.
    private static let longestDrain = 256

    private struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Takes what there is, and says what became of it; tokens that have to come again are not mentioned.
    private func drain() async throws(Failure) {
        var request = SignalPoll(maximum: poll.maximumEvents)
        for _ in 0..<Self.longestDrain {
            let answer = try await ask(request)
            request = SignalPoll(maximum: poll.maximumEvents)
            for token in answer.tokens {
                switch await gate.take(token.bytes, from: receiver, named: token.name) {
                case .taken: request.acknowledged.append(token.name)
                case .refused(let error): request.refused.append(SignalPoll.Refusal(tokenID: token.name, error: error))
                case .later: break
                }
            }
            guard !request.acknowledged.isEmpty || !request.refused.isEmpty else { return }
            // Without more to fetch, this only says what became of them.
            if !answer.hasMore { request.maximum = 0 }
        }
    }

    private func ask(_ request: SignalPoll) async throws(Failure) -> SignalPollAnswer {
        let response: OutboundResponse
        do throws(OutboundError) {
            response = try await receiver.ask(request)
        } catch {
            throw Failure(description: error.description)
        }
        guard response.status == 200 else { throw Failure(description: "it answered with status \(response.status)") }
        do throws(ClaimsError) {
            return try SignalPollAnswer(parsing: response.body, maximum: request.maximum)
        } catch {
            throw Failure(description: "its answer is refused: \(error)")
        }
    }
}
