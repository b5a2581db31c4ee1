// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Protocols
internal import Sandbox
internal import SandboxPlane

/// What clients need to know to ask for a run.
public enum SandboxAddress {
    /// The path at the gate.
    public static let path = SandboxTool.path
    /// The largest program.
    public static let programBytesLimit = SandboxRequest.programBytesLimit
    /// The limits of an answer.
    public static let limits = JSONLimits(bytes: 64 << 20, stringBytes: 32 << 20)
}
