// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension TimeZoneRules {
    /// Reads a file of the time zone database (RFC 9636); nil if it is none.
    public convenience init?(tzif bytes: [UInt8]) {
        var reader = TZifReader(bytes: bytes)
        guard let header = reader.header() else { return nil }
        guard header.version >= 2 else {
            guard let (initial, changes) = reader.body(header, width: 4) else { return nil }
            self.init(initial: initial, changes: changes, rule: nil)
            return
        }
        // The first body has times of 32 bits only; the second one has all of it.
        reader.skip(header.bodySize(width: 4))
        guard let header = reader.header(), let (initial, changes) = reader.body(header, width: 8) else { return nil }
        let footer = reader.footer()
        let rule = footer.isEmpty ? nil : YearlyRule(footer)
        if !footer.isEmpty && rule == nil { return nil }
        self.init(initial: initial, changes: changes, rule: rule)
    }
}

private struct TZifReader {
    struct Header {
        let version: Int
        let utcCount: Int
        let standardCount: Int
        let leapCount: Int
        let changeCount: Int
        let typeCount: Int
        let nameSize: Int

        func bodySize(width: Int) -> Int {
            changeCount &* (width &+ 1) &+ typeCount &* 6 &+ nameSize &+ leapCount &* (width &+ 4) &+ standardCount
                &+ utcCount
        }
    }

    /// More than any zone has, so that sizes cannot overflow.
    private static let countLimit = 1 << 16

    let bytes: [UInt8]
    private var position = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func skip(_ count: Int) {
        position = min(position &+ max(count, 0), bytes.count)
    }

    mutating func header() -> Header? {
        guard take(4).elementsEqual("TZif".utf8), let version = take(1).first else { return nil }
        skip(15)
        let counts = (0..<6).map { _ in Int(integer(4)) }
        guard counts.allSatisfy({ $0 >= 0 && $0 <= TZifReader.countLimit }) else { return nil }
        return Header(
            version: version == 0 ? 1 : Int(version) &- 0x30, utcCount: counts[0], standardCount: counts[1],
            leapCount: counts[2], changeCount: counts[3], typeCount: counts[4], nameSize: counts[5])
    }

    mutating func body(
        _ header: Header, width: Int
    ) -> (initial: TimeZoneRules.Period, changes: [TimeZoneRules.Change])? {
        guard bytes.count &- position >= header.bodySize(width: width) else { return nil }
        let starts = (0..<header.changeCount).map { _ in integer(width) }
        let kinds = take(header.changeCount).map { Int($0) }
        let types = (0..<header.typeCount).map { _ in
            (offset: Int(integer(4)), isDaylight: integer(1), name: Int(integer(1)))
        }
        let names = Array(take(header.nameSize))
        skip(header.leapCount &* (width &+ 4) &+ header.standardCount &+ header.utcCount)
        let periods = types.map { type in
            TimeZoneRules.Period(
                offset: type.offset, name: Array(names.dropFirst(max(type.name, 0)).prefix { $0 != 0 }))
        }
        guard let first = periods.first, kinds.allSatisfy({ $0 < periods.count }),
            periods.allSatisfy({ abs($0.offset) < 26 * 3600 })
        else { return nil }
        // Before the first change the first type holds, unless that is one of the summer.
        let initial = types.first?.isDaylight == 0 ? first : types.firstIndex { $0.isDaylight == 0 }.map { periods[$0] }
        return (
            initial ?? first,
            zip(starts, kinds).map { TimeZoneRules.Change(start: $0, period: periods[$1]) }
        )
    }

    /// The rule after the last change, between two line feeds.
    mutating func footer() -> ArraySlice<UInt8> {
        guard take(1).first == 0x0A else { return [] }
        return bytes[position...].prefix { $0 != 0x0A }
    }

    private mutating func take(_ count: Int) -> ArraySlice<UInt8> {
        let part = bytes[position...].prefix(count)
        position &+= part.count
        return part
    }

    private mutating func integer(_ width: Int) -> Int64 {
        let part = take(width)
        guard let first = part.first else { return 0 }
        let value = part.dropFirst().reduce(UInt64(bitPattern: Int64(Int8(bitPattern: first)))) { $0 << 8 | UInt64($1) }
        return Int64(bitPattern: value)
    }
}
