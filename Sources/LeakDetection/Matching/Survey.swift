// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The first look over a text: where literals may stand, where runs and numbers are, which views it needs.
///
/// It does the same work for every byte, whatever the text is; only what it points at is looked at closer.
struct Survey {
    /// Four bytes of a literal were seen.
    struct Hit {
        let position: Int
        let gram: UInt32
    }

    /// Bytes that are judged together.
    static let block = 64

    private(set) var hits: [Hit] = []
    /// Blocks in which a run of Base64 characters has reached sixteen.
    private(set) var runBlocks: [Int] = []
    /// Blocks in which a number has reached eight digits.
    private(set) var numberBlocks: [Int] = []
    /// What ``ByteClass`` says of all bytes together.
    private(set) var flags: UInt64 = 0

    /// Looks over a text. Literals are looked for from `start` on, all else from the beginning.
    mutating func look(over text: UnsafeBufferPointer<UInt8>, from start: Int, index: GramIndex) {
        hits.removeAll(keepingCapacity: true)
        runBlocks.removeAll(keepingCapacity: true)
        numberBlocks.removeAll(keepingCapacity: true)
        flags = 0
        guard let base = text.baseAddress else { return }
        let raw = UnsafeRawPointer(base)
        ByteClass.increments.withUnsafeBufferPointer { increments in
            ByteClass.masks.withUnsafeBufferPointer { masks in
                index.bits.withUnsafeBufferPointer { bits in
                    var state: UInt64 = 0
                    var position = 0
                    while position < text.count {
                        let end = min(position &+ Self.block, text.count)
                        let gramEnd = min(end, text.count &- 3)
                        var seen: UInt64 = 0
                        var place = position
                        while place < gramEnd {
                            let gram = raw.loadUnaligned(fromByteOffset: place, as: UInt32.self).littleEndian
                            let byte = Int(gram & 0xff)
                            let increment = increments[byte]
                            state = (state &+ increment) & masks[byte]
                            seen |= state | increment
                            let folded = gram | 0x2020_2020
                            let number = GramIndex.hash(folded) &>> index.shift
                            if bits[Int(number &>> 6)] &>> UInt64(number & 63) & 1 != 0, place >= start {
                                hits.append(Hit(position: place, gram: folded))
                            }
                            place &+= 1
                        }
                        while place < end {
                            let byte = Int(base[place])
                            let increment = increments[byte]
                            state = (state &+ increment) & masks[byte]
                            seen |= state | increment
                            place &+= 1
                        }
                        if seen & ByteClass.longRun != 0 { runBlocks.append(position) }
                        if seen & ByteClass.longNumber != 0 { numberBlocks.append(position) }
                        flags |= seen
                        position = end
                    }
                }
            }
        }
    }
}
