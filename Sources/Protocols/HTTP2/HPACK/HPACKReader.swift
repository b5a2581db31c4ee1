// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Reads bytes, numbers and strings of a header block (RFC 7541 section 5).
struct HPACKReader {
    /// A string as it stands in the block.
    struct Literal {
        let bytes: UnsafeRawBufferPointer
        let isCompressed: Bool
    }

    private let block: UnsafeRawBufferPointer
    private var position = 0

    init(_ block: UnsafeRawBufferPointer) { self.block = block }

    /// The next byte, which stays.
    @inline(__always) var peek: UInt8? { position < block.count ? block[position] : nil }

    /// The number that the next bytes hold. The bits of `mask` are those of its first byte that belong to it.
    @inline(__always)
    mutating func number(_ mask: UInt8) throws(HPACKFailure) -> Int {
        guard let first = peek else { throw .truncated }
        position &+= 1
        return first & mask == mask ? try longNumber(mask) : Int(first & mask)
    }

    /// The rest of a number whose first byte is full: at most four bytes, so that the number stays below 2^28 + 255.
    @inline(never)
    private mutating func longNumber(_ mask: UInt8) throws(HPACKFailure) -> Int {
        var number = Int(mask)
        var shift = 0
        while let byte = peek {
            position &+= 1
            number &+= Int(byte & 0x7F) &<< shift
            if byte < 0x80 { return number }
            shift &+= 7
            guard shift < 28 else { throw .overlongNumber }
        }
        throw .truncated
    }

    /// The next string, which is there in full.
    mutating func literal() throws(HPACKFailure) -> Literal {
        let isCompressed = (peek ?? 0) & 0x80 != 0
        let count = try number(0x7F)
        guard count <= block.count &- position else { throw .truncated }
        let start = position
        position &+= count
        return Literal(bytes: UnsafeRawBufferPointer(rebasing: block[start..<position]), isCompressed: isCompressed)
    }
}
