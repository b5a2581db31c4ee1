// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What the admin plane needs of the gate where people sign in.
///
/// All verbs throw ``AdminError``.
public protocol PeopleControl: Sendable {
    /// Where people sign in.
    func people() async throws -> PeopleReport
}

extension PeopleControl {
    /// Nobody signs in where nothing else is said.
    public func people() async throws -> PeopleReport {
        throw AdminError(.unknown, "nobody signs in here")
    }
}
