// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A run of characters that may encode something, and the ways to read it.
///
/// What a run decodes to is looked at only when it is likely to be text, another encoding of text or gzip: most runs are
/// identifiers, paths and hashes. Binary secrets are found by their spellings, without decoding.
struct EncodedRun {
    /// Positions of the run in its text, the ends of lines within it included.
    let range: Range<Int>
    /// Its characters, without ends of lines.
    let characters: [UInt8]
    /// Whether all readings count, however unlikely: an end of line stands in it, so that no spelling could be found.
    let isForced: Bool

    /// A run, or nil when it is shorter than sixteen characters.
    ///
    /// - Parameter hasBinarySecrets: Whether a secret is registered that is no ASCII text.
    init?(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, hasBinarySecrets: Bool) {
        var characters: [UInt8] = []
        characters.reserveCapacity(range.count)
        var isBroken = false
        for place in range {
            if ByteClass.isBase64(text[place]) { characters.append(text[place]) } else { isBroken = true }
        }
        guard characters.count >= 16 else { return nil }
        self.characters = characters
        self.range = range
        isForced = isBroken && hasBinarySecrets
    }

    /// Everything that the run is likely to stand for.
    func readings() -> [(view: LeakView, bytes: [UInt8])] {
        var readings: [(LeakView, [UInt8])] = []
        addHexadecimal(to: &readings)
        let values = characters.map { Self.values[Int($0)] }
        for phase in 0..<4 where isLikely(values, phase) { readings.append((.base64, Self.base64(values[phase...]))) }
        if let bytes = Self.base32(characters) { readings.append((.base32, bytes)) }
        return readings
    }

    /// Values of both alphabets of Base64; 64 for other bytes.
    static let values: [UInt8] = (0..<256).map { value in
        let byte = UInt8(value)
        if ByteClass.isUpper(byte) { return byte &- 0x41 }
        if ByteClass.isLower(byte) { return byte &- 0x61 &+ 26 }
        if ByteClass.isDigit(byte) { return byte &- 0x30 &+ 52 }
        return byte == 0x2b || byte == 0x2d ? 62 : byte == 0x2f || byte == 0x5f ? 63 : 64
    }

    /// Whether four groups in a row, read from a phase on, give ASCII, or the first one begins gzip.
    private func isLikely(_ values: [UInt8], _ phase: Int) -> Bool {
        if isForced { return true }
        var streak = 0
        var place = phase
        while place &+ 4 <= values.count {
            let isASCII = values[place] < 32 && values[place &+ 1] & 8 == 0 && values[place &+ 2] & 2 == 0
            streak = isASCII ? streak &+ 1 : 0
            if streak == 4 { return true }
            if values[place] == 7, values[place &+ 1] == 56, values[place &+ 2] == 44 { return true }
            place &+= 4
        }
        // The last group may be a part of one.
        return streak == 3 && values.count &- place >= 2 && phase == 0
    }

    /// The bytes of six-bit values; what is left of the last byte is dropped.
    static func base64(_ values: ArraySlice<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(values.count)
        var bits: UInt32 = 0
        var count = 0
        for value in values {
            bits = bits &<< 6 | UInt32(value)
            count &+= 6
            if count >= 8 {
                count &-= 8
                bytes.append(UInt8(truncatingIfNeeded: bits &>> UInt32(count)))
            }
        }
        return bytes
    }

    /// Stretches of sixteen or more digits, with or without one hyphen or underscore between the pairs.
    private func addHexadecimal(to readings: inout [(LeakView, [UInt8])]) {
        for delimiter in [nil, UInt8(ascii: "-"), UInt8(ascii: "_")] {
            for stretch in HexText.stretches(characters, delimiter: delimiter) { readings.append((.hex, stretch)) }
        }
    }

    /// What a whole run of Base32 stands for when that is text: capitals and the digits 2 to 7 (RFC 4648 section 6).
    static func base32(_ characters: some Collection<UInt8>) -> [UInt8]? {
        guard characters.count >= 8 else { return nil }
        var bytes: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for byte in characters {
            let value: UInt8
            if ByteClass.isUpper(byte) {
                value = byte &- 0x41
            } else if byte &- 0x32 < 6 {
                value = byte &- 0x32 &+ 26
            } else {
                return nil
            }
            bits = bits &<< 5 | UInt32(value)
            count &+= 5
            if count >= 8 {
                count &-= 8
                let byte = UInt8(truncatingIfNeeded: bits &>> UInt32(count))
                guard ASCIIText.isPlain(byte) else { return nil }
                bytes.append(byte)
            }
        }
        return bytes
    }
}
