// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What bounds the work on a chain that a stranger presents. Each limit is checked before the work it bounds.
public struct SVIDLimits: Sendable, Hashable {
    /// Certificates that are presented.
    public let certificates: Int
    /// Bytes of all of them together.
    public let bytes: Int
    /// Certificates from the leaf to the root, both counted.
    public let pathLength: Int
    /// Certificates between the leaf and the root, those that issued themselves not counted.
    public let intermediates: Int
    /// Signatures that are verified while a path is looked for.
    public let signatures: Int
    /// Comparisons of a name with a constraint.
    public let comparisons: Int

    /// Limits with the given values.
    public init(
        certificates: Int = 8, bytes: Int = 64 * 1024, pathLength: Int = 5, intermediates: Int = 3,
        signatures: Int = 32,
        comparisons: Int = 4096
    ) {
        self.certificates = max(certificates, 1)
        self.bytes = max(bytes, 0)
        self.pathLength = max(pathLength, 1)
        self.intermediates = max(intermediates, 0)
        self.signatures = max(signatures, 1)
        self.comparisons = max(comparisons, 0)
    }

    /// The default limits.
    public static let standard = SVIDLimits()
}
