// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A set of TCP ports: single ones and ranges.
public struct PortSet: Sendable, Hashable, CustomStringConvertible {
    /// The ranges, sorted, without overlap and without neighbours that touch.
    public let ranges: [ClosedRange<UInt16>]

    /// Port 443 alone: what a grant covers that names no port.
    public static let https = PortSet([443...443])
    /// Every port from 1 to 65535.
    public static let all = PortSet([1...65535])

    /// Makes a set from ranges in any order.
    public init(_ ranges: [ClosedRange<UInt16>]) {
        var merged: [ClosedRange<UInt16>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = merged.last, Int(range.lowerBound) <= Int(last.upperBound) + 1 {
                merged[merged.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                merged.append(range)
            }
        }
        self.ranges = merged
    }

    /// Whether the port belongs to the set.
    public func contains(_ port: UInt16) -> Bool {
        for range in ranges {
            if port < range.lowerBound { return false }
            if port <= range.upperBound { return true }
        }
        return false
    }

    /// Whether every port of the other set belongs to this one.
    public func isSuperset(of other: PortSet) -> Bool {
        other.ranges.allSatisfy { range in
            ranges.contains { $0.lowerBound <= range.lowerBound && range.upperBound <= $0.upperBound }
        }
    }

    /// The ports as the configuration writes them, for example `443, 8000-8999`.
    public var description: String {
        ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: ", ")
    }
}
