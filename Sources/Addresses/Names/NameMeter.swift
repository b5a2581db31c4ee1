// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The running state of `NameBudget`: for each explanation of the characters so far, its cost and what they carry.
/// All numbers are eighths of a bit.
struct NameMeter {
    private struct Path {
        var cost: Int
        var carried: Int

        func extended(cost more: Int, carrying bits: Int) -> Path {
            Path(cost: cost + more, carried: carried + bits)
        }

        /// The cheaper path; of equals, the one that carries less.
        func orCheaper(_ other: Path) -> Path {
            (cost, carried) <= (other.cost, other.carried) ? self : other
        }
    }

    private static let change = 40
    private static let arbitrary = 41
    private static let hexadecimal = 32
    private static let impossible = 1 << 24

    private var chosen = Path(cost: 0, carried: 0)
    private var random = Path(cost: change, carried: 0)
    private var hex = Path(cost: change, carried: 0)
    private var previous: UInt8?

    var carriedBits: Int {
        (chosen.orCheaper(random).orCheaper(hex).carried + 7) / 8
    }

    mutating func read(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"):
            let followsDigit = previous.map(isDigit) ?? false
            let cost = LetterPairs.cost(byte, after: followsDigit ? nil : previous) + (followsDigit ? 16 : 0)
            advance(cost: cost, carrying: 8, isHexadecimal: byte <= UInt8(ascii: "f"))
            previous = byte
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            advance(cost: previous.map(isDigit) ?? true ? 40 : 56, carrying: 27, isHexadecimal: true)
            previous = byte
        default:
            previous = nil
        }
    }

    private mutating func advance(cost: Int, carrying: Int, isHexadecimal: Bool) {
        let best = chosen.orCheaper(random).orCheaper(hex).extended(cost: Self.change, carrying: 0)
        chosen = chosen.orCheaper(best).extended(cost: cost, carrying: carrying)
        random = random.orCheaper(best).extended(cost: Self.arbitrary, carrying: Self.arbitrary)
        hex =
            isHexadecimal
            ? hex.orCheaper(best).extended(cost: Self.hexadecimal, carrying: Self.hexadecimal)
            : Path(cost: Self.impossible, carried: 0)
    }

    private func isDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }
}
