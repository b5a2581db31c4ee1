// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CTLS
internal import NIOSSL

/// Settings of a server's context that BoringSSL knows and NIOSSL has no names for.
enum TicketlessContext {
    /// Switches session tickets off, and prefers the suite that processors with instructions for AES are fastest with.
    ///
    /// - Returns: whether no ticket is issued or accepted from now on. When not, as with a version of NIOSSL that keeps its
    ///   context elsewhere, each connection needs a context of its own.
    static func configure(_ context: NIOSSLContext) -> Bool {
        guard let pointer = pointer(of: context) else { return false }
        _ = tls_context_preferring_aes128(UnsafeMutableRawPointer(pointer))
        return tls_context_without_tickets(UnsafeMutableRawPointer(pointer))
    }

    /// The `SSL_CTX` that the object owns.
    private static func pointer(of context: NIOSSLContext) -> OpaquePointer? {
        for child in Mirror(reflecting: context).children where child.label == "sslContext" {
            return child.value as? OpaquePointer
        }
        return nil
    }
}
