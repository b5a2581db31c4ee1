// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The simple case mappings of Unicode, one character to one.
enum LetterCase {
    static func lower(_ scalar: UInt32) -> UInt32 {
        // The full mapping of İ has two characters.
        if scalar == 0x130 { return 0x69 }
        return single(scalar) { $0.lowercaseMapping }
    }

    static func upper(_ scalar: UInt32) -> UInt32 {
        switch scalar {
        // Greek letters with iota subscript, whose full mappings have two characters.
        case 0x1F80...0x1F87, 0x1F90...0x1F97, 0x1FA0...0x1FA7: scalar &+ 8
        case 0x1FB3, 0x1FC3, 0x1FF3: scalar &+ 9
        default: single(scalar) { $0.uppercaseMapping }
        }
    }

    private static func single(_ scalar: UInt32, _ mapping: (Unicode.Scalar.Properties) -> String) -> UInt32 {
        guard let character = Unicode.Scalar(scalar) else { return scalar }
        let mapped = mapping(character.properties).unicodeScalars
        guard let first = mapped.first, mapped.count == 1 else { return scalar }
        return first.value
    }
}
