// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Why a run did not begin.
public struct SandboxError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds, each with another remedy.
    public enum Kind: String, Sendable, CaseIterable {
        /// The request is not one.
        case malformed
        /// The request is larger than is taken.
        case tooLarge = "too_large"
        /// No driver offers what is demanded.
        case unsatisfied
        /// As much runs as may; try again later.
        case busy
        /// A part of the system is missing or refuses.
        case unavailable
        /// The caller, or an operator, ended the run before the code started.
        case cut
        /// Setting up the sandbox failed; nothing of the code ran.
        case setUp = "set_up"
    }

    /// The kind.
    public let kind: Kind
    /// One line: what happened, and what to do.
    public let description: String
    /// After how many milliseconds another try is worth it, for `busy`.
    public let retryMilliseconds: Int?

    private init(kind: Kind, description: String, retryMilliseconds: Int? = nil) {
        self.kind = kind
        self.description = description
        self.retryMilliseconds = retryMilliseconds
    }

    /// A refusal of this kind.
    public static func refused(_ kind: Kind, _ description: String) -> SandboxError {
        SandboxError(kind: kind, description: description)
    }

    /// Nothing is free now.
    public static func busy(retryMilliseconds: Int) -> SandboxError {
        SandboxError(
            kind: .busy, description: "all sandboxes are in use; try again in \(retryMilliseconds) ms",
            retryMilliseconds: retryMilliseconds)
    }
}
