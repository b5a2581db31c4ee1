// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Finds account numbers in text, in groups or not.
struct AccountScanner {
    /// How much is taken for an account number.
    enum Care {
        /// For text that vouches: every number of six digits and more, and each of its beginnings in whole groups.
        case vouching
        /// For text that goes out: what a person would take for an account number.
        case judging
    }

    private let bytes: [UInt8]
    private let care: Care
    private var position = 0
    /// Behind the last word that announces a number.
    private var announced = Int.min

    /// Hands out each number as the keys that stand for it: the longest form first.
    static func scan(_ bytes: [UInt8], _ care: Care, _ take: ([[UInt8]]) -> Void) {
        var scanner = AccountScanner(bytes: bytes, care: care)
        while let keys = scanner.next() { take(keys) }
    }

    private init(bytes: [UInt8], care: Care) {
        self.bytes = bytes
        self.care = care
    }

    private mutating func next() -> [[UInt8]]? {
        while position < bytes.count {
            guard ByteClass.isAlphanumeric(bytes[position]) else {
                position &+= 1
                continue
            }
            let run = group(at: position)
            if let end = identifierEnd(run) {
                position = end
                continue
            }
            position = run.endIndex
            if !run.contains(where: ByteClass.isDigit) {
                if Self.announces(run) { announced = run.endIndex }
                continue
            }
            if run.allSatisfy(ByteClass.isDigit) {
                if let keys = number(run) { return keys }
            } else if let keys = letters(run) {
                return keys
            }
        }
        return nil
    }

    /// Behind a UUID or a digest, which are no account numbers: small hexadecimal digits, letters among them.
    private func identifierEnd(_ run: ArraySlice<UInt8>) -> Int? {
        guard [8, 32, 40, 64].contains(run.count), run.allSatisfy(Self.isHexadecimal) else { return nil }
        if run.count > 8 { return run.contains { $0 &- 0x61 < 6 } ? run.endIndex : nil }
        var end = run.endIndex
        for count in [4, 4, 4, 12] {
            guard end < bytes.count, bytes[end] == UInt8(ascii: "-") else { return nil }
            let more = group(at: end &+ 1)
            guard more.count == count, more.allSatisfy(Self.isHexadecimal) else { return nil }
            end = more.endIndex
        }
        return bytes[run.startIndex..<end].contains { ByteClass.isLetter($0) } ? end : nil
    }

    /// The letters and digits from here to the next other byte.
    private func group(at start: Int) -> ArraySlice<UInt8> {
        bytes[start...].prefix { ByteClass.isAlphanumeric($0) }
    }

    /// A number that starts like an IBAN, or one long enough to be a wallet.
    private mutating func letters(_ run: ArraySlice<UInt8>) -> [[UInt8]]? {
        let head = run.prefix(4)
        if head.count == 4, head.prefix(2).allSatisfy(ByteClass.isLetter), head.suffix(2).allSatisfy(ByteClass.isDigit)
        {
            var body = Array(run)
            var end = run.endIndex
            while body.count < 15, end &+ 1 < bytes.count, ByteClass.isGroupBreak(bytes[end]) {
                let more = group(at: end &+ 1)
                guard isPart(more, after: body.count), body.count &+ more.count <= 34 else { break }
                body += more
                end = more.endIndex
            }
            // Groups of four go on until one is shorter.
            while end &+ 1 < bytes.count, run.count == 4, (bytes[run.startIndex..<end].count &+ 1) % 5 == 0,
                ByteClass.isGroupBreak(bytes[end])
            {
                let more = group(at: end &+ 1)
                guard more.count <= 4, isPart(more, after: body.count), body.count &+ more.count <= 34 else { break }
                body += more
                end = more.endIndex
            }
            if AddressForm.isLikeIBAN(body[...]) {
                position = end
                return [key(body[...])]
            }
        }
        let digits = run.reduce(0) { $0 &+ (ByteClass.isDigit($1) ? 1 : 0) }
        guard run.count >= 26, digits >= 4 else { return nil }
        // The letters of a wallet's name have case.
        return [[AddressForm.Kind.account.rawValue] + run]
    }

    private func isPart(_ group: ArraySlice<UInt8>, after count: Int) -> Bool {
        group.contains(where: ByteClass.isDigit)
            || count == 4 && group.count == 4 && group.allSatisfy(ByteClass.isUpper)
    }

    /// Digits, with further groups behind the same separator.
    private mutating func number(_ run: ArraySlice<UInt8>) -> [[UInt8]]? {
        let isAnnounced = announced >= run.startIndex &- 24 && announced >= 0
        var groups = [run]
        var end = run.endIndex
        let separator: UInt8? = end < bytes.count && ByteClass.isDigitBreak(bytes[end]) ? bytes[end] : nil
        while let separator, end &+ 1 < bytes.count, bytes[end] == separator, groups.count < 12 {
            let more = group(at: end &+ 1)
            guard !more.isEmpty, more.allSatisfy(ByteClass.isDigit) else { break }
            groups.append(more)
            end = more.endIndex
        }
        let body = groups.flatMap { $0 }
        if care == .vouching {
            var prefix: [UInt8] = []
            var keys: [[UInt8]] = []
            for (index, group) in groups.enumerated() {
                prefix += group
                if (6...64).contains(prefix.count) { keys.append(key(prefix[...])) }
                if index > 0, (6...64).contains(group.count) { keys.append(key(group)) }
            }
            position = end
            return keys.isEmpty ? nil : keys
        }
        let isDate = [[4, 2, 2], [2, 2, 4], [1, 1, 4], [1, 2, 4], [2, 1, 4]].contains(groups.prefix(3).map(\.count))
        let isJoined = !isDate && groups.count > 1
        var keys: [[UInt8]] = []
        if isJoined, isAnnounced ? body.count >= 6 : Self.hasCardChecksum(body) { keys.append(key(body[...])) }
        if run.count >= (isAnnounced ? 6 : 12) { keys.append(key(run)) }
        guard !keys.isEmpty else { return nil }
        if isJoined { position = end }
        return keys
    }

    private func key(_ body: ArraySlice<UInt8>) -> [UInt8] {
        [AddressForm.Kind.account.rawValue] + body.map(ByteClass.raised)
    }

    private static let announcements: [[UInt8]] = [
        "iban", "account", "accounts", "acct", "acc", "konto", "kontonummer", "routing", "swift", "bic", "wallet",
        "card",
        "sort", "cuenta", "compte",
    ].map { Array($0.utf8) }

    private static func announces(_ word: ArraySlice<UInt8>) -> Bool {
        guard (3...11).contains(word.count) else { return false }
        let small = word.map(ByteClass.lowered)
        return announcements.contains(small)
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        ByteClass.isDigit(byte) || ByteClass.lowered(byte) &- 0x61 < 6
    }

    /// Whether digits are as many as a payment card has, with its check digit (ISO/IEC 7812-1).
    private static func hasCardChecksum(_ digits: [UInt8]) -> Bool {
        guard (13...19).contains(digits.count) else { return false }
        var sum = 0
        for (index, byte) in digits.reversed().enumerated() {
            let digit = Int(byte &- 0x30)
            let doubled = index % 2 == 1 ? digit &* 2 : digit
            sum &+= doubled > 9 ? doubled &- 9 : doubled
        }
        return sum % 10 == 0
    }
}
