// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Transport

/// What is looked for in what one exchange sends and is answered.
struct ExchangeLeaks {
    /// What the grants say, once it was asked for.
    var rules: LeakRules?
    /// What records must not say in clear.
    var concealed = ConcealedParts()
    /// Looks through a body that passes as it comes.
    var up: LeakStream?
    /// Looks through an answer that passes as it comes.
    var down: LeakStream?
    /// Looks through the messages of a WebSocket.
    var socket: LeakSocket?
    /// Looks through what a run of code says while it runs, by the name of the output.
    var outputs: [String: LeakStream] = [:]
    /// A request that was read as a whole, to be read once more without what is taken out of it.
    var request: MediatedRequest?
    /// Whether something was taken out of it.
    var isRedacted = false
}

/// What becomes of a request because of what it holds.
enum LeakAnswer {
    /// Nothing, or a person is asked.
    case none
    /// It is refused, should everything else allow it.
    case refused(Verdict)
    /// It is read once more, without what was taken out of it.
    case readAgain(MediatedRequest)
}
