// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Undoes one level of escapes in a stream and reads look-alikes as ASCII, for matching only.
///
/// It takes all escapes at once: `%41` and `%u0041`, `\u0041`, `\u{41}`, `\x41`, `\101` and JSON's short ones, and HTML's
/// references. A text that is escaped twice takes two of them, one after the other. What is broken passes as it is, and
/// so do bytes that are no UTF-8, so that any bytes may be looked through.
struct Unescaper {
    /// Bytes of the longest escape, surrogate pairs included.
    private static let longest = 12

    /// The start of an escape or of a character whose end has not come.
    private var pending: [UInt8] = []
    /// Which escapes were undone so far.
    private(set) var views: Set<LeakView> = []
    /// Position in the input of the next byte to be fed, pending ones not counted.
    private(set) var position: Int

    init(at position: Int = 0) { self.position = position }

    /// All of a text.
    static func unescaped(_ bytes: [UInt8]) -> [UInt8] {
        var unescaper = Unescaper()
        var output = MappedBytes(at: 0)
        unescaper.feed(bytes, into: &output)
        unescaper.finish(into: &output)
        return output.bytes
    }

    /// Takes the next bytes.
    mutating func feed(_ bytes: some Collection<UInt8>, into output: inout MappedBytes) {
        let input = pending + bytes
        let origin = position &- pending.count
        position &+= bytes.count
        let used = input.withUnsafeBufferPointer { run($0, origin: origin, isLast: false, into: &output) }
        pending = Array(input[used...])
    }

    /// Takes the end.
    mutating func finish(into output: inout MappedBytes) {
        let input = pending
        pending = []
        let origin = position &- input.count
        _ = input.withUnsafeBufferPointer { run($0, origin: origin, isLast: true, into: &output) }
    }

    /// Goes through a text and says how much of it was used.
    private mutating func run(
        _ input: UnsafeBufferPointer<UInt8>, origin: Int, isLast: Bool, into output: inout MappedBytes
    ) -> Int {
        var place = 0
        while place < input.count {
            let byte = input[place]
            if !Self.isSpecial(byte) {
                let first = place
                while place < input.count, !Self.isSpecial(input[place]) { place &+= 1 }
                output.append(contentsOf: UnsafeBufferPointer(rebasing: input[first..<place]))
                continue
            }
            let read: Read
            switch byte {
            case 0x25: read = percent(input, place)
            case 0x5c: read = backslash(input, place)
            case 0x26: read = reference(input, place)
            default: read = character(input, place)
            }
            if read.isOpen, !isLast, input.count &- place < Self.longest { return place }
            if read.length == 0 {
                output.append(byte)
                place &+= 1
                continue
            }
            if let view = read.view { views.insert(view) }
            place &+= read.length
            emit(read, input, place, into: &output)
            output.mark(input: origin &+ place)
        }
        return place
    }

    @inline(__always)
    private static func isSpecial(_ byte: UInt8) -> Bool {
        byte == 0x25 || byte == 0x5c || byte == 0x26 || byte >= 0x80 || byte == 0
    }

    /// Whether a text has something that begins like an escape.
    static func mayChange(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBufferPointer { bytes in
            var place = 0
            while place < bytes.count {
                let byte = bytes[place]
                place &+= 1
                guard byte == 0x25 || byte == 0x5c || byte == 0x26 else { continue }
                guard byte != 0x5c, place < bytes.count else { return true }
                let next = bytes[place]
                if byte == 0x25, next == 0x75 || ByteClass.hexValue(next) < 16 { return true }
                if byte == 0x26, next == 0x23 || [0x61, 0x6c, 0x67, 0x71, 0x6e].contains(next) { return true }
            }
            return false
        }
    }

    private func emit(
        _ read: Read, _ input: UnsafeBufferPointer<UInt8>, _ end: Int, into output: inout MappedBytes
    ) {
        if let byte = read.byte {
            if byte != 0 { output.append(byte) }
        } else if let scalar = read.scalar {
            switch LookAlikes.reading(of: scalar) {
            case .ascii(let byte): output.append(byte)
            case .nothing: break
            case .itself:
                if let value = Unicode.Scalar(scalar) {
                    for byte in UTF8.encode(value) ?? UTF8.encodedReplacementCharacter { output.append(byte) }
                }
            }
        } else {
            for index in (end &- read.length)..<end { output.append(input[index]) }
        }
    }
}

extension Unescaper {
    /// What stands at a place.
    struct Read {
        /// Bytes of the input; none when it is no escape.
        var length = 0
        var byte: UInt8?
        var scalar: UInt32?
        var view: LeakView?
        /// It may be the beginning of something longer.
        var isOpen = false

        static let none = Read()
        static let open = Read(isOpen: true)
    }

