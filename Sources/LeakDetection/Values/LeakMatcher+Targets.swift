// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension LeakMatcher {
    /// Inspects the path and the query of a request, as sent: the whole, each segment and each value by itself, and the
    /// values together, so that a secret that was split over several is found. Offsets count from its first byte.
    ///
    /// - Parameter target: For example `/v1/items?key=value`; a whole URL is taken as well, with user information, and its
    ///   host is left to ``inspect(hostname:)``.
    public func inspect(target: [UInt8]) -> LeakReport {
        var record = ScanRecord(limits)
        inspect(target, on: .target, path: [], &record)
        let parts = TargetParts(target)
        for part in parts.all {
            var own = ScanRecord(partOf: record)
            inspect(Array(target[part]), on: .target, path: [], &own)
            record.add(own, at: part.lowerBound)
        }
        guard usesBuiltInRules else { return record.report }
        for part in parts.all where OpaqueText.isOpaque(target[part]) {
            record.add(
                LeakFinding(
                    name: "high-entropy-segment", kind: .opaque, path: [], offset: part.lowerBound, length: part.count))
        }
        if let user = parts.userInformation, target[user].contains(0x3a) {
            record.add(
                LeakFinding(
                    name: "password-in-url", kind: .credential, path: [], offset: user.lowerBound, length: user.count))
        }
        joinParts(target, parts.segments, &record)
        joinParts(target, parts.values, &record)
        return record.report
    }

    private func joinParts(_ target: [UInt8], _ parts: [Range<Int>], _ record: inout ScanRecord) {
        let pieces = parts.filter { !$0.isEmpty }
        guard pieces.count > 1, let first = pieces.first, let last = pieces.last else { return }
        var inner = ScanRecord(partOf: record)
        join(pieces.map { Array(target[$0]) }, &inner)
        for finding in inner.report.findings {
            record.add(
                LeakFinding(
                    name: finding.name, kind: finding.kind, owner: finding.owner, path: finding.path,
                    offset: first.lowerBound, length: last.upperBound &- first.lowerBound))
        }
        if inner.report.isIncomplete { record.markIncomplete() }
    }
}

/// Where the parts of a target stand.
struct TargetParts {
    private(set) var userInformation: Range<Int>?
    private(set) var segments: [Range<Int>] = []
    private(set) var values: [Range<Int>] = []

    /// Segments and values.
    var all: [Range<Int>] { (segments + values).filter { !$0.isEmpty } }

    init(_ target: [UInt8]) {
        var place = 0
        if let scheme = target.prefix(16).firstRange(of: Array("://".utf8)) {
            place = scheme.upperBound
            let end = target[place...].firstIndex { $0 == 0x2f || $0 == 0x3f || $0 == 0x23 } ?? target.count
            if let at = target[place..<end].lastIndex(of: 0x40) { userInformation = place..<at }
            place = end
        }
        let query = target[place...].firstIndex { $0 == 0x3f || $0 == 0x23 } ?? target.count
        segments = Self.split(target, place..<query) { $0 == 0x2f || $0 == 0x3b }
        guard query < target.count else { return }
        values = Self.split(target, (query &+ 1)..<target.count) { $0 == 0x26 || $0 == 0x3b || $0 == 0x23 }.map {
            pair in
            let value = target[pair].firstIndex(of: 0x3d).map { $0 &+ 1 } ?? pair.lowerBound
            return value..<pair.upperBound
        }
    }

    private static func split(
        _ bytes: [UInt8], _ range: Range<Int>, at isSeparator: (UInt8) -> Bool
    ) -> [Range<Int>] {
        bytes[range].split(omittingEmptySubsequences: true, whereSeparator: isSeparator).map {
            $0.startIndex..<$0.endIndex
        }
    }
}
