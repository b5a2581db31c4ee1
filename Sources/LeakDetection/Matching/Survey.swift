// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The first look over a text: where literals may stand, where runs and numbers are, which views it needs.
///
/// It does the same work for every byte, whatever the text is; only what it points at is looked at closer.
struct Survey {
    /// Bytes that are judged together.
    static let block = 64

    /// Literals.
    private(set) var hits: [GramIndex.Hit] = []
    /// Blocks in which a run of Base64 characters has reached sixteen.
    private(set) var runBlocks: [Int] = []
    /// Blocks in which a number has reached ten digits.
    private(set) var numberBlocks: [Int] = []
    /// What ``ByteClass`` says of all bytes together.
    private(set) var flags: UInt64 = 0

    /// Looks over a text.
    mutating func look(over text: UnsafeBufferPointer<UInt8>, index: GramIndex) {
        guard let base = text.baseAddress else { return }
        var hits: [GramIndex.Hit] = []
        var runBlocks: [Int] = []
        var numberBlocks: [Int] = []
        var flags: UInt64 = 0
        let shift = index.shift
        ByteClass.increments.withUnsafeBufferPointer { increments in
            ByteClass.masks.withUnsafeBufferPointer { masks in
                index.bits.withUnsafeBufferPointer { bits in
                    guard let increments = increments.baseAddress, let masks = masks.baseAddress,
                        let bits = bits.baseAddress
                    else { return }
                    let raw = UnsafeRawPointer(base)
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
                            let number = GramIndex.hash(folded) &>> shift
                            if bits[Int(number &>> 6)] &>> UInt64(number & 63) & 1 != 0 {
                                index.check(folded, at: place, in: text, into: &hits)
                            }
                            place &+= 1
                        }
                        while place < end {
                            let increment = increments[Int(base[place])]
                            state = (state &+ increment) & masks[Int(base[place])]
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
        self.hits = hits
        self.runBlocks = runBlocks
        self.numberBlocks = numberBlocks
        self.flags = flags
    }
}
