// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Addresses

/// What a TLS client says first (RFC 8446 section 4.1.2), as far as a gateway needs it.
public struct ClientHello: Sendable, Hashable {
    /// The server name, or nil when there is none.
    public let serverName: HostName?

    /// The application protocols offered, in order; one that is not UTF-8 is repaired.
    public let applicationProtocols: [String]

    /// True when the hello carries an encrypted ClientHello, a grease of one, or an older draft of it.
    public let hasEncryptedHello: Bool

    /// The versions offered: `supported_versions`, else the one legacy version.
    public let versions: [UInt16]
}
