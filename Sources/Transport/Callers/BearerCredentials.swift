// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Crypto

/// What a client sent in `Proxy-Authorization` or `Authorization`, or as the password of SOCKS5: nothing, something unusable, or a token, of
/// which only the digest is kept.
package enum BearerCredentials: Sendable, Equatable {
    /// The field is absent.
    case absent
    /// The field has another scheme or broken base64.
    case malformed
    /// SHA-256 of the token, 32 bytes.
    case token(digest: [UInt8])

    /// The longest token that is accepted, in bytes.
    package static let maximumTokenBytes = 1024

    /// Reads `Bearer <token>`, or `Basic` with the token as password for clients that know nothing else.
    ///
    /// Source: RFC 6750 section 2.1, RFC 7617 section 2.
    package init(parsing value: UnsafeRawBufferPointer) {
        guard let space = value.firstIndex(of: UInt8(ascii: " ")) else {
            self = .malformed
            return
        }
        let scheme = String(decoding: value[..<space], as: UTF8.self).lowercased()
        let rest = UnsafeRawBufferPointer(rebasing: value[(space + 1)...])
        switch scheme {
        case "bearer":
            self.init(token: rest)
        case "basic":
            guard rest.count <= 2 * Self.maximumTokenBytes, let decoded = Self.decodeBase64(rest),
                let colon = decoded.firstIndex(of: UInt8(ascii: ":"))
            else {
                self = .malformed
                return
            }
            self = decoded[(colon + 1)...].withUnsafeBytes { Self(token: $0) }
        default:
            self = .malformed
        }
    }

    /// Takes bytes as a token.
    package init(token: UnsafeRawBufferPointer) {
        guard !token.isEmpty, token.count <= Self.maximumTokenBytes else {
            self = .malformed
            return
        }
        self = .token(digest: Array(SHA256.hash(data: token)))
    }

    /// Decodes padded base64 strictly; `nil` for anything else.
    private static func decodeBase64(_ text: UnsafeRawBufferPointer) -> [UInt8]? {
        guard text.count % 4 == 0 else { return nil }
        var decoded: [UInt8] = []
        decoded.reserveCapacity(text.count / 4 * 3)
        var bits: UInt32 = 0
        var count = 0
        var padding = 0
        for byte in text {
            let value: UInt8
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = byte &- UInt8(ascii: "A")
            case UInt8(ascii: "a")...UInt8(ascii: "z"): value = byte &- UInt8(ascii: "a") &+ 26
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = byte &- UInt8(ascii: "0") &+ 52
            case UInt8(ascii: "+"): value = 62
            case UInt8(ascii: "/"): value = 63
            case UInt8(ascii: "="):
                padding += 1
                continue
            default: return nil
            }
            guard padding == 0 else { return nil }
            bits = bits << 6 | UInt32(value)
            count += 1
            if count % 4 != 1 { decoded.append(UInt8(truncatingIfNeeded: bits >> UInt32(6 - 2 * ((count - 1) % 4)))) }
        }
        guard padding <= 2, (count + padding) % 4 == 0 else { return nil }
        return decoded
    }
}
