// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Testing

@testable import Credentials

/// The bytes of a text.
func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

/// The text of bytes.
func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

/// A generator that gives the same numbers again.
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let mixed = (state ^ state >> 33) &* 0xff51_afd7_ed55_8ccd
        return mixed ^ mixed >> 33
    }
}

/// A spelling of the secret of these tests as foreign software makes it.
struct Spelling: CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    var testDescription: String { name }

    static let secret = #"s3cr/t+ "K€y\~<&'>=0"#

    static let all: [Spelling] = {
        let raw = Array(secret.utf8)
        let hex = raw.map { String(format: "%02x", $0) }
        let unreserved = CharacterSet(
            charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
        let percent = secret.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
        var output = [
            Spelling(name: "raw", bytes: raw),
            Spelling(name: "hex", bytes: Array(hex.joined().utf8)),
            Spelling(name: "HEX", bytes: Array(hex.joined().uppercased().utf8)),
            Spelling(name: "percent, upper case", bytes: Array(percent.utf8)),
            Spelling(
                name: "percent, lower case",
                bytes: Array(percent.replacing(#/%../#) { $0.output.lowercased() }.utf8)),
            Spelling(name: "percent, everything", bytes: Array(hex.map { "%\($0)" }.joined().utf8)),
            Spelling(name: "percent, EVERYTHING", bytes: Array(hex.map { "%\($0.uppercased())" }.joined().utf8)),
            Spelling(
                name: "form",
                bytes: Array(
                    percent.replacingOccurrences(of: "%20", with: "+").replacingOccurrences(of: "~", with: "%7E").utf8)),
            Spelling(name: "JSON", bytes: Array(#"s3cr/t+ \"K€y\\~<&'>=0"#.utf8)),
            Spelling(name: "JSON, slash", bytes: Array(#"s3cr\/t+ \"K€y\\~<&'>=0"#.utf8)),
            Spelling(name: "JSON, ASCII", bytes: Array(#"s3cr/t+ \"K\u20acy\\~<&'>=0"#.utf8)),
            Spelling(name: "JSON, bytes", bytes: Array(hex.map { "\\u00\($0)" }.joined().utf8)),
            Spelling(
                name: "JSON, units",
                bytes: Array(secret.utf16.map { String(format: "\\u%04x", $0) }.joined().utf8)),
            Spelling(
                name: "JSON, UNITS",
                bytes: Array(secret.utf16.map { String(format: "\\u%04X", $0) }.joined().utf8)),
            Spelling(name: "HTML", bytes: Array("s3cr/t+ &quot;K€y\\~&lt;&amp;&#39;&gt;=0".utf8)),
            Spelling(name: "reversed", bytes: raw.reversed()),
        ]
        for before in 0..<3 {
            // The characters at the borders belong to the neighbours as well.
            let padded = [UInt8](repeating: 0x78, count: before) + raw + [0x79, 0x79, 0x79]
            let standard = Array(Data(padded).base64EncodedString().utf8)
            let inner = Array(standard[((before * 8 + 5) / 6)..<((before + raw.count) * 8 / 6)])
            output.append(Spelling(name: "Base64, \(before) before", bytes: inner))
            output.append(
                Spelling(
                    name: "Base64 for URLs, \(before) before",
                    bytes: inner.map { $0 == 0x2b ? 0x2d : $0 == 0x2f ? 0x5f : $0 }))
        }
        return output
    }()
}
