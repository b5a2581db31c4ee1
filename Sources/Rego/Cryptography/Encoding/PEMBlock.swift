// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// One block of a PEM text (RFC 7468), found as Go's reader does: text around blocks is passed over, and so are
/// malformed blocks.
struct PEMBlock {
    /// What stands after `BEGIN`.
    let type: [UInt8]
    /// The decoded content.
    let bytes: [UInt8]

    private static let begin = Array("-----BEGIN ".utf8)
    private static let end = Array("-----END ".utf8)
    private static let dashes = Array("-----".utf8)

    /// Whether a text starts with a block, so that it is not base64 of something.
    static func opens(_ text: some Sequence<UInt8>) -> Bool {
        text.starts(with: begin.dropLast())
    }

    /// Whether the block is of a type.
    func isType(_ name: StaticString) -> Bool {
        name.withUTF8Buffer { $0.elementsEqual(type) }
    }

    /// The type for a message.
    var typeName: String { String(decoding: type, as: UTF8.self) }

    /// The first block.
    ///
    /// - Returns: the block and what follows it; no block and the whole text if there is none.
    static func first(in text: ArraySlice<UInt8>) -> (block: PEMBlock?, rest: ArraySlice<UInt8>) {
        var rest = text
        while let start = beginning(in: rest) {
            rest = rest[start...]
            let head = takeLine(&rest)
            guard head.suffix(5).elementsEqual(dashes), head.count > 5 else { continue }
            let type = head.dropLast(5)
            skipHeaders(&rest)
            guard let content = takeContent(&rest, type: type) else { continue }
            let decoded = content.withUnsafeBufferPointer { try? Base64.standard.decode($0) }
            guard let bytes = decoded else { continue }
            return (PEMBlock(type: Array(type), bytes: bytes), rest)
        }
        return (nil, text)
    }

    /// Every block.
    static func all(in text: [UInt8]) -> [PEMBlock] {
        var blocks: [PEMBlock] = []
        var rest = text[...]
        while let block = take(&rest) { blocks.append(block) }
        return blocks
    }

    private static func take(_ rest: inout ArraySlice<UInt8>) -> PEMBlock? {
        let (block, following) = first(in: rest)
        rest = following
        return block
    }

    /// Where the type of the next block starts: after `BEGIN` at the start of a line.
    private static func beginning(in text: ArraySlice<UInt8>) -> Int? {
        var line = text.startIndex
        while line < text.endIndex {
            if text[line...].starts(with: begin) { return line &+ begin.count }
            guard let end = text[line...].firstIndex(of: 0x0A) else { return nil }
            line = end &+ 1
        }
        return nil
    }

    /// Takes a line off, and returns it without white space at its end.
    private static func takeLine(_ text: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let end = text.firstIndex(of: 0x0A) ?? text.endIndex
        var line = text[text.startIndex..<end]
        text = end < text.endIndex ? text[(end &+ 1)...] : text[end...]
        while let last = line.last, last == 0x20 || last == 0x09 || last == 0x0D { line.removeLast() }
        return line
    }

    /// Passes over lines of the form `name: value`.
    private static func skipHeaders(_ text: inout ArraySlice<UInt8>) {
        while !text.isEmpty {
            var following = text
            guard takeLine(&following).contains(UInt8(ascii: ":")) else { return }
            text = following
        }
    }

    /// Takes everything up to the line that ends a block of a type.
    private static func takeContent(_ text: inout ArraySlice<UInt8>, type: ArraySlice<UInt8>) -> [UInt8]? {
        var content: [UInt8] = []
        while !text.isEmpty {
            if text.starts(with: end) {
                let line = takeLine(&text)
                return line.elementsEqual(end + type + dashes) ? content : nil
            }
            content.append(contentsOf: takeLine(&text))
        }
        return nil
    }
}
