// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What the admin plane needs of the gate where things are planted for intruders to find. Every verb that changes
/// something records who asked.
public protocol CanaryControl: Sendable {
    /// What is planted, by name; never what it says.
    func canaries() async throws -> [CanaryReport]
    /// Makes something to be planted, looks for it from now on, and tells what to plant.
    func addCanary(_ request: CanaryRequest, by caller: Operator) async throws -> CanaryReport
    /// Does not look for something any more.
    func removeCanary(_ name: String, by caller: Operator) async throws
}

extension CanaryControl {
    private static var none: AdminError { AdminError(.unknown, "this gate plants nothing") }

    /// There are none where nothing else is said.
    public func canaries() async throws -> [CanaryReport] { [] }
    /// There are none where nothing else is said.
    public func addCanary(_ request: CanaryRequest, by caller: Operator) async throws -> CanaryReport {
        throw Self.none
    }
    /// There are none where nothing else is said.
    public func removeCanary(_ name: String, by caller: Operator) async throws { throw Self.none }
}
