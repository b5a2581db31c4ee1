// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What a reload came to: the answer of `POST /v1/reload`.
public struct ReloadReport: Codable, Sendable, Hashable {
    /// Whether a new snapshot serves. If not, the old one goes on serving.
    public var isAccepted: Bool
    /// The revision that serves now.
    public var revision: UInt64
    /// SHA-256 of the configuration that serves now.
    public var digest: String
    /// Every mistake, as `file:line:column: what is wrong`.
    public var diagnostics: [String]
    /// How many live connections were cut because the new snapshot does not allow them.
    public var cut: Int
    /// What asked for the reload: `command`, `signal` or `file`.
    public var trigger: String
    /// When, RFC 3339.
    public var at: String
    /// Settings that changed but come into force only with a restart.
    public var needsRestart: [String]

    /// Collects the parts.
    public init(
        isAccepted: Bool, revision: UInt64, digest: String, diagnostics: [String], cut: Int,
        trigger: String, at: String, needsRestart: [String]
    ) {
        self.isAccepted = isAccepted
        self.revision = revision
        self.digest = digest
        self.diagnostics = diagnostics
        self.cut = cut
        self.trigger = trigger
        self.at = at
        self.needsRestart = needsRestart
    }
}
