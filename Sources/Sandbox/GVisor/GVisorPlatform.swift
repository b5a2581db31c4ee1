// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CLinux
internal import Glibc

/// How gVisor comes to know of its code's system calls.
enum GVisorPlatform: String, Sendable, CaseIterable {
    /// Seccomp stops the code at each call.
    case systrap
    /// The code runs as a guest of the processor's virtualization.
    case kvm
    /// A debugger's interface stops the code at each call; slow, and everywhere.
    case ptrace

    /// What it is called in receipts and demands.
    var acceleration: SandboxAcceleration {
        switch self {
        case .systrap: .systrap
        case .kvm: .hardware
        case .ptrace: .ptrace
        }
    }

    /// What must be shown to it of the host's devices.
    var devices: [String] { self == .kvm ? ["/dev/kvm"] : [] }

    /// Why it need not be tried; `nil` when it must be.
    ///
    /// - Parameter isOwnUser: Whether sandboxes have a user id that is a member of no group.
    func obstacle(isOwnUser: Bool) -> String? {
        for device in devices {
            var status = stat()
            guard stat(device, &status) == 0 else { return "there is no \(device)" }
            let isOpen = isOwnUser ? status.st_mode & 0o006 == 0o006 : access(device, R_OK | W_OK) == 0
            guard isOpen else { return "the sandbox's user cannot use \(device)" }
        }
        return nil
    }
}
