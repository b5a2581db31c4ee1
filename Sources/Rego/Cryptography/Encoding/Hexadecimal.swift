// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Lower-case hexadecimal digits.
enum Hexadecimal {
    /// Two digits for each byte.
    static func encode(_ bytes: some Collection<UInt8>) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: bytes.count &* 2) { buffer, count in
            for byte in bytes {
                buffer[count] = digit(byte >> 4)
                buffer[count &+ 1] = digit(byte & 15)
                count &+= 2
            }
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") &+ value : UInt8(ascii: "a") &+ value &- 10
    }
}
