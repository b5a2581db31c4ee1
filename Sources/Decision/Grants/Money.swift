// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// An amount of money, in whatever unit the configured prices have: 10⁻¹² of it is the smallest step, so that the price of
/// one token is exact.
public struct Money: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Millionths of a millionth of the unit.
    public var picos: Int

    /// An amount of so many millionths of a millionth.
    public init(picos: Int) { self.picos = picos }

    /// Nothing.
    public static let zero = Money(picos: 0)
    /// The largest amount that can be written: a million.
    public static let largest = Money(picos: 1_000_000 * unit)
    private static let unit = 1_000_000_000_000
    private static let digits = 6

    /// Reads an amount such as `2.50`: at most a million, at most six digits behind the point.
    public init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = parts.first, (1...7).contains(whole.count),
            whole.count == 1 || whole.first != UInt8(ascii: "0"), whole.allSatisfy({ $0 &- 0x30 < 10 })
        else { return nil }
        var value = whole.reduce(0) { $0 &* 10 &+ Int($1 &- 0x30) } &* Self.unit
        if parts.count == 2 {
            guard (1...Self.digits).contains(parts[1].count), parts[1].allSatisfy({ $0 &- 0x30 < 10 }) else {
                return nil
            }
            var step = Self.unit
            for digit in parts[1] {
                step /= 10
                value &+= Int(digit &- 0x30) &* step
            }
        }
        guard value <= Self.largest.picos else { return nil }
        picos = value
    }

    /// The amount with as many digits as it needs, six at most and rounded up then: `2.5`.
    public var description: String {
        let micros = picos / 1_000_000 &+ (picos % 1_000_000 > 0 ? 1 : 0)
        let rest = micros % 1_000_000
        guard rest > 0 else { return "\(micros / 1_000_000)" }
        var fraction = String(rest)
        fraction = String(repeating: "0", count: Self.digits &- fraction.utf8.count) + fraction
        while fraction.utf8.last == UInt8(ascii: "0") { fraction.removeLast() }
        return "\(micros / 1_000_000).\(fraction)"
    }

    /// By amount.
    public static func < (left: Money, right: Money) -> Bool { left.picos < right.picos }

    /// The sum, which never wraps.
    public static func + (left: Money, right: Money) -> Money {
        let (sum, isOver) = left.picos.addingReportingOverflow(right.picos)
        return Money(picos: isOver ? (right.picos > 0 ? .max : .min) : sum)
    }

    /// The difference, which never wraps.
    public static func - (left: Money, right: Money) -> Money {
        let (difference, isOver) = left.picos.subtractingReportingOverflow(right.picos)
        return Money(picos: isOver ? (right.picos > 0 ? .min : .max) : difference)
    }

    /// What `count` tokens cost at this price for a million of them.
    public func cost(ofTokens count: Int64) -> Money {
        let (product, isOver) = (picos / 1_000_000).multipliedReportingOverflow(by: Int(clamping: max(count, 0)))
        return Money(picos: isOver ? .max : product)
    }
}

/// What a model costs, for a million tokens each.
public struct ModelPrice: Sendable, Hashable {
    /// Tokens that are read.
    public var input: Money
    /// Tokens that are read and that the provider had kept from before.
    public var cached: Money
    /// Tokens that are written.
    public var output: Money

    /// Names the prices.
    public init(input: Money, cached: Money, output: Money) {
        self.input = input
        self.cached = cached
        self.output = output
    }
}
