// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What a character looks like to a reader, as ASCII: compatibility forms, Cyrillic and Greek letters of the same shape,
/// and characters that show nothing.
enum LookAlikes {
    /// How a character reads.
    enum Reading: Equatable {
        /// As itself.
        case itself
        /// As an ASCII character.
        case ascii(UInt8)
        /// As nothing.
        case nothing
    }

    /// How the character reads.
    static func reading(of scalar: UInt32) -> Reading {
        switch scalar {
        case 0: return .nothing
        case 1..<0x80: return .ascii(UInt8(scalar))
        case 0xa0, 0x1680, 0x2000...0x200a, 0x202f, 0x205f, 0x3000: return .ascii(0x20)
        case 0xad, 0x34f, 0x61c, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x180b...0x180f, 0x200b...0x200f, 0x202a...0x202e,
            0x2060...0x206f, 0x3164, 0xfe00...0xfe0f, 0xfeff, 0xffa0, 0x300...0x36f, 0x20d0...0x20ff,
            0xe0100...0xe01ef:
            return .nothing
        case 0xff01...0xff5e: return .ascii(UInt8(scalar &- 0xff01 &+ 0x21))
        // Tags, which hide a whole text.
        case 0xe0020...0xe007e: return .ascii(UInt8(scalar &- 0xe0000))
        case 0xe0000...0xe001f, 0xe007f: return .nothing
        case 0x1d400...0x1d6a3: return letter((scalar &- 0x1d400) % 52)
        case 0x1d7ce...0x1d7ff: return .ascii(UInt8(0x30 &+ (scalar &- 0x1d7ce) % 10))
        case 0x24b6...0x24cf: return .ascii(UInt8(0x41 &+ scalar &- 0x24b6))
        case 0x24d0...0x24e9: return .ascii(UInt8(0x61 &+ scalar &- 0x24d0))
        case 0x1f130...0x1f149: return .ascii(UInt8(0x41 &+ scalar &- 0x1f130))
        case 0x2080...0x2089: return .ascii(UInt8(0x30 &+ scalar &- 0x2080))
        case 0x2074...0x2079: return .ascii(UInt8(0x30 &+ scalar &- 0x2070))
        case 0x2010...0x2015, 0x2212, 0xfe58, 0xfe63: return .ascii(0x2d)
        case 0x2018, 0x2019, 0x2032: return .ascii(0x27)
        case 0x201c, 0x201d, 0x2033: return .ascii(0x22)
        case 0x2044, 0x2215: return .ascii(0x2f)
        default: return shapes[scalar].map { .ascii($0) } ?? .itself
        }
    }

    private static func letter(_ index: UInt32) -> Reading {
        .ascii(UInt8(index < 26 ? 0x41 &+ index : 0x61 &+ index &- 26))
    }

    /// Letters of other scripts, by the ASCII letter whose shape they have.
    private static let shapes: [UInt32: UInt8] = {
        let alike: [(String, String)] = [
            ("A", "\u{410}\u{391}\u{13aa}\u{1d00}"), ("B", "\u{412}\u{392}\u{13f4}"), ("C", "\u{421}\u{3f9}\u{216d}"),
            ("D", "\u{216e}"), ("E", "\u{415}\u{395}\u{13ac}"), ("F", "\u{3dc}"), ("G", "\u{50c}"),
            ("H", "\u{41d}\u{397}"), ("I", "\u{406}\u{399}\u{4c0}\u{2160}"), ("J", "\u{408}"),
            ("K", "\u{41a}\u{39a}\u{212a}"), ("L", "\u{216c}"), ("M", "\u{41c}\u{39c}\u{216f}"), ("N", "\u{39d}"),
            ("O", "\u{41e}\u{39f}\u{555}"), ("P", "\u{420}\u{3a1}"), ("Q", "\u{51a}"), ("R", "\u{211b}\u{211c}"),
            ("S", "\u{405}\u{54f}"), ("T", "\u{422}\u{3a4}"), ("V", "\u{474}\u{2164}"), ("W", "\u{51c}"),
            ("X", "\u{425}\u{3a7}\u{2169}"), ("Y", "\u{4ae}\u{3a5}"), ("Z", "\u{396}"),
            ("a", "\u{430}\u{3b1}\u{251}"), ("b", "\u{184}"), ("c", "\u{441}\u{3f2}\u{217d}"), ("d", "\u{501}\u{217e}"),
            ("e", "\u{435}\u{212e}\u{4bd}"), ("g", "\u{261}"), ("h", "\u{4bb}\u{570}"),
            ("i", "\u{456}\u{3b9}\u{131}\u{2170}"), ("j", "\u{458}\u{3f3}"), ("k", "\u{3ba}\u{43a}"),
            ("l", "\u{4cf}\u{217c}"), ("m", "\u{217f}"), ("n", "\u{578}"), ("o", "\u{43e}\u{3bf}\u{585}\u{3c3}"),
            ("p", "\u{440}\u{3c1}"), ("q", "\u{51b}"), ("r", "\u{433}"), ("s", "\u{455}"), ("u", "\u{57d}\u{3c5}"),
            ("v", "\u{475}\u{3bd}\u{2174}"), ("w", "\u{51d}\u{461}"), ("x", "\u{445}\u{3c7}\u{2179}"),
            ("y", "\u{443}\u{3b3}\u{4af}"), ("z", "\u{1d22}"), ("0", "\u{2070}\u{24ea}\u{7c0}"), ("1", "\u{b9}"),
            ("2", "\u{b2}"), ("3", "\u{b3}\u{417}\u{437}"),
        ]
        var shapes: [UInt32: UInt8] = [:]
        for (ascii, others) in alike {
            guard let byte = ascii.utf8.first else { continue }
            for scalar in others.unicodeScalars { shapes[scalar.value] = byte }
        }
        return shapes
    }()
}
