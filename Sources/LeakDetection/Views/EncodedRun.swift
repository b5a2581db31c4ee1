// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A run of characters that may encode something, and the ways to read it.
///
/// What a run decodes to is looked at only when it is likely to be text, another encoding of text or gzip: most runs are
/// identifiers, paths and hashes. Binary secrets are found by their spellings, without decoding.
struct EncodedRun {
    private let signs: RunSigns
    /// Its characters, without ends of lines.
    private let characters: [UInt8]
    /// Whether all readings as Base64 count, however unlikely: an end of line stands in it, so that no spelling could be
    /// found.
    private let isForced: Bool

    /// A run, or nil when it is shorter than sixteen characters or is not likely to encode anything.
    ///
    /// - Parameter hasBinarySecrets: Whether a secret is registered that is no ASCII text.
    init?(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, hasBinarySecrets: Bool) {
        let run = UnsafeBufferPointer(rebasing: text[range])
        signs = RunSigns(run)
        isForced = hasBinarySecrets && signs.count < run.count
        guard signs.count >= 16, signs.isAny || isForced else { return nil }
        characters = run.filter { ByteClass.isBase64($0) }
    }

    /// Everything that the run is likely to stand for.
    func readings() -> [(view: LeakView, bytes: [UInt8])] {
        var readings: [(LeakView, [UInt8])] = []
        if signs.hasDigits { readings += HexText.stretches(characters, delimiter: nil).map { (.hex, $0) } }
        for delimiter in [UInt8(ascii: "-"), UInt8(ascii: "_")] where signs.hasPairs {
            readings += HexText.stretches(characters, delimiter: delimiter).map { (.hex, $0) }
        }
        if isForced || signs.phases != 0 {
            let values = characters.map { Self.values[Int($0)] }
            for phase in 0..<4 where isForced || signs.phases &>> UInt32(phase) & 1 != 0 {
                readings.append((.base64, Self.base64(values[phase...])))
            }
        }
        if signs.isBase32, let bytes = Self.base32(characters) { readings.append((.base32, bytes)) }
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
