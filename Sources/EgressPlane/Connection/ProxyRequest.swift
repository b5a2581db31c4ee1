// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import NIOCore
import Protocols
import Transport

/// One request of a client on its way from parsed bytes to the upstream.
final class ProxyRequest {
    /// How the client asked.
    enum Form {
        /// HTTP `CONNECT`.
        case connect
        /// SOCKS5 `CONNECT`.
        case socks5
        /// Absolute-form HTTP.
        case http
    }

    let form: Form
    let decision: DecisionID
    let facts: Facts
    /// When the head was complete, in nanoseconds of the monotonic clock.
    let startedAt: Int64

    /// What the verdict came to; replaced when a later check refuses.
    var verdict = Verdict.deny(.policyError)
    /// The revision of the snapshot that was read.
    var revision: UInt64 = 0
    /// The authorizer's count of changes when the verdict was asked for.
    var generation: UInt64 = 0
    /// Evidence of the verdict, until the dialer takes it.
    var permit: Permit?
    /// Evidence of the address guard.
    var addresses: [JudgedAddress]?
    /// What records must not say in clear.
    var concealed = ConcealedParts()
    /// Whether the decision record was handed over.
    var isRecorded = false
    /// Whether the client was told that its tunnel is open.
    var isAccepted = false

    /// When the steps of the exchange were.
    var timing = ExchangeTiming()

    /// Absolute-form only: what the exchange needs.
    var exchange: HTTPExchange?

    init(form: Form, decision: DecisionID, facts: Facts, startedAt: Int64) {
        self.form = form
        self.decision = decision
        self.facts = facts
        self.startedAt = startedAt
    }

    /// Whether the request asks for an opaque tunnel.
    var isTunnel: Bool { form != .http }
}
