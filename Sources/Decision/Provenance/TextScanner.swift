// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Finds addresses in text: links, mail addresses, hosts.
struct TextScanner {
    /// What was found.
    enum Found {
        case link(AddressForm.Link)
        case email([UInt8])
        case host([UInt8])
        case word([UInt8])
    }

    private let bytes: [UInt8]
    private let wantsWords: Bool
    private let take: (Found) -> Void

    /// Reads the text once and hands out what it finds.
    static func scan(_ bytes: [UInt8], words wantsWords: Bool = false, _ take: (Found) -> Void) {
        withoutActuallyEscaping(take) { take in
            TextScanner(bytes: bytes, wantsWords: wantsWords, take: take).scan()
        }
    }

    private func scan() {
        var start = 0
        for index in bytes.indices where ByteClass.endsRun(bytes[index]) {
            if index > start { run(start..<index) }
            start = index &+ 1
        }
        if start < bytes.count { run(start..<bytes.count) }
    }

    /// One run without white space: a link to its end, with pieces before it; or pieces.
    private func run(_ range: Range<Int>) {
        let marks = [ByteClass.doubleSlash(in: bytes[range]), ByteClass.webScheme(in: bytes[range])]
        guard let behind = marks.compactMap({ $0 }).min() else { return pieces(range) }
        var start = behind
        if start > range.lowerBound, bytes[start &- 1] == UInt8(ascii: ":") {
            start &-= 1
            while start > range.lowerBound, ByteClass.isScheme(bytes[start &- 1]) { start &-= 1 }
        }
        // A scheme without letters is none.
        if start &+ 1 == behind { start = behind }
        let end = trimmedEnd(behind..<range.upperBound)
        guard end > behind, let link = AddressForm.link(bytes[start..<end]) else { return pieces(range) }
        take(.link(link))
        if start > range.lowerBound { pieces(range.lowerBound..<start) }
    }

    private func pieces(_ range: Range<Int>) {
        var start = range.lowerBound
        while start < range.upperBound {
            let end = bytes[start..<range.upperBound].firstIndex(where: ByteClass.endsPiece) ?? range.upperBound
            if end > start, piece(start..<end, within: range) { return }
            start = end &+ 1
        }
    }

    /// Reads one piece; true when a link took the rest of the run.
    private func piece(_ range: Range<Int>, within run: Range<Int>) -> Bool {
        let end = trimmedEnd(range)
        var start = range.lowerBound
        while start < end, !ByteClass.isWord(bytes[start]) { start &+= 1 }
        guard start < end else { return false }
        let piece = bytes[start..<end]
        if piece.contains(UInt8(ascii: "@")) {
            if let key = AddressForm.email(piece) {
                take(.email(key))
                if wantsWords { take(.word(AddressForm.opaque(piece))) }
                return false
            }
        }
        if wantsWords { take(.word(AddressForm.opaque(piece))) }
        guard piece.contains(UInt8(ascii: ".")) else { return false }
        if let key = AddressForm.host(piece) {
            take(.host(key))
        } else if ByteClass.startsWithHost(piece, goesOn: true),
            let link = AddressForm.bareLink(bytes[start..<trimmedEnd(start..<run.upperBound)])
        {
            take(.link(link))
            return true
        }
        return false
    }

    private func trimmedEnd(_ range: Range<Int>) -> Int {
        var end = range.upperBound
        while end > range.lowerBound, ByteClass.isTrailing(bytes[end &- 1]) { end &-= 1 }
        return end
    }
}
