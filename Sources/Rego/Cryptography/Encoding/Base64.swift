// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Base64 (RFC 4648), judged as Go's decoder does: line ends are passed over, unused bits of the last digit are not
/// looked at, and an
/// error names the byte at fault.
struct Base64 {
    /// Why a text is not base64, in Go's words.
    struct Corrupt: Error {
        let message: String

        /// The byte at a position is at fault.
        init(position: Int) {
            message = "illegal base64 data at input byte \(position)"
        }

        /// No text has this length.
        init(lengthOf text: UnsafeBufferPointer<UInt8>) {
            message = "illegal base64url string: \(String(decoding: text, as: UTF8.self))"
        }
    }

    private let digits: [UInt8]
    private let values: [UInt8]

    /// The alphabet with `+` and `/`.
    static let standard = Base64(lastDigits: "+/")
    /// The alphabet for addresses, with `-` and `_`.
    static let url = Base64(lastDigits: "-_")

    private init(lastDigits last: StaticString) {
        let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
        digits = Array(letters.utf8) + last.withUTF8Buffer { Array($0) }
        var values = [UInt8](repeating: 0xFF, count: 256)
        for (value, digit) in digits.enumerated() { values[Int(digit)] = UInt8(value) }
        self.values = values
    }

    /// The bytes that a text with its padding stands for.
    ///
    /// - Parameter padding: signs to read after the text as though it had them.
    func decode(_ text: UnsafeBufferPointer<UInt8>, padding: Int = 0) throws(Corrupt) -> [UInt8] {
        var failure: Corrupt?
        let bytes = [UInt8](unsafeUninitializedCapacity: text.count / 4 &* 3 &+ 6) { buffer, count in
            do throws(Corrupt) {
                count = try decode(text, padding: padding, into: buffer)
            } catch {
                failure = error
                count = 0
            }
        }
        if let failure = failure { throw failure }
        return bytes
    }

    /// Decodes into memory of at least three bytes for each four of the text, and six more.
    ///
    /// - Returns: how many bytes were written.
    func decode(
        _ text: UnsafeBufferPointer<UInt8>, padding: Int = 0, into output: UnsafeMutableBufferPointer<UInt8>
    ) throws(Corrupt) -> Int {
        guard let source = text.baseAddress, let target = output.baseAddress else { return 0 }
        guard output.count >= text.count / 4 &* 3 &+ 6 else { return 0 }
        var position = 0
        var written = 0
        values.withUnsafeBufferPointer { values in
            while position &+ 4 <= text.count {
                let first = values[Int(source[position])]
                let second = values[Int(source[position &+ 1])]
                let third = values[Int(source[position &+ 2])]
                let fourth = values[Int(source[position &+ 3])]
                if (first | second | third | fourth) & 0x80 != 0 { break }
                target[written] = first << 2 | second >> 4
                target[written &+ 1] = second << 4 | third >> 2
                target[written &+ 2] = third << 6 | fourth
                position &+= 4
                written &+= 3
            }
        }
        if position < text.count {
            try decodeSlowly(text, padding: padding, from: position, into: target, at: &written)
        }
        return written
    }

    private func decodeSlowly(
        _ text: UnsafeBufferPointer<UInt8>, padding: Int, from start: Int, into target: UnsafeMutablePointer<UInt8>,
        at written: inout Int
    ) throws(Corrupt) {
        let end = text.count &+ padding
        func byte(_ position: Int) -> UInt8 { position < text.count ? text[position] : UInt8(ascii: "=") }
        func skipLineEnds(_ position: inout Int) {
            while position < end, byte(position) == 0x0A || byte(position) == 0x0D { position &+= 1 }
        }
        var position = start
        var digits: UInt32 = 0
        var count = 0
        while true {
            skipLineEnds(&position)
            if position >= end {
                if count == 0 { return }
                throw Corrupt(position: position &- count)
            }
            let value = values[Int(byte(position))]
            if value != 0xFF {
                digits = digits << 6 | UInt32(value)
                count &+= 1
                position &+= 1
                if count == 4 {
                    write(digits, 3, to: target, at: &written)
                    digits = 0
                    count = 0
                }
                continue
            }
            guard byte(position) == UInt8(ascii: "="), count >= 2 else { throw Corrupt(position: position) }
            position &+= 1
            if count == 2 {
                skipLineEnds(&position)
                if position >= end { throw Corrupt(position: end) }
                if byte(position) != UInt8(ascii: "=") { throw Corrupt(position: position &- 1) }
                position &+= 1
            }
            skipLineEnds(&position)
            if position < end { throw Corrupt(position: position) }
            write(digits << (count == 2 ? 12 : 6), count &- 1, to: target, at: &written)
            return
        }
    }

    private func write(_ digits: UInt32, _ count: Int, to target: UnsafeMutablePointer<UInt8>, at written: inout Int) {
        for index in 0..<count {
            target[written] = UInt8(truncatingIfNeeded: digits >> (16 &- UInt32(index) &* 8))
            written &+= 1
        }
    }

    /// The text of some bytes.
    func encode(_ bytes: some RandomAccessCollection<UInt8>, padded: Bool) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count / 3 &* 4 &+ 4)
        var group: UInt32 = 0
        var count = 0
        for byte in bytes {
            group = group << 8 | UInt32(byte)
            count &+= 1
            if count < 3 { continue }
            for shift in [18, 12, 6, 0] as [UInt32] { text.append(digits[Int(group >> shift & 63)]) }
            group = 0
            count = 0
        }
        if count > 0 {
            group <<= count == 1 ? 16 : 8
            for shift in [18, 12, 6].prefix(count &+ 1) as ArraySlice<UInt32> {
                text.append(digits[Int(group >> shift & 63)])
            }
            if padded { text.append(contentsOf: repeatElement(UInt8(ascii: "="), count: 3 &- count)) }
        }
        return text
    }
}
