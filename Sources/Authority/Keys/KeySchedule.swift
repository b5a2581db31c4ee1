// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// When a key is made, begins to sign, and is forgotten; seconds throughout.
public struct KeySchedule: Sendable, Hashable {
    /// How long a key holds.
    public var lifetime: Int64
    /// The remaining life at which the next key is published.
    public var prepareAhead: Int64
    /// The remaining life at which the next key begins to sign.
    public var activateAhead: Int64
    /// How long an expired key stays known, against clocks that differ.
    public var retention: Int64

    /// Divides a lifetime as SPIRE does: the next key at half of it and at most 30 days before the end, its first
    /// signature at a sixth and at most 7 days.
    public init(lifetime: Int64, retention: Int64 = 300) {
        self.lifetime = lifetime
        prepareAhead = min(lifetime / 2, 30 * 86_400)
        activateAhead = min(lifetime / 6, 7 * 86_400)
        self.retention = retention
    }

    /// Roots: one year.
    public static let roots = KeySchedule(lifetime: 365 * 86_400)
    /// JWT keys: one day.
    public static let jwtKeys = KeySchedule(lifetime: 86_400)
}
