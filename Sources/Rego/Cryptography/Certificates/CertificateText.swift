// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import SwiftASN1

/// The strings of certificates.
enum CertificateText {
    /// The characters of a string of any of the types that names use, as UTF-8.
    static func read(_ node: ASN1Node) -> [UInt8]? {
        guard node.identifier.tagClass == .universal else { return nil }
        let bytes = node.primitive
        switch node.identifier.tagNumber {
        case 12: return String(validating: bytes, as: UTF8.self).map { Array($0.utf8) }
        case 18, 19, 22: return ascii(bytes)
        case 20: return Array(String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) })).utf8)
        case 30: return twoByte(bytes)
        default: return nil
        }
    }

    /// Bytes that are all ASCII.
    static func ascii(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        bytes.allSatisfy { $0 < 0x80 } ? Array(bytes) : nil
    }

    private static func twoByte(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        guard bytes.count % 2 == 0 else { return nil }
        var units: [UInt16] = []
        var high: UInt8?
        for byte in bytes {
            if let first = high {
                units.append(UInt16(first) << 8 | UInt16(byte))
                high = nil
            } else {
                high = byte
            }
        }
        if units.last == 0 { units.removeLast() }
        return Array(String(decoding: units, as: UTF16.self).utf8)
    }

    /// The text of an address of 4 or 16 bytes (RFC 5952).
    static func address(_ bytes: ArraySlice<UInt8>) -> String? {
        let bytes = Array(bytes)
        let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
        if bytes.count == 4 { return bytes.map { String($0) }.joined(separator: ".") }
        guard bytes.count == 16 else { return nil }
        if bytes.starts(with: mapped) { return address(bytes.suffix(4)) }
        let groups = (0..<8).map { UInt16(bytes[$0 * 2]) << 8 | UInt16(bytes[$0 * 2 + 1]) }
        var longest = 0..<0
        var start = 0
        while start < 8 {
            var end = start
            while end < 8, groups[end] == 0 { end += 1 }
            if end - start > longest.count, end - start > 1 { longest = start..<end }
            start = max(end, start + 1)
        }
        func text(_ range: Range<Int>) -> String {
            groups[range].map { String($0, radix: 16) }.joined(separator: ":")
        }
        if longest.isEmpty { return text(0..<8) }
        return text(0..<longest.lowerBound) + "::" + text(longest.upperBound..<8)
    }
}
