// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

@testable import PolicyBundle

/// Builds archives that no honest program writes.
struct RawArchive {
    private(set) var bytes: [UInt8] = []

    /// Adds an entry of any kind.
    mutating func add(
        _ name: String, _ content: [UInt8] = [], kind: Character = "0", size: Int? = nil, prefix: String = "",
        sumOffset: Int = 0
    ) {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, _ offset: Int) {
            for (index, byte) in text.utf8.enumerated() { header[offset + index] = byte }
        }
        func octal(_ value: Int, _ digits: Int) -> String {
            let text = String(value, radix: 8)
            return String(repeating: "0", count: max(0, digits - text.count)) + text
        }
        put(String(name.prefix(100)), 0)
        put("0000644", 100)
        put(octal(size ?? content.count, 11), 124)
        put("        ", 148)
        header[156] = kind == "\0" ? 0 : (kind.asciiValue ?? 0)
        put("ustar\0" + "00", 257)
        put(prefix, 345)
        let sum = header.reduce(0) { $0 + Int($1) } + sumOffset
        put(octal(sum, 6) + "\0 ", 148)
        bytes += header + content + [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
    }

    /// Adds an attribute of the next entry.
    mutating func addAttribute(_ line: String) {
        add("attribute", Array(line.utf8), kind: "x")
    }

    /// The archive with the blocks that end it.
    var whole: [UInt8] { bytes + [UInt8](repeating: 0, count: 1024) }

    /// The archive, compressed.
    var compressed: [UInt8] {
        get throws { try Gzip.deflate(whole) }
    }
}

extension BundleFile {
    init(_ path: String, _ text: String) {
        self.init(path: path, bytes: Array(text.utf8))
    }
}
