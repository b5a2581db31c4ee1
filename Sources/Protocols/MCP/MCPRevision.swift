// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A revision of the Model Context Protocol that the gate reads.
public enum MCPRevision: String, Sendable, Hashable, CaseIterable, Comparable {
    /// Sessions, `initialize`, no batches.
    case june2025 = "2025-06-18"
    /// As before, with tasks and event streams that can be polled.
    case november2025 = "2025-11-25"
    /// Every request stands for itself: no session, no `initialize`, header fields that repeat the body.
    case july2026 = "2026-07-28"

    /// The revision of a version text, compared bytewise.
    public init?(version: String) {
        guard let match = Self.allCases.first(where: { $0.rawValue.utf8.elementsEqual(version.utf8) }) else {
            return nil
        }
        self = match
    }

    /// True when each request carries its own version and capabilities.
    public var isStateless: Bool { self == .july2026 }

    /// Whether one revision is older.
    public static func < (left: MCPRevision, right: MCPRevision) -> Bool {
        left.rawValue.utf8.lexicographicallyPrecedes(right.rawValue.utf8)
    }
}
