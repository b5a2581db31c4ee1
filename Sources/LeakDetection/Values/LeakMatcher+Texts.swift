// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension LeakMatcher {
    /// Inspects a text that is there as a whole: a body, a result, an event or a message after reassembly.
    public func inspect(_ bytes: [UInt8], on surface: LeakSurface = .body) -> LeakReport {
        var record = ScanRecord(limits)
        inspect(bytes, on: surface, path: [], &record)
        return record.report
    }

    /// Inspects a text that is there as a whole.
    public func inspect(_ text: String, on surface: LeakSurface = .body) -> LeakReport {
        inspect(Array(text.utf8), on: surface)
    }

    /// Inspects the value of a header field. Its name says nothing: any field can carry anything.
    public func inspect(header value: [UInt8]) -> LeakReport { inspect(value, on: .header) }

    /// Inspects parts of which each went by itself and which may form a whole: messages on a socket, events of a stream,
    /// values of the fields of one request. Offsets count over all parts together.
    ///
    /// What stands across two parts is found when it is a registered secret or known by a beginning. Numbers are not put
    /// together: two that follow one another would often make a third.
    public func inspect(parts: [[UInt8]], on surface: LeakSurface = .message) -> LeakReport {
        var record = ScanRecord(limits)
        var offset = 0
        for part in parts {
            var own = ScanRecord(partOf: record)
            inspect(part, on: surface, path: [], &own)
            record.add(own, at: offset)
            offset &+= part.count
        }
        join(parts, &record)
        return record.report
    }

    func inspect(_ bytes: [UInt8], on surface: LeakSurface, path: [LeakView], _ record: inout ScanRecord) {
        TextScan.scan(bytes, path: path, depth: path.count, place: nil, self, &record)
        guard bytes.count <= WholeValue.longest else { return }
        for match in WholeValue(bytes).matches(usesBuiltInRules: usesBuiltInRules) {
            record.add(
                LeakFinding(
                    name: match.name, kind: match.kind, path: path, offset: match.range.lowerBound,
                    length: match.range.count))
        }
        for decoded in WholeValue(bytes).decoded() {
            guard record.take(viewBytes: decoded.count) else { return }
            TextScan.scan(
                decoded, path: path + [.hex], depth: path.count &+ 1, place: 0..<bytes.count, self, &record)
        }
    }

    /// Looks at what the parts form when nothing stands between them, and at what the longest words of them form, because
    /// each piece may have a label.
    func join(_ parts: [[UInt8]], _ record: inout ScanRecord) {
        guard parts.count > 1 else { return }
        joinAll(parts, &record)
        let words = parts.map { part in
            part.split { !ByteClass.isBase64($0) }.max { $0.count < $1.count } ?? []
        }
        var inner = ScanRecord(partOf: record)
        joinAll(words.map { Array($0) }, &inner)
        let count = parts.reduce(0) { $0 &+ $1.count }
        for finding in inner.report.findings {
            record.add(
                LeakFinding(
                    name: finding.name, kind: finding.kind, owner: finding.owner, path: finding.path, offset: 0,
                    length: count))
        }
    }

    private func joinAll(_ parts: [[UInt8]], _ record: inout ScanRecord) {
        let joined = Array(parts.joined())
        guard joined.count <= limits.viewBytes else { return record.markIncomplete() }
        var inner = ScanRecord(partOf: record)
        TextScan.scan(joined, path: [.joined], depth: 1, place: nil, self, &inner)
        var ends: [Int] = []
        for part in parts { ends.append((ends.last ?? 0) &+ part.count) }
        for finding in inner.report.findings {
            let isAcross = ends.contains { $0 > finding.offset && $0 < finding.offset &+ finding.length }
            let isExact = finding.kind == .secret || finding.kind == .canary || finding.kind == .credential
            if isAcross, isExact { record.add(finding) }
        }
        if inner.report.isIncomplete { record.markIncomplete() }
    }
}
