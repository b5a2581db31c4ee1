// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Decision
import LeakDetection
import NIOCore
import Protocols
import Transport

/// What must not get out is looked for before any name is resolved.
extension ProxyConnection {
    /// What refuses the request, should everything else allow it; nobody can be asked here.
    func findLeaks(_ request: ProxyRequest) -> Verdict? {
        leakScanner = request.exchange.flatMap { $0.body.isDone ? nil : loop.shared.leaks.scanner() }
        guard loop.shared.leaks.isOn else { return nil }
        let head = request.exchange.map { Array($0.head.readableBytesView) } ?? []
        guard let leak = loop.shared.leaks.judge(request.facts, head: head) else { return nil }
        note(leak, of: request)
        return leak.action >= .hold ? .deny(.leakFound, detail: leak.detail) : nil
    }

    /// Looks through a piece of a body.
    ///
    /// - Returns: Whether it may go on; when not, the exchange is over.
    func isClean(_ bytes: ByteBuffer, isLast: Bool) -> Bool {
        guard leakScanner != nil, let request else { return true }
        var found = bytes.withUnsafeReadableBytes { leakScanner?.scan($0) } ?? []
        if isLast { found += leakScanner?.finish() ?? [] }
        guard let leak = loop.shared.leaks.judge(found) else { return true }
        note(leak, of: request)
        guard leak.action >= .hold else { return true }
        refuseLate(.leakFound, detail: leak.detail)
        return false
    }

    private func note(_ leak: LeakVerdict, of request: ProxyRequest) {
        for observation in leak.observations {
            var event = AuditEvent(about: request.facts, kind: .observation, time: loop.context.clock.wall())
            event.decision = request.decision.description
            event.connection = id.description
            event.cause = observation.cause
            event.detail = observation.detail
            loop.context.record(event)
        }
    }
}
