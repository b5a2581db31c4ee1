// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Finds the `# METADATA` blocks among the comments of a module and reads them.
struct AnnotationReader {
    /// A block that was read.
    struct Block {
        /// As it was written; nil when it was not.
        var scope: String?
        var isEntrypoint: Bool
        /// Its members except for the scope.
        var members: [SyntaxValue.Member]
        var location: Location
        var lastRow: Int32
    }

    private(set) var mistakes: [Diagnostic] = []
    private let comments: [Comment]

    init(_ comments: [Comment]) {
        self.comments = comments
    }

    /// Reads all blocks.
    mutating func read() -> [Block] {
        var blocks: [Block] = []
        var index = 0
        while index < comments.count {
            let first = comments[index]
            index += 1
            guard first.isMetadata else { continue }
            var lines: [Comment] = []
            var row = first.location.row
            while index < comments.count, comments[index].location.row == row + 1,
                comments[index].location.column == 1
            {
                lines.append(comments[index])
                row += 1
                index += 1
            }
            if let block = readBlock(first, lines) { blocks.append(block) }
        }
        return blocks
    }

    private mutating func readBlock(_ first: Comment, _ lines: [Comment]) -> Block? {
        var text: [UInt8] = []
        for line in lines {
            let bytes = line.text.bytes
            text += bytes.first == UInt8(ascii: " ") ? bytes.dropFirst() : bytes[...]
            text.append(UInt8(ascii: "\n"))
        }
        guard text.contains(where: { $0 > 0x20 }) else {
            note("expected METADATA block, found whitespace", at: first.location)
            return nil
        }
        do throws(YAMLDocument.Failure) {
            let members = try YAMLDocument.read(text)
            var block = Block(
                scope: nil, isEntrypoint: false, members: [], location: first.location,
                lastRow: lines.last?.location.row ?? first.location.row)
            var content = AnnotationContent()
            try content.read(members)
            block.scope = content.scope
            block.isEntrypoint = content.isEntrypoint
            block.members = content.members
            return block
        } catch {
            let line = error.line.flatMap { lines.isEmpty ? nil : lines[max(0, min($0, lines.count - 1))] }
            note(error.message, at: error.line == nil ? first.location : line?.location ?? first.location)
            return nil
        }
    }

    private mutating func note(_ message: String, at location: Location) {
        mistakes.append(Diagnostic(.parse, message, at: location))
    }
}

extension Comment {
    /// Whether it begins a block of metadata.
    var isMetadata: Bool {
        text.bytes.drop { $0 == UInt8(ascii: " ") || ($0 >= 0x09 && $0 <= 0x0D) }.starts(with: "METADATA".utf8)
    }
}
