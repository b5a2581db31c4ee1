// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Bounds on a matcher and on what a scan may do. Each has a defined result: an error when the matcher is made,
/// ``LeakReport/isIncomplete`` when something is scanned.
public struct LeakLimits: Sendable, Hashable {
    /// Registered secrets and canaries together.
    public var secrets = 10_000

    /// Bytes of one of them.
    public var secretBytes = 4096

    /// Bytes of all their spellings. A secret of `n` ASCII bytes takes about `16 * n`.
    public var spellingBytes = 32 << 20

    /// Rules of all rule files.
    public var rules = 2000

    /// Bytes that RE2 may take for one expression.
    public var expressionMemory = 8 << 20

    /// Bytes of decoded views for one request: base64, base32, hex and gzip. Undoing escapes is not counted; it is one
    /// pass over the text for each level.
    public var viewBytes = 64 << 10

    /// Views inside one another.
    public var depth = 3

    /// Findings of one scan; after them only registered secrets are looked for, up to twice as many.
    public var findings = 64

    /// Bytes of a stream that are looked at again when more arrives, so that what is split between two is found. The
    /// longest spelling of a secret raises it.
    public var overlap = 512

    /// The default bounds.
    public init() {}
}
