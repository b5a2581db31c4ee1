// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity

/// Why a session does not do.
public enum PeopleError: Error, Sendable, CustomStringConvertible {
    /// There is none: unknown, over, or no secret of a session at all.
    case noSession
    /// The provider withdrew it; the error says how.
    case withdrawn(ProviderError)
    /// The person has to show the provider again who they are: at most so many seconds ago.
    case stepUpRequired(Int64)
    /// What holds for the person cannot be asked now.
    case unavailable(ProviderError)

    /// The reason code.
    public var code: String {
        switch self {
        case .noSession, .withdrawn: "session_required"
        case .stepUpRequired: "step_up_required"
        case .unavailable: "provider_unavailable"
        }
    }

    /// What is wrong.
    public var description: String {
        switch self {
        case .noSession: "the session is unknown or over"
        case .withdrawn(let error): "the session is over: \(error)"
        case .stepUpRequired(let seconds):
            "this takes a person who signed in at most \(seconds) seconds ago (step_up_required)"
        case .unavailable(let error): "what holds for the person cannot be asked: \(error)"
        }
    }

    /// What to type next.
    public var remedy: String {
        switch self {
        case .noSession, .withdrawn: "yett login"
        case .stepUpRequired(let seconds): "yett login --max-age \(seconds)"
        case .unavailable: "try again in a moment"
        }
    }
}
