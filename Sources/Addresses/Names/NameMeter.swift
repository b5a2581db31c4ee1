// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The running state of `NameBudget`: for each explanation of the characters so far, its cost and what they carry.
/// All numbers are eighths of a bit.
struct NameMeter {
    private struct Path {
        var cost: Int
        var carried: Int

        /// Further than any path that a name of 253 bytes can reach.
        static let impossible = Path(cost: 1 << 24, carried: 0)

        func extended(cost more: Int, carrying bits: Int) -> Path {
            Path(cost: cost + more, carried: carried + bits)
        }

        /// The cheaper path; of equals, the one that carries less.
        func orCheaper(_ other: Path) -> Path {
            (cost, carried) <= (other.cost, other.carried) ? self : other
        }
    }

    private static let change = 40
    private static let changeToRun = 24
    private static let arbitrary = 41
    private static let hexadecimal = 32
    private static let repeated = 2

    private var chosen = Path(cost: 0, carried: 0)
    private var random = Path(cost: change, carried: 0)
    private var hex = Path(cost: change, carried: 0)
    private var run = Path.impossible

    /// The character before, within the word.
    private var previous: UInt8?

    /// The letter or digit before, across separators.
    private var last: UInt8?

    var carriedBits: Int {
        (cheapest.carried + 7) / 8
    }

    private var cheapest: Path {
        chosen.orCheaper(random).orCheaper(hex).orCheaper(run)
    }

    /// Takes the next byte of the name, in lower case.
    mutating func read(_ byte: UInt8) {
        let followsDigit = previous.map(isDigit) ?? false
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"):
            let starts = previous == nil || followsDigit
            let surprise = LetterPairs.cost(byte, after: starts ? nil : previous)
            advance(
                byte, cost: surprise + (followsDigit ? 16 : 0),
                carrying: starts ? max(16, surprise - 16) : max(8, surprise - 24),
                isHexadecimal: byte <= UInt8(ascii: "f"))
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            advance(byte, cost: previous == nil ? 40 : followsDigit ? 32 : 56, carrying: 27, isHexadecimal: true)
        default:
            previous = nil
        }
    }

    private mutating func advance(_ byte: UInt8, cost: Int, carrying: Int, isHexadecimal: Bool) {
        let best = cheapest
        let changed = best.extended(cost: Self.change, carrying: 0)
        run =
            byte == last
            ? run.orCheaper(best.extended(cost: Self.changeToRun, carrying: Self.changeToRun))
                .extended(cost: Self.repeated, carrying: Self.repeated)
            : .impossible
        chosen = chosen.orCheaper(changed).extended(cost: cost, carrying: carrying)
        random = random.orCheaper(changed).extended(cost: Self.arbitrary, carrying: Self.arbitrary)
        hex =
            isHexadecimal
            ? hex.orCheaper(changed).extended(cost: Self.hexadecimal, carrying: Self.hexadecimal) : .impossible
        previous = byte
        last = byte
    }

    private func isDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }
}
