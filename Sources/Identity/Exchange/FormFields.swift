// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The fields of a form (`application/x-www-form-urlencoded`), read strictly: one spelling, no name twice, text only.
///
/// RFC 6749 appendix B names the encoding, section 3.2 forbids repeated parameters. Values may be secrets and are shown
/// nowhere.
public struct FormFields: Sendable {
    private let fields: [String: String]

    /// The longest body, in bytes.
    public static let largestBody = 64 * 1024
    private static let mostFields = 32
    private static let longestName = 64

    /// Reads a body.
    ///
    /// - Throws: ``OAuthError/invalidRequest``.
    public init(parsing body: [UInt8]) throws(OAuthError) {
        guard body.count <= Self.largestBody else { throw .invalidRequest }
        var fields: [String: String] = [:]
        for pair in body.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false) {
            guard let equals = pair.firstIndex(of: UInt8(ascii: "=")),
                let name = Self.text(pair[..<equals]), let value = Self.text(pair[pair.index(after: equals)...]),
                !name.isEmpty, name.utf8.count <= Self.longestName, name.utf8.allSatisfy(Self.isNameCharacter),
                fields.count < Self.mostFields, fields.updateValue(value, forKey: name) == nil
            else { throw .invalidRequest }
        }
        self.fields = fields
    }

    /// The value of a field; one that is empty counts as absent (RFC 6749 section 3.2).
    public subscript(name: String) -> String? {
        fields[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String? {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            index += 1
            switch byte {
            case UInt8(ascii: "+"): decoded.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard bytes.endIndex - index >= 2, let high = digit(bytes[index]), let low = digit(bytes[index + 1])
                else { return nil }
                index += 2
                decoded.append(high << 4 | low)
            case 0x21...0x7e: decoded.append(byte)
            default: return nil
            }
        }
        guard !decoded.contains(where: { $0 < 0x20 || $0 == 0x7f }) else { return nil }
        return String(validating: decoded, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte &- UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte &- UInt8(ascii: "a") &+ 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte &- UInt8(ascii: "A") &+ 10
        default: nil
        }
    }

    private static func isNameCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}

extension FormFields: CustomStringConvertible, CustomReflectable {
    /// `[redacted]`.
    public var description: String { "[redacted]" }
    /// Nothing.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
