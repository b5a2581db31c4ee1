// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Writes forms and queries: the counterpart of ``FormFields``.
public enum FormText {
    /// What a form is as a body.
    public static let mediaType = "application/x-www-form-urlencoded"

    /// Whether a `Content-Type` is that of a form, whatever its parameters.
    public static func isMediaType(_ text: String) -> Bool {
        text.prefix { $0 != ";" }.lowercased().isExactly(mediaType)
    }

    /// `name=value` pairs with `&` between; everything but unreserved characters is escaped.
    public static func encode(_ fields: [(name: String, value: String)]) -> String {
        fields.map { "\(escaped($0.name))=\(escaped($0.value))" }.joined(separator: "&")
    }

    /// Escapes everything but the unreserved characters of RFC 3986 section 2.3.
    public static func escaped(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                bytes.append(byte)
            default:
                bytes.append(UInt8(ascii: "%"))
                bytes.append(digit(byte >> 4))
                bytes.append(digit(byte & 15))
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? value &+ UInt8(ascii: "0") : value &- 10 &+ UInt8(ascii: "A")
    }
}
