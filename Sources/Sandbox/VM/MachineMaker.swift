// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Makes virtual machines with one emulator from one image.
protocol MachineMaker: Sendable {
    /// Boots a machine and waits until its agent is ready.
    func boot(_ kind: MachineKind) throws(SandboxError) -> Machine

    /// Boots a machine and saves it when its agent is ready. Takes seconds.
    func template(_ kind: MachineKind) throws(SandboxError) -> any MachineTemplate
}

/// A machine that was saved when its agent was ready, and that others are copied from.
protocol MachineTemplate: AnyObject, Sendable {
    /// A copy, which runs.
    func copy() throws(SandboxError) -> Machine
}
