// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Why a caller is not attested.
public enum AttestationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kernel does not say which process or user it is: it is in a namespace that is not visible from here.
    case hidden
    /// The process has ended, or its number is another one's by now.
    case ended
    /// The process changes who it is: its real, effective and saved users or groups differ, or are not those with which
    /// it connected.
    case mixedCredentials
    /// The process changed while it was looked at.
    case changing
    /// What the kernel says of the process cannot be read.
    case unreadable(String)

    /// What happened.
    public var description: String {
        switch self {
        case .hidden: "the caller's process or user is not visible from the gate's namespaces"
        case .ended: "the calling process has ended"
        case .mixedCredentials: "the caller's users or groups differ from one another, or from when it connected"
        case .changing: "the calling process changed while it was looked at"
        case .unreadable(let what): "\(what) of the calling process cannot be read"
        }
    }
}
