// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import LeakDetection
import NIOCore
import Protocols
import Transport

/// What must not get out is looked for before anything is asked of the service.
extension ServiceExchange {
    /// Looks through what is known of the request. A person is asked where that is what the finding calls for.
    ///
    /// - Returns: What refuses the request, should everything else allow it.
    func findLeaks() -> Verdict? {
        guard preparation == nil, loop.shared.leaks.isOn, let facts, facts.operation.name != .session else {
            return nil
        }
        if mediation == nil, framing != .none, leakScanner == nil { leakScanner = loop.shared.leaks.scanner() }
        let content = mediation == nil ? [] : body.map { Array($0.readableBytesView) } ?? []
        guard let leak = loop.shared.leaks.judge(facts, head: Array(head.readableBytesView), body: content) else {
            return nil
        }
        return answer(leak)
    }

    /// Looks through a piece of a body that passes as it comes.
    ///
    /// - Returns: Whether it may go on; when not, the exchange is over.
    func isClean(_ bytes: ByteBuffer) -> Bool {
        guard leakScanner != nil else { return true }
        let found = bytes.withUnsafeReadableBytes { leakScanner?.scan($0) } ?? []
        return isClean(found)
    }

    /// The same at the end of the body.
    func isCleanAtEnd() -> Bool {
        guard leakScanner != nil else { return true }
        return isClean(leakScanner?.finish() ?? [])
    }

    private func isClean(_ found: [LeakFinding]) -> Bool {
        guard let leak = loop.shared.leaks.judge(found) else { return true }
        noteLeaks(leak)
        // Half of the request is out: there is nothing to ask a person about.
        guard leak.action >= .hold else { return true }
        refuseLate(.leakFound, detail: leak.detail)
        return false
    }

    private func answer(_ leak: LeakVerdict) -> Verdict? {
        noteLeaks(leak)
        switch leak.action {
        case .allow, .redact: return nil
        case .hold:
            if facts?.approvalDemand == nil { facts?.approvalDemand = "the request carries \(leak.detail)" }
            return nil
        case .deny: return .deny(.leakFound, detail: leak.detail)
        }
    }

    private func noteLeaks(_ leak: LeakVerdict) {
        note(leak.observations.map { MediationEvent(code: $0.cause, detail: $0.detail) })
    }
}
