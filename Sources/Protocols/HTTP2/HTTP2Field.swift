// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The rules for one field of an HTTP/2 message, besides pseudo-header fields (RFC 9113 section 8.2).
///
/// They hold for heads and trailers, and are stricter than HTTP/1's where both could carry the bytes: what passes here
/// can be written into an HTTP/1 head as it is.
enum HTTP2Field {
    /// Why a field is refused, or what its name means to a gateway.
    static func judge(
        name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer
    ) -> Result<HTTP1FieldName, HTTP1RefusalReason> {
        guard isName(name) else { return .failure(.badFieldName) }
        if let reason = judge(value: value) { return .failure(reason) }
        let meaning = HTTP1FieldName.classify(name, hasUnderscore: name.contains(0x5f))
        switch meaning {
        case .connection, .proxyConnection, .keepAlive, .transferEncoding, .upgrade:
            return .failure(.connectionField)
        case .te:
            return ByteScan.equals(value, "trailers") ? .success(.te) : .failure(.connectionField)
        default:
            return .success(meaning)
        }
    }

    /// Whether bytes are a token without upper-case letters.
    private static func isName(_ name: UnsafeRawBufferPointer) -> Bool {
        guard !name.isEmpty else { return false }
        for byte in name where !ByteSet.token.contains(byte) || byte &- 0x41 < 26 { return false }
        return true
    }

    /// Why a value is refused, or nil.
    static func judge(value: UnsafeRawBufferPointer) -> HTTP1RefusalReason? {
        guard let base = value.baseAddress, let first = value.first, let last = value.last else { return nil }
        // Padding would be taken off by one reader and kept by another (RFC 9113 section 8.2.1).
        guard first != 0x20, first != 0x09, last != 0x20, last != 0x09 else { return .badFieldValue }
        var position = 0
        while true {
            position = ByteScan.firstControl(base, from: position, to: value.count)
            guard position < value.count else { break }
            switch value[position] {
            case 0x09: position &+= 1
            case 0x0d: return .bareCarriageReturn
            case 0x0a: return .bareLineFeed
            case 0x00: return .nulByte
            default: return .badFieldValue
            }
        }
        return hasReplacement(value) ? .badFieldValue : nil
    }

    /// Whether U+FFFD occurs. A decoder of HPACK that makes text of values puts it where the bytes were not UTF-8: what
    /// the client sent cannot be told any more.
    private static func hasReplacement(_ value: UnsafeRawBufferPointer) -> Bool {
        guard value.count >= 3 else { return false }
        var index = 0
        while index < value.count &- 2 {
            if value[index] == 0xef, value[index &+ 1] == 0xbf, value[index &+ 2] == 0xbd { return true }
            index &+= 1
        }
        return false
    }
}
