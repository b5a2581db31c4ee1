// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What tells the sessions of an agent apart: the task, which an agent cannot choose, else what the plane says, else
/// nothing.
struct SessionKey: Hashable, Sendable {
    private enum Kind: UInt8 {
        case session, task, none
    }

    private let kind: Kind
    private let name: ByteName

    init(_ event: BehaviorEvent) {
        if let task = event.task {
            kind = .task
            name = ByteName(task)
        } else if let session = event.session {
            kind = .session
            name = ByteName(session)
        } else {
            kind = .none
            name = ByteName("")
        }
    }

    /// Whether it is what has neither session nor task, and so never ends but by idling.
    var isNone: Bool { kind == .none }
}

/// What is remembered of one session.
struct SessionState: Sendable {
    var dataFlow = DataFlowDetector()
    var sequence = SequenceDetector()
    var volume = OutboundVolumeDetector()
    var length = LengthDetector()
    var lastSeen: Int64

    init(now: Int64) { lastSeen = now }

    /// Counts anew after a long pause. What a named session has read, its agent still knows.
    mutating func resume(at now: Int64, idle: Int64, keepsLabels: Bool) {
        if now - lastSeen >= idle {
            var fresh = SessionState(now: now)
            if keepsLabels { fresh.dataFlow = dataFlow }
            self = fresh
        }
        lastSeen = now
    }
}
