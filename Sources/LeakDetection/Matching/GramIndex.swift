// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Where one of many literals may stand in a text: by four bytes of each, looked up in a bit set and then in a table.
///
/// Case does not count here. Which four bytes of a literal are taken is chosen so that few literals share them and
/// ordinary text seldom has them; whoever finds them compares the whole literal. Against a trie with failure links this
/// costs no chain of dependent loads for each byte, no memory for each byte of a literal, and stays as fast when
/// thousands of literals begin alike.
struct GramIndex: Sendable {
    /// A literal that has the bytes at an offset, and where in the pool it stands.
    struct Entry: Sendable {
        let gram: UInt32
        let literal: Int32
        let offset: Int32
        let start: Int32
        let count: Int32
        let ignoresCase: Bool
    }

    /// A literal, wholly seen.
    struct Hit: Sendable {
        let literal: Int
        let start: Int
    }

    /// Bits that are set where a gram may be.
    let bits: [UInt64]
    /// By how much a hash is shifted to number a bit.
    let shift: UInt32
    /// Entries, those of one gram side by side.
    let entries: [Entry]
    /// Index of a gram's first entry plus one, by hash; a power of two in size, half of it or more empty.
    private let slots: [UInt32]
    /// The bytes of all literals.
    private let pool: [UInt8]

    /// An index of literals of at least four bytes; others are left out. Those that ignore case are in small letters.
    init(_ literals: [(bytes: [UInt8], ignoresCase: Bool)]) {
        var pool: [UInt8] = []
        var counts: [UInt32: Int] = [:]
        var chosen: [Entry] = []
        for (index, (literal, ignoresCase)) in literals.enumerated() where literal.count >= 4 {
            var best: (gram: UInt32, offset: Int, cost: Int)?
            for offset in 0...min(literal.count &- 4, 60) {
                let gram = Self.gram(literal, offset)
                let cost = counts[gram, default: 0] &* 64 &+ Self.commonness(literal[offset..<(offset &+ 4)])
                if cost < best?.cost ?? .max { best = (gram, offset, cost) }
            }
            guard let best else { continue }
            counts[best.gram, default: 0] &+= 1
            chosen.append(
                Entry(
                    gram: best.gram, literal: Int32(truncatingIfNeeded: index),
                    offset: Int32(truncatingIfNeeded: best.offset), start: Int32(truncatingIfNeeded: pool.count),
                    count: Int32(truncatingIfNeeded: literal.count), ignoresCase: ignoresCase))
            pool += literal
        }
        self.pool = pool
        chosen.sort { ($0.gram, $0.literal) < ($1.gram, $1.literal) }
        entries = chosen
        var width: UInt32 = 16
        while width < 24, 1 << width < counts.count &* 64 { width &+= 1 }
        shift = 32 &- width
        var bits = [UInt64](repeating: 0, count: 1 << Int(width &- 6))
        var size = 64
        while size < counts.count &* 2 { size &*= 2 }
        var slots = [UInt32](repeating: 0, count: size)
        for (index, entry) in chosen.enumerated() where index == 0 || chosen[index &- 1].gram != entry.gram {
            let hash = Self.hash(entry.gram)
            let number = hash &>> shift
            bits[Int(number &>> 6)] |= 1 &<< UInt64(number & 63)
            var slot = Int(hash) & (size &- 1)
            while slots[slot] != 0 { slot = (slot &+ 1) & (size &- 1) }
            slots[slot] = UInt32(truncatingIfNeeded: index &+ 1)
        }
        self.bits = bits
        self.slots = slots
    }

    /// Appends the literals that stand in a text so that a gram of theirs is at a position.
    @inline(never)
    func check(
        _ gram: UInt32, at position: Int, in text: UnsafeBufferPointer<UInt8>, into hits: inout [Hit]
    ) {
        slots.withUnsafeBufferPointer { slots in
            entries.withUnsafeBufferPointer { entries in
                var slot = Int(Self.hash(gram)) & (slots.count &- 1)
                while slots[slot] != 0 {
                    var index = Int(slots[slot]) &- 1
                    if entries[index].gram == gram {
                        while index < entries.count, entries[index].gram == gram {
                            let start = position &- Int(entries[index].offset)
                            if stands(entries[index], in: text, at: start) {
                                hits.append(Hit(literal: Int(entries[index].literal), start: start))
                            }
                            index &+= 1
                        }
                        return
                    }
                    slot = (slot &+ 1) & (slots.count &- 1)
                }
            }
        }
    }

    @inline(__always)
    private func stands(_ entry: Entry, in text: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
        let count = Int(entry.count)
        guard start >= 0, start &+ count <= text.count else { return false }
        return pool.withUnsafeBufferPointer { pool in
            let first = Int(entry.start)
            for index in 0..<count {
                let byte = text[start &+ index]
                let wanted = pool[first &+ index]
                if byte == wanted { continue }
                guard entry.ignoresCase, ByteClass.isUpper(byte), byte | 0x20 == wanted else { return false }
            }
            return true
        }
    }

    @inline(__always)
    static func hash(_ gram: UInt32) -> UInt32 { gram &* 0x9e37_79b1 }

    /// Four bytes with their letters folded. Other bytes fold too, which only costs a comparison.
    private static func gram(_ literal: [UInt8], _ offset: Int) -> UInt32 {
        var gram: UInt32 = 0
        for index in 0..<4 { gram |= UInt32(literal[offset &+ index]) &<< UInt32(8 &* index) }
        return gram | 0x2020_2020
    }

    /// How often the bytes are met in ordinary text, roughly: few kinds of characters, or one again and again, are
    /// common.
    private static func commonness(_ bytes: ArraySlice<UInt8>) -> Int {
        var kinds: Set<Int> = []
        for byte in bytes {
            switch byte {
            case 0x30...0x39: kinds.insert(0)
            case 0x61...0x7a: kinds.insert(1)
            case 0x41...0x5a: kinds.insert(2)
            case 0, 0x20, 0x0a, 0x0d, 0x2d, 0x3d: kinds.insert(3)
            default: kinds.insert(4)
            }
        }
        return (Set(bytes).count < 3 ? 40 : 0) &+ (kinds.contains(3) ? 8 : 0) &+ (5 &- kinds.count) &* 2
    }
}
