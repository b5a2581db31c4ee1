// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What the admin plane needs of the gate about what is usual for agents.
public protocol BaselineControl: Sendable {
    /// The baseline in force.
    func baseline() async throws -> BaselineReport
    /// Puts another baseline in force, or none, and records who said so.
    func ratify(_ request: BaselineRequest, by caller: Operator) async throws -> BaselineReport
}

extension BaselineControl {
    /// Nobody is watched where nothing else is said.
    public func baseline() async throws -> BaselineReport { throw AdminError(.unknown, "nobody is watched here") }

    /// Nobody is watched where nothing else is said.
    public func ratify(_ request: BaselineRequest, by caller: Operator) async throws -> BaselineReport {
        throw AdminError(.unknown, "nobody is watched here")
    }
}