    private func percent(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> Read {
        guard start &+ 1 < text.count else { return .open }
        if text[start &+ 1] | 0x20 == 0x75 {
            guard let (value, _) = hexadecimal(text, start &+ 2, 4...4) else {
                return start &+ 6 <= text.count ? .none : .open
            }
            return Read(length: 6, scalar: value, view: .percent)
        }
        guard start &+ 2 < text.count else { return ByteClass.hexValue(text[start &+ 1]) == 255 ? .none : .open }
        guard let (value, _) = hexadecimal(text, start &+ 1, 2...2) else { return .none }
        return Read(length: 3, byte: UInt8(value), view: .percent)
    }

    private func backslash(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> Read {
        guard start &+ 1 < text.count else { return .open }
        let kind = text[start &+ 1]
        switch kind {
        case 0x75: return unit(text, start)
        case 0x78:
            guard let (value, _) = hexadecimal(text, start &+ 2, 2...2) else {
                return start &+ 4 <= text.count ? .none : .open
            }
            return Read(length: 4, byte: UInt8(value), view: .json)
        case 0x30...0x37:
            guard start &+ 3 < text.count else { return .open }
            let digits = (1...3).map { text[start &+ $0] &- 0x30 }
            guard digits.allSatisfy({ $0 < 8 }), digits[0] < 4 else { return .none }
            return Read(length: 4, byte: digits[0] &<< 6 | digits[1] &<< 3 | digits[2], view: .json)
        case 0x6e: return Read(length: 2, byte: 0x0a, view: .json)
        case 0x72: return Read(length: 2, byte: 0x0d, view: .json)
        case 0x74: return Read(length: 2, byte: 0x09, view: .json)
        // What is the beginning of another escape, or a half of a unit of UTF-16, is left for the next level.
        case 0x80..., 0, 0x25, 0x26: return .none
        default: return Read(length: 2, byte: kind, view: .json)
        }
    }

    /// `\uXXXX`, two of them for a character outside of the first plane, and `\u{X}`.
    private func unit(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> Read {
        guard start &+ 2 < text.count else { return .open }
        if text[start &+ 2] == 0x7b {
            guard let (value, count) = hexadecimal(text, start &+ 3, 1...6), start &+ 3 &+ count < text.count else {
                return start &+ 10 <= text.count ? .none : .open
            }
            guard text[start &+ 3 &+ count] == 0x7d else { return .none }
            return Read(length: count &+ 4, scalar: value, view: .json)
        }
        guard let (high, _) = hexadecimal(text, start &+ 2, 4...4) else {
            return start &+ 6 <= text.count ? .none : .open
        }
        guard high &>> 10 == 0x36 else {
            return high &>> 10 == 0x37 ? .none : Read(length: 6, scalar: high, view: .json)
        }
        guard start &+ 12 <= text.count else { return .open }
        guard text[start &+ 6] == 0x5c, text[start &+ 7] == 0x75,
            let (low, _) = hexadecimal(text, start &+ 8, 4...4), low &>> 10 == 0x37
        else { return .none }
        return Read(length: 12, scalar: 0x10000 &+ (high & 0x3ff) &<< 10 &+ (low & 0x3ff), view: .json)
    }

    private func reference(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> Read {
        guard start &+ 1 < text.count else { return .open }
        if text[start &+ 1] == 0x23 { return number(text, start) }
        for (name, byte) in Self.names {
            var index = 0
            while index < name.count, start &+ 1 &+ index < text.count, text[start &+ 1 &+ index] == name[index] {
                index &+= 1
            }
            if index == name.count { return Read(length: 1 &+ index, byte: byte, view: .markup) }
            if start &+ 1 &+ index == text.count { return .open }
        }
        return .none
    }

    private static let names: [([UInt8], UInt8)] = [
        (Array("amp;".utf8), 0x26), (Array("lt;".utf8), 0x3c), (Array("gt;".utf8), 0x3e),
        (Array("quot;".utf8), 0x22), (Array("apos;".utf8), 0x27), (Array("nbsp;".utf8), 0x20),
    ]

    /// `&#65;` and `&#x41;`.
    private func number(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> Read {
        var place = start &+ 2
        let isHexadecimal = place < text.count && text[place] | 0x20 == 0x78
        if isHexadecimal { place &+= 1 }
        var value: UInt32 = 0
        let first = place
        while place < text.count, place &- first < 7 {
            let digit = ByteClass.hexValue(text[place])
            guard digit < (isHexadecimal ? 16 : 10) else { break }
            value = value &* (isHexadecimal ? 16 : 10) &+ UInt32(digit)
            place &+= 1
        }
        guard place < text.count else { return .open }
        guard place > first, text[place] == 0x3b else { return .none }
        return Read(length: place &+ 1 &- start, scalar: value, view: .markup)
    }

    /// A character of UTF-8 outside of ASCII, a NUL, or a byte that is neither.
    private func character(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> Read {
        let lead = text[start]
        if lead == 0 { return Read(length: 1, byte: 0, view: .utf16) }
        let count = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2
        guard lead >= 0xc2, lead < 0xf5 else { return Read(length: 1) }
        var value = UInt32(lead) & (0x7f &>> UInt32(count))
        for index in 1..<count {
            guard start &+ index < text.count else { return Read(length: 1, isOpen: true) }
            let byte = text[start &+ index]
            guard byte & 0xc0 == 0x80 else { return Read(length: 1) }
            value = value &<< 6 | UInt32(byte & 0x3f)
        }
        guard LookAlikes.reading(of: value) != .itself else { return Read(length: count) }
        return Read(length: count, scalar: value, view: .folded)
    }

    private func hexadecimal(
        _ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ counts: ClosedRange<Int>
    ) -> (value: UInt32, count: Int)? {
        var value: UInt32 = 0
        var count = 0
        while count < counts.upperBound, start &+ count < text.count {
            let digit = ByteClass.hexValue(text[start &+ count])
            guard digit < 16 else { break }
            value = value &<< 4 | UInt32(digit)
            count &+= 1
        }
        return count >= counts.lowerBound ? (value, count) : nil
    }
}
