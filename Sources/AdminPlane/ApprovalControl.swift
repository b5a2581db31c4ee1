// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What the admin plane needs of the gate where calls wait for people.
///
/// All verbs throw ``AdminError``.
public protocol ApprovalControl: Sendable {
    /// The questions, the newest first.
    func approvals() async throws -> [ApprovalReport]
    /// One question.
    func approval(_ id: String) async throws -> ApprovalReport
    /// Answers a question.
    func answer(
        _ id: String, agrees: Bool, _ request: ApprovalAnswerRequest, by caller: Operator
    ) async throws -> ApprovalReport
}

extension ApprovalControl {
    /// Nothing waits where nothing else is said.
    public func approvals() async throws -> [ApprovalReport] { [] }

    /// Nothing waits where nothing else is said.
    public func approval(_ id: String) async throws -> ApprovalReport {
        throw AdminError(.unknown, "no call waits for an answer here")
    }

    /// Nothing waits where nothing else is said.
    public func answer(
        _ id: String, agrees: Bool, _ request: ApprovalAnswerRequest, by caller: Operator
    ) async throws -> ApprovalReport {
        throw AdminError(.unknown, "no call waits for an answer here")
    }
}
