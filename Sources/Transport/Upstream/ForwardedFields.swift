// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

package import Decision
package import NIOCore
package import Protocols

/// The header fields of a request that a policy may read: those that are forwarded as they are.
package enum ForwardedFields {
    /// Collects the fields, names in lower case, in their order.
    package static func collect(_ head: borrowing HTTP1RequestHead, in buffer: ByteBuffer) -> [HTTPFacts.Field] {
        let fields = head.fields
        return buffer.withUnsafeReadableBytes { bytes in
            var found: [HTTPFacts.Field] = []
            for field in fields.all {
                switch field.knownName {
                case .other, .contentLength:
                    // What the client says is meant for this hop only does not reach the destination.
                    if fields.isNominated(field, in: bytes) { continue }
                    found.append(
                        HTTPFacts.Field(
                            name: field.name.text(in: bytes).lowercased(), value: field.value.text(in: bytes)))
                default: continue
                }
            }
            return found
        }
    }
}
