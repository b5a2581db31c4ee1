// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Identity
import Protocols

/// `GET /approvals/<id>`: a client comes back for a person's answer.
extension ServiceExchange {
    private static let pollPrefix = Array("/approvals/".utf8)

    /// The approval that a path names; `nil` for other paths.
    static func polled(_ head: borrowing HTTP1RequestHead, in bytes: UnsafeRawBufferPointer) -> ApprovalID? {
        head.path.withDecisionBytes(in: bytes) { path in
            guard path.count == 45, path.starts(with: pollPrefix) else { return nil }
            return ApprovalID(String(decoding: path.dropFirst(pollPrefix.count), as: UTF8.self))
        }
    }

    /// Says where the question stands, to the agent that caused it and within the same task.
    func poll(_ id: ApprovalID) {
        guard method == .get || method == .head else {
            return refuseEarly(.protocolViolation, "approvals are read here with GET; people answer them elsewhere")
        }
        guard let approval = loop.core.approvals[id], approval.call.agent == identity?.id,
            (approval.call.task ?? "").utf8.elementsEqual((task?.task.id ?? "").utf8)
        else {
            return refuseEarly(.approvalUnknown, "no call of this agent, in this task, has this approval")
        }
        complete(with: ApprovalAnswers.state(of: approval, now: loop.now))
    }
}
