// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Why the first bytes of a tunnel are not sent upstream. One case, one stable reason code.
public enum TLSRefusalReason: String, Error, Sendable, Hashable, CaseIterable {
    /// The bytes are not a TLS handshake (SSLv2 and plain text included).
    case notTLS = "tls_not_tls"
    /// The records or the ClientHello break a length or a rule of RFC 8446 or RFC 6066.
    case malformed = "tls_malformed"
    /// The ClientHello or its number of records is larger than the limit.
    case tooLarge = "tls_hello_too_large"
    /// The ClientHello names no server, so the destination cannot be confirmed.
    case missingServerName = "tls_sni_missing"
    /// The ClientHello names another server than the tunnel was opened for.
    case serverNameMismatch = "tls_sni_mismatch"
    /// The ClientHello is encrypted (RFC 9849) or greases that, so the real name is hidden.
    case encryptedHello = "tls_ech_present"

    /// What is wrong, as a sentence for the log.
    public var sentence: String {
        switch self {
        case .notTLS: "The first bytes of the tunnel are not a TLS handshake."
        case .malformed: "The TLS ClientHello is malformed."
        case .tooLarge: "The TLS ClientHello is larger than the limit."
        case .missingServerName: "The TLS ClientHello has no server name (RFC 6066 section 3)."
        case .serverNameMismatch: "The TLS server name is not the host that the tunnel was opened for."
        case .encryptedHello: "The TLS ClientHello is encrypted, so its real server name is hidden."
        }
    }
}
