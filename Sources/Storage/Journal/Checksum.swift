// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// CRC-32 (ISO-HDLC, as in zlib and gzip), eight bytes a step.
enum Checksum {
    // 8 tables of 256 words in memory that lives as long as the program: no bounds checks, no reference counting.
    nonisolated(unsafe) private static let tables: UnsafePointer<UInt32> = {
        let tables = UnsafeMutablePointer<UInt32>.allocate(capacity: 8 * 256)
        for index in 0..<256 {
            var value = UInt32(index)
            for _ in 0..<8 { value = value & 1 == 1 ? 0xedb8_8320 ^ value >> 1 : value >> 1 }
            tables[index] = value
        }
        for index in 256..<8 * 256 {
            let previous = tables[index - 256]
            tables[index] = tables[Int(previous & 255)] ^ previous >> 8
        }
        return UnsafePointer(tables)
    }()

    static func crc32(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        guard let base = bytes.baseAddress else { return 0 }
        let table = tables
        var value: UInt32 = 0xffff_ffff
        var position = 0
        while bytes.count - position >= 8 {
            let word = UInt64(littleEndian: (base + position).loadUnaligned(as: UInt64.self)) ^ UInt64(value)
            value =
                table[1792 + Int(word & 255)] ^ table[1536 + Int(word >> 8 & 255)]
                ^ table[1280 + Int(word >> 16 & 255)] ^ table[1024 + Int(word >> 24 & 255)]
            value ^=
                table[768 + Int(word >> 32 & 255)] ^ table[512 + Int(word >> 40 & 255)]
                ^ table[256 + Int(word >> 48 & 255)] ^ table[Int(word >> 56)]
            position += 8
        }
        while position < bytes.count {
            let byte = (base + position).load(as: UInt8.self)
            value = table[Int((value ^ UInt32(byte)) & 255)] ^ value >> 8
            position += 1
        }
        return ~value
    }
}
