// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Groups of fields that a client can send and a gateway may have to keep from the upstream.
public struct HTTP1FieldGroups: OptionSet, Sendable, Hashable {
    /// The bits.
    public let rawValue: UInt8

    /// Groups of the given bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Claims about the client's address and connection, ``HTTP1FieldName/forwarding``.
    public static let forwarding = HTTP1FieldGroups(rawValue: 1)

    /// Claims about who is asking, ``HTTP1FieldName/identity``.
    public static let identity = HTTP1FieldGroups(rawValue: 2)

    /// Fields that change the meaning of a request after it was judged, ``HTTP1FieldName/override``.
    public static let override = HTTP1FieldGroups(rawValue: 4)

    /// All of them.
    public static let all: HTTP1FieldGroups = [.forwarding, .identity, .override]

    /// The names that are not forwarded when these groups are dropped: per-hop names always.
    var dropped: UInt32 {
        var names = HTTP1FieldName.perHop
        if contains(.forwarding) { names |= HTTP1FieldName.forwarding.bit }
        if contains(.identity) { names |= HTTP1FieldName.identity.bit }
        if contains(.override) { names |= HTTP1FieldName.override.bit }
        return names
    }
}
