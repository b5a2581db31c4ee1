// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Entry bundles (C2SP tlog-tiles): up to 256 entries, each a big-endian 16-bit length and its bytes.
public enum EntryBundle {
    /// The largest entry in bytes.
    public static let largestEntry = 65_535

    /// Why a bundle cannot be read.
    public enum Fault: Error, Equatable {
        /// The bytes end inside the entry with this position in the bundle.
        case endsInsideEntry(Int)
        /// The bundle holds a number of entries that its path does not name.
        case count(found: Int, expected: Int)
    }

    /// Appends one entry; false, with nothing appended, when it is longer than 65,535 bytes.
    @discardableResult
    public static func append(_ entry: UnsafeRawBufferPointer, to bundle: inout [UInt8]) -> Bool {
        guard entry.count <= largestEntry else { return false }
        bundle.append(UInt8(truncatingIfNeeded: entry.count >> 8))
        bundle.append(UInt8(truncatingIfNeeded: entry.count))
        bundle.append(contentsOf: entry)
        return true
    }

    /// The byte range of each entry, without its length; at most 256.
    public static func ranges(in bundle: [UInt8]) throws(Fault) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var offset = 0
        while offset < bundle.count {
            guard offset + 2 <= bundle.count else { throw .endsInsideEntry(ranges.count) }
            let length = Int(bundle[offset]) << 8 | Int(bundle[offset + 1])
            guard length <= bundle.count - offset - 2 else { throw .endsInsideEntry(ranges.count) }
            guard ranges.count < TilePath.fullWidth else {
                throw .count(found: ranges.count + 1, expected: TilePath.fullWidth)
            }
            ranges.append(offset + 2..<offset + 2 + length)
            offset += 2 + length
        }
        return ranges
    }

    /// The entries of a bundle, which must be `width` in number.
    public static func entries(of bundle: [UInt8], width: Int) throws(Fault) -> [[UInt8]] {
        let ranges = try ranges(in: bundle)
        guard ranges.count == width else { throw .count(found: ranges.count, expected: width) }
        return ranges.map { Array(bundle[$0]) }
    }
}
