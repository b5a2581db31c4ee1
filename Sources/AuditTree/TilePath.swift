// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The name of a hash tile or an entry bundle (C2SP tlog-tiles): a level, an index and a width.
public struct TilePath: Hashable, Sendable {
    /// What a tile holds.
    public enum Level: Hashable, Sendable {
        /// Hashes: those of leaves at 0, at each further level the roots of the full tiles one level below.
        case hashes(UInt8)
        /// The entries themselves.
        case entries
    }

    /// The number of hashes or entries of a full tile.
    public static let fullWidth = 256

    /// The highest level that a path may name.
    public static let highestLevel: UInt8 = 63

    /// What the tile holds.
    public let level: Level

    /// The index within the level, counted in full tiles.
    public let index: UInt64

    /// The number of hashes or entries: 256 when full, less when partial.
    public let width: Int

    /// A tile; nil when the level is above 63 or the width is outside 1...256.
    public init?(level: Level, index: UInt64, width: Int = TilePath.fullWidth) {
        guard width >= 1, width <= Self.fullWidth else { return nil }
        if case .hashes(let number) = level, number > Self.highestLevel { return nil }
        self.level = level
        self.index = index
        self.width = width
    }

    /// Whether the tile will never change.
    public var isFull: Bool { width == Self.fullWidth }

    /// The path without a leading slash, such as `tile/0/x001/x234/067.p/12`.
    public var text: String {
        directory + (isFull ? "" : ".p/\(width)")
    }

    /// The path of the full tile at the same place.
    public var directory: String {
        var groups = [Self.group(index % 1000)]
        var rest = index / 1000
        while rest > 0 {
            groups.append("x" + Self.group(rest % 1000))
            rest /= 1000
        }
        let name =
            switch level {
            case .hashes(let number): String(number)
            case .entries: "entries"
            }
        return "tile/\(name)/" + groups.reversed().joined(separator: "/")
    }

    private static func group(_ number: UInt64) -> String {
        let digits = String(number)
        return String(repeating: "0", count: 3 - digits.utf8.count) + digits
    }
}

extension TilePath {
    /// Parses a path without a leading slash, in its one canonical spelling; nil otherwise.
    public init?(_ text: some StringProtocol) {
        guard text.utf8.count <= 128 else { return nil }
        var parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .map { Array($0) }
        guard parts.count >= 3, parts.removeFirst().elementsEqual("tile".utf8) else { return nil }
        let levelName = parts.removeFirst()
        let level: Level
        if levelName.elementsEqual("entries".utf8) {
            level = .entries
        } else {
            guard let number = DecimalNumber.parse(levelName), number <= UInt64(Self.highestLevel) else { return nil }
            level = .hashes(UInt8(truncatingIfNeeded: number))
        }
        var width = Self.fullWidth
        if parts.count >= 2, let number = DecimalNumber.parse(parts[parts.count - 1]),
            parts[parts.count - 2].suffix(2).elementsEqual(".p".utf8)
        {
            guard number >= 1, number < UInt64(Self.fullWidth) else { return nil }
            width = Int(number)
            parts.removeLast()
            parts[parts.count - 1].removeLast(2)
        }
        guard let index = Self.index(of: parts) else { return nil }
        self.init(level: level, index: index, width: width)
    }

    private static func index(of groups: [[UInt8]]) -> UInt64? {
        var index: UInt64 = 0
        for (position, group) in groups.enumerated() {
            var digits = group[...]
            if position < groups.count - 1 {
                guard digits.popFirst() == UInt8(ascii: "x") else { return nil }
            }
            guard digits.count == 3 else { return nil }
            var number: UInt64 = 0
            for digit in digits {
                guard digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") else { return nil }
                number = number * 10 + UInt64(digit - UInt8(ascii: "0"))
            }
            if position == 0, groups.count > 1, number == 0 { return nil }
            let (product, overflow) = index.multipliedReportingOverflow(by: 1000)
            let (sum, carry) = product.addingReportingOverflow(number)
            guard !overflow, !carry else { return nil }
            index = sum
        }
        return index
    }
}

extension TilePath {
    /// The tiles that a tree of `size` leaves has on its right edge and that are not full, lowest level first.
    public static func partialTiles(ofSize size: UInt64) -> [TilePath] {
        var tiles: [TilePath] = []
        var count = size
        var level: UInt8 = 0
        while count > 0, level <= highestLevel {
            if let tile = TilePath(level: .hashes(level), index: count / 256, width: Int(count % 256)) {
                tiles.append(tile)
            }
            count /= 256
            level += 1
        }
        return tiles
    }

    /// The tile at `level` and `index` with the width it has in a tree of `size` leaves; nil when it is empty.
    public static func tile(level: Level, index: UInt64, inTreeOfSize size: UInt64) -> TilePath? {
        let shift: UInt64 =
            switch level {
            case .hashes(let number): UInt64(number) * 8
            case .entries: 0
            }
        let count = shift < 64 ? size >> shift : 0
        let (start, overflow) = index.multipliedReportingOverflow(by: 256)
        guard !overflow, count > start else { return nil }
        return TilePath(level: level, index: index, width: Int(min(count - start, 256)))
    }
}
