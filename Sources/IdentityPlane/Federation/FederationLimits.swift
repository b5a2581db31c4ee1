// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import NIOCore
public import Outbound

/// How often foreign bundles are looked for, and how much is taken.
public struct FederationLimits: Sendable, Hashable {
    /// The pause where the document does not say which.
    public var pause: Duration = .seconds(300)
    /// The shortest pause, whatever the document says.
    public var shortestPause: Duration = .seconds(60)
    /// The longest pause, whatever the document says.
    public var longestPause: Duration = .seconds(86_400)
    /// How often one look may be sent elsewhere.
    public var redirects = 3
    /// One look. A document has at most 256 KiB.
    public var fetch = OutboundLimits(total: .seconds(20), bodyBytes: 256 * 1024)

    /// The limits that hold unless it is said otherwise.
    public init() {}
}
