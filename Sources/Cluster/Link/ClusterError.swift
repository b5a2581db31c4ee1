// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import GRPCClient

/// Why a change is not shared.
public enum ClusterError: Error, Hashable, Sendable, CustomStringConvertible {
    /// No majority of etcd answers.
    case unreachable(CallFailure?)
    /// Others changed the same entry each time.
    case contended
    /// The entry that is there cannot be read, so that it must not be replaced.
    case unreadable(EntryFault)
    /// The entry that is there does not permit it; in words.
    case refused(String)

    /// What happened, and what to do.
    public var description: String {
        switch self {
        case .unreachable(let failure):
            "no majority of etcd answers" + (failure.map { " (\($0))" } ?? "")
        case .contended: "other gates changed the same at the same time"
        case .unreadable(let fault): "what etcd has of it cannot be read: \(fault)"
        case .refused(let why): why
        }
    }
}
