// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Writes tar archives: the same files give the same bytes, whenever and by whomever they are packed.
enum TarWriter {
    private static let block = 512

    /// The archive of some files, sorted by path.
    static func archive(_ files: [BundleFile]) -> [UInt8] {
        var bytes: [UInt8] = []
        for file in files.sorted(by: { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }) {
            let name = [UInt8(ascii: "/")] + Array(file.path.utf8)
            if name.count > 100 {
                let attribute = Self.attribute("path", name)
                append(header(Array("/@LongName".utf8), size: attribute.count, kind: UInt8(ascii: "x")), to: &bytes)
                append(attribute, to: &bytes)
            }
            append(header(Array(name.prefix(100)), size: file.bytes.count, kind: UInt8(ascii: "0")), to: &bytes)
            append(file.bytes, to: &bytes)
        }
        bytes.append(contentsOf: repeatElement(0, count: 2 &* block))
        return bytes
    }

    private static func append(_ content: [UInt8], to bytes: inout [UInt8]) {
        bytes.append(contentsOf: content)
        bytes.append(contentsOf: repeatElement(0, count: (block &- content.count % block) % block))
    }

    private static func header(_ name: [UInt8], size: Int, kind: UInt8) -> [UInt8] {
        var header = [UInt8](repeating: 0, count: block)
        func put(_ content: some Sequence<UInt8>, at offset: Int) {
            for (index, byte) in content.enumerated() where offset &+ index < block { header[offset &+ index] = byte }
        }
        put(name, at: 0)
        put("0000644\0".utf8, at: 100)
        put("0000000\0".utf8, at: 108)
        put("0000000\0".utf8, at: 116)
        put(octal(size, digits: 11), at: 124)
        put("00000000000\0".utf8, at: 136)
        put("        ".utf8, at: 148)
        put([kind], at: 156)
        put("ustar\0".utf8, at: 257)
        put("00".utf8, at: 263)
        let sum = header.reduce(0) { $0 &+ Int($1) }
        put(octal(sum, digits: 6) + [0, 0x20], at: 148)
        return header
    }

    private static func octal(_ value: Int, digits: Int) -> [UInt8] {
        let text = Array(String(value, radix: 8).utf8)
        return [UInt8](repeating: 0x30, count: max(0, digits &- text.count)) + text
    }

    /// `length key=value`, where the length counts its own digits.
    private static func attribute(_ key: String, _ value: [UInt8]) -> [UInt8] {
        let rest = [0x20] + Array(key.utf8) + [UInt8(ascii: "=")] + value + [0x0A]
        var length = rest.count
        while String(length).utf8.count &+ rest.count != length { length = String(length).utf8.count &+ rest.count }
        return Array(String(length).utf8) + rest
    }
}
