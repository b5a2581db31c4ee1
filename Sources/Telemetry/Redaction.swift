// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Keeps secrets out of log lines: values of fields with telling names, and credentials inside texts.
public enum Redaction {
    /// What stands in the place of a secret.
    public static let mark = "[redacted]"

    private static let secretFields: Set<String> = [
        "api_key", "apikey", "authorization", "cookie", "credential", "password", "passwd", "private_key",
        "proxy-authorization", "proxy_authorization", "secret", "set-cookie", "token", "x-api-key",
    ]
    private static let schemes: [[UInt8]] = ["bearer ", "basic ", "dpop "].map { Array($0.utf8) }

    /// Whether a field's name says that its value is a secret.
    public static func isSecret(field: String) -> Bool { secretFields.contains(field.lowercased()) }

    /// The text without credentials after `Bearer`, `Basic` or `DPoP`, and without passwords in URLs.
    public static func redact(_ text: String) -> String {
        let bytes = Array(text.utf8)
        guard bytes.count > 5 else { return text }
        var clean: [UInt8] = []
        clean.reserveCapacity(bytes.count)
        var isChanged = false
        var index = 0
        while index < bytes.count {
            if let end = credentialEnd(in: bytes, at: index, into: &clean)
                ?? userInfoEnd(in: bytes, at: index, into: &clean)
            {
                clean.append(contentsOf: mark.utf8)
                index = end
                isChanged = true
            } else {
                clean.append(bytes[index])
                index += 1
            }
        }
        return isChanged ? String(decoding: clean, as: UTF8.self) : text
    }

    /// Where a credential that starts with a scheme's name at `start` ends; the scheme itself is kept.
    private static func credentialEnd(in bytes: [UInt8], at start: Int, into clean: inout [UInt8]) -> Int? {
        if start > 0, isLetter(bytes[start - 1]) { return nil }
        for scheme in schemes where bytes.count - start > scheme.count {
            guard zip(bytes[start...], scheme).allSatisfy({ $0 | 0x20 == $1 }) else { continue }
            var end = start + scheme.count
            while end < bytes.count, isCredential(bytes[end]) { end += 1 }
            // A word of prose such as "bearer token" is short; credentials are not.
            guard end - start - scheme.count >= 8 else { continue }
            clean.append(contentsOf: bytes[start..<start + scheme.count])
            return end
        }
        return nil
    }

    /// Where the user information of a URL whose `://` stands at `start` ends, before the `@`.
    private static func userInfoEnd(in bytes: [UInt8], at start: Int, into clean: inout [UInt8]) -> Int? {
        guard bytes.count - start > 4, bytes[start...].starts(with: "://".utf8) else { return nil }
        var end = start + 3
        while end < bytes.count, bytes[end] > 0x20, bytes[end] != UInt8(ascii: "/"), bytes[end] != UInt8(ascii: "?") {
            if bytes[end] == UInt8(ascii: "@") {
                clean.append(contentsOf: "://".utf8)
                return end
            }
            end += 1
        }
        return nil
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    /// `token68` of RFC 9110, section 11.2.
    private static func isCredential(_ byte: UInt8) -> Bool {
        isLetter(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "-._~+/=".utf8.contains(byte)
    }
}
