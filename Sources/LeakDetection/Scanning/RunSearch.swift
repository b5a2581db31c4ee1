// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Protocols

/// Runs of characters that may encode something.
struct RunSearch {
    let text: UnsafeBufferPointer<UInt8>

    /// The runs that reach into one of some blocks, in order, each once. A run goes over the ends of lines within it.
    func runs(in blocks: [Int]) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        var done = 0
        for block in blocks {
            let end = min(block &+ Survey.block, text.count)
            var place = max(block, done)
            // The run may have begun in an earlier block.
            while place > done, isPart(text[place &- 1]) { place &-= 1 }
            while place < end {
                guard ByteClass.isBase64(text[place]) else {
                    place &+= 1
                    continue
                }
                var last = place
                var next = place &+ 1
                while next < text.count, isPart(text[next]) {
                    if ByteClass.isBase64(text[next]) { last = next }
                    next &+= 1
                }
                if last &+ 1 &- place >= 16 { runs.append(place..<(last &+ 1)) }
                place = next
            }
            done = place
        }
        return runs
    }

    @inline(__always)
    private func isPart(_ byte: UInt8) -> Bool { ByteClass.isBase64(byte) || byte == 0x0a || byte == 0x0d }

    /// What a run is in itself, without decoding: addresses and keys of crypto-currencies, which have checksums, and in
    /// what was decoded also a secret of the form that AWS gives.
    func credential(in range: Range<Int>, isNested: Bool, _ record: inout ScanRecord) -> LanePass.Match? {
        if isNested, (40...44).contains(range.count), isSecretKey(text[range]) {
            return LanePass.Match(name: "aws-secret-key", kind: .credential, range: range)
        }
        guard range.count >= 25 else { return nil }
        for part in text[range].split(whereSeparator: { !ByteClass.isAlphanumeric($0) })
        where CryptoAddress.mayBe(part) {
            guard record.takeChecksum() else { return nil }
            if let name = CryptoAddress.name(of: part) {
                return LanePass.Match(name: name, kind: .financial, range: part.startIndex..<part.endIndex)
            }
        }
        return nil
    }

    private func isSecretKey(_ run: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        run.contains(where: ByteClass.isLower) && run.contains(where: ByteClass.isUpper)
            && run.contains(where: ByteClass.isDigit) && !run.contains(0x2d) && !run.contains(0x5f)
            && ShannonEntropy.milliBits(run) >= 4000
    }
}
