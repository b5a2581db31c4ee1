// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Decision
internal import Synchronization

/// What waits to be sent to the webhook: no more than questions may be open; what does not fit is counted and lost.
final class ApprovalNotices: Sendable {
    private let limit: Int
    private let state = Mutex((waiting: [Approval](), dropped: 0))

    init(limit: Int) { self.limit = limit }

    /// Takes a new question, from any thread.
    func offer(_ approval: Approval) {
        state.withLock { state in
            guard state.waiting.count < limit else {
                state.dropped += 1
                return
            }
            state.waiting.append(approval)
        }
    }

    /// What waits, and how many were lost.
    func take() -> (notices: [Approval], dropped: Int) {
        state.withLock { state in
            defer { state = ([], 0) }
            return (state.waiting, state.dropped)
        }
    }
}
