// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

@testable import LeakDetection

/// Encodings that secrets are written in, for tests.
enum Encoder: String, CaseIterable {
    case plain, base64, base64Second, base64Third, base64URL, base64Lines, hexLower, hexUpper, percentAll, percentSome
    case jsonEscapes, jsonShort, reversed, utf16Little, utf16Big

    static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    static let upperDigits = Array("0123456789ABCDEF".utf8)
    static let lowerDigits = Array("0123456789abcdef".utf8)

    func encode(_ bytes: [UInt8], _ random: inout TestRandom) -> [UInt8] {
        switch self {
        case .plain: return bytes
        case .base64: return Self.base64(bytes)
        case .base64Second: return Self.base64([0x78] + bytes)
        case .base64Third: return Self.base64([0x78, 0x79] + bytes)
        case .base64URL:
            return Self.base64(bytes).map { $0 == 0x2b ? 0x2d : $0 == 0x2f ? 0x5f : $0 }.filter { $0 != 0x3d }
        case .base64Lines:
            var output: [UInt8] = []
            for (index, byte) in Self.base64(bytes).enumerated() {
                if index > 0, index % 12 == 0 { output += [0x0d, 0x0a] }
                output.append(byte)
            }
            return output
        case .hexLower: return bytes.flatMap { [Self.lowerDigits[Int($0 >> 4)], Self.lowerDigits[Int($0 & 15)]] }
        case .hexUpper: return bytes.flatMap { [Self.upperDigits[Int($0 >> 4)], Self.upperDigits[Int($0 & 15)]] }
        case .percentAll: return bytes.flatMap { Self.percent($0, &random) }
        case .percentSome: return bytes.flatMap { random.next() % 2 == 0 ? Self.percent($0, &random) : [$0] }
        case .jsonEscapes:
            return bytes.flatMap { Array("\\u00".utf8) + Self.percent($0, &random).dropFirst() }
        case .jsonShort:
            return bytes.flatMap { byte -> [UInt8] in
                byte == 0x22 || byte == 0x5c || byte == 0x2f ? [0x5c, byte] : [byte]
            }
        case .reversed: return bytes.reversed()
        case .utf16Little: return bytes.flatMap { [$0, 0] }
        case .utf16Big: return bytes.flatMap { [0, $0] }
        }
    }

    private static func percent(_ byte: UInt8, _ random: inout TestRandom) -> [UInt8] {
        let digits = random.next() % 2 == 0 ? lowerDigits : upperDigits
        return [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }

    static func base64(_ bytes: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let part = Array(bytes[start..<min(start + 3, bytes.count)])
            let group = (0..<3).reduce(0) { $0 << 8 | ($1 < part.count ? Int(part[$1]) : 0) }
            for index in 0..<4 {
                output.append(index <= part.count ? alphabet[group >> (18 - 6 * index) & 63] : 0x3d)
            }
        }
        return output
    }
}

/// Numbers that are the same in every run.
struct TestRandom {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }

    /// A secret of letters, digits and marks.
    mutating func secret(_ count: Int) -> [UInt8] {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_.!$\"".utf8)
        return (0..<count).map { _ in alphabet[Int(next() % UInt64(alphabet.count))] }
    }

    mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: next() >> 20) } }
}
