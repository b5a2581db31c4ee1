// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Identity
internal import Synchronization

/// How often one client may ask.
final class ClientLimits: Sendable {
    private let rates: Mutex<RateLimits>
    private let time: @Sendable () -> Int64

    /// - Parameter time: Microseconds of a clock that does not go back.
    init(burst: Int, perSecond: Int, time: @escaping @Sendable () -> Int64) {
        rates = Mutex(RateLimits(burst: burst, perSecond: perSecond))
        self.time = time
    }

    /// Takes one request of a client; whether it may go on.
    func admit(_ client: ExchangeClient) -> Bool {
        let now = time()
        return rates.withLock { $0.admit(client.id, now: now) }
    }
}
