// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Addresses

/// The rule that a TLS client names the host its tunnel was opened for, and nothing else.
public enum SNIPolicy {
    /// Nil when the hello may go to `expected`, else why not.
    ///
    /// A tunnel to an address literal has no name to compare: there the hello must not name a server either (RFC 6066
    /// section 3 forbids literals in it, so a name would be some other host's).
    public static func judge(_ hello: ClientHello, expected: Host, allowsEncryptedHello: Bool) -> TLSRefusalReason? {
        if hello.hasEncryptedHello, !allowsEncryptedHello { return .encryptedHello }
        switch expected {
        case .name(let name):
            guard let serverName = hello.serverName else { return .missingServerName }
            return serverName.description.utf8.elementsEqual(name.description.utf8) ? nil : .serverNameMismatch
        case .address:
            return hello.serverName == nil ? nil : .serverNameMismatch
        }
    }
}
