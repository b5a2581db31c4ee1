// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The process that makes an admin request, as the kernel names it.
public struct Operator: Sendable, Hashable {
    /// Its user.
    public var uid: UInt32
    /// Its process id, in the gate's PID namespace.
    public var pid: Int32

    /// Records what the kernel said.
    public init(uid: UInt32, pid: Int32) {
        self.uid = uid
        self.pid = pid
    }
}
