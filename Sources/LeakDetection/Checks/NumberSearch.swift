// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Numbers of cards and accounts, by form, length and check digits.
struct NumberSearch {
    /// A number, and where it stands.
    struct Number {
        let name: String
        let range: Range<Int>
    }

    /// Bytes of the longest account number with blanks in it.
    private static let longest = 43

    private let text: UnsafeBufferPointer<UInt8>
    private let start: Int
    private let end: Int

    /// A search for numbers of which a part stands between two positions.
    init(text: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int) {
        self.text = text
        self.start = max(start &- Self.longest, 0)
        self.end = end
    }

    func numbers() -> [Number] {
        var found: [Number] = []
        var place = start
        while place < end {
            let isBoundary = place == 0 || !ByteClass.isAlphanumeric(text[place &- 1])
            if isBoundary, let number = number(at: place) {
                found.append(number)
                place = number.range.upperBound
            } else {
                place &+= 1
            }
        }
        return found
    }

    private func number(at place: Int) -> Number? {
        if ByteClass.isDigit(text[place]) {
            // The fraction of a number is none.
            if place > 1, text[place &- 1] == 0x2e, ByteClass.isDigit(text[place &- 2]) { return nil }
            return cardEnd(from: place).map { Number(name: "payment-card", range: place..<$0) }
        }
        return accountEnd(from: place).map { Number(name: "bank-account", range: place..<$0) }
    }

    /// Digits in one piece, or in groups with the same character between all of them.
    private func cardEnd(from start: Int) -> Int? {
        var digits: [UInt8] = []
        var separator: UInt8?
        var place = start
        while place < text.count, digits.count < 20 {
            let byte = text[place]
            if ByteClass.isDigit(byte) {
                digits.append(byte &- 0x30)
                place &+= 1
                continue
            }
            guard byte == 0x20 || byte == 0x2d, separator ?? byte == byte, place &+ 1 < text.count,
                ByteClass.isDigit(text[place &+ 1]), digits.count >= 4
            else { break }
            // A whole number may be followed by a date or another number.
            if Self.isCard(digits), place &- start == digits.count || digits.count % 4 == 0 { return place }
            separator = byte
            place &+= 1
        }
        if place < text.count, ByteClass.isAlphanumeric(text[place]) || text[place] == 0x5f { return nil }
        return Self.isCard(digits) ? place : nil
    }

    /// Whether digits have a prefix and a length that an issuer of cards uses, and the check digit.
    static func isCard(_ digits: [UInt8]) -> Bool {
        guard (14...19).contains(digits.count) else { return false }
        let prefix = digits.prefix(4).reduce(0) { $0 &* 10 &+ Int($1) }
        let isKnown =
            switch prefix {
            case 4000...4999: digits.count == 16 || digits.count == 19
            case 5100...5599, 2221...2720, 3528...3589: digits.count == 16
            case 3400...3499, 3700...3799: digits.count == 15
            case 3000...3059, 3600...3699, 3800...3899: digits.count == 14
            case 6011, 6440...6599, 6200...6299: digits.count >= 16
            default: false
            }
        return isKnown && Checksum.isLuhn(digits)
    }

    /// An account number (ISO 13616) in one piece or in groups.
    private func accountEnd(from start: Int) -> Int? {
        guard start &+ 15 <= text.count, ByteClass.isUpper(text[start]), ByteClass.isUpper(text[start &+ 1]),
            ByteClass.isDigit(text[start &+ 2]), ByteClass.isDigit(text[start &+ 3]),
            let length = AccountNumbers.length(text[start], text[start &+ 1])
        else { return nil }
        var characters: [UInt8] = []
        var place = start
        while place < text.count, characters.count < length {
            let byte = text[place]
            if ByteClass.isUpper(byte) || ByteClass.isDigit(byte) {
                characters.append(byte)
            } else if byte != 0x20 && byte != 0x2d || characters.count % 4 != 0 {
                return nil
            }
            place &+= 1
        }
        guard characters.count == length else { return nil }
        if place < text.count, ByteClass.isAlphanumeric(text[place]) { return nil }
        return Checksum.isIBAN(characters) ? place : nil
    }
}

/// Lengths of account numbers, by country.
enum AccountNumbers {
    private static let lengths: [UInt16: Int] = {
        let list = """
            AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 \
            ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 \
            LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 \
            PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20
            """
        var lengths: [UInt16: Int] = [:]
        for entry in list.utf8.split(separator: 0x20) {
            let bytes = Array(entry)
            guard bytes.count == 4 else { continue }
            lengths[UInt16(bytes[0]) &<< 8 | UInt16(bytes[1])] = Int(bytes[2] &- 0x30) &* 10 &+ Int(bytes[3] &- 0x30)
        }
        return lengths
    }()

    /// How long the numbers of a country are.
    static func length(_ first: UInt8, _ second: UInt8) -> Int? { lengths[UInt16(first) &<< 8 | UInt16(second)] }
}
