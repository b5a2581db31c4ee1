// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Logging
internal import Synchronization
internal import Telemetry
internal import Transport

/// Tells operators why TLS clients are refused: at most one line each second, because strangers decide how often it happens.
final class RefusedHandshakes: Sendable {
    private struct State {
        var next: Int64 = .min
        var dropped = 0
    }

    private let listener: String
    private let clock: Clock
    private let logger: Logger
    private let state = Mutex(State())

    init(at listener: String, clock: Clock, logger: Logger) {
        self.listener = listener
        self.clock = clock
        self.logger = logger
    }

    /// Logs a reason, or counts it.
    func report(_ error: any Error) {
        let now = clock.monotonic()
        let dropped = state.withLock { state -> Int? in
            guard now >= state.next else {
                state.dropped &+= 1
                return nil
            }
            defer { state = State(next: now &+ 1_000_000_000) }
            return state.dropped
        }
        guard let dropped else { return }
        var metadata: Logger.Metadata = [
            LogField.listener: .string(listener), LogField.error: .string("\(error)"),
        ]
        if dropped > 0 { metadata[LogField.dropped] = .stringConvertible(dropped) }
        logger.notice("a TLS client was refused", metadata: metadata)
    }
}
