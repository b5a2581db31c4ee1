// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

package import AuditTree
internal import Crypto

/// What a record must not say in clear, because a secret was found in it.
package struct ConcealedParts: Sendable {
    /// The host name.
    package var host = false
    /// The path.
    package var path = false

    /// Nothing is concealed.
    package init() {}

    /// What stands in the place of a host name.
    package static let substitute = "[concealed]"
}

extension AuditEvent {
    /// Takes out of the record what it must not say: a path becomes its digest, and of a host name nothing stays.
    package mutating func conceal(_ parts: ConcealedParts) {
        if parts.host, host != nil { host = ConcealedParts.substitute }
        if parts.path, let path {
            pathSHA256 = Hexadecimal.encode(Array(SHA256.hash(data: Array(path.utf8))))
            self.path = nil
        }
    }
}
