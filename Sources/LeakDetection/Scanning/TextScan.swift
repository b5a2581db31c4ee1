// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A scan of one text, the stream itself or what a part of it decodes to, in all its views.
struct TextScan: Sendable {
    /// Bytes that are looked at together.
    private static let piece = 32 << 10
    /// Characters of an open run that have to arrive before it is decoded again.
    private static let runStep = 256
    /// Characters of a long run that are kept.
    private static let runKept = 1536

    /// Views that lead to the text.
    private let path: [LeakView]
    /// How many they are.
    private let depth: Int
    /// The part of the stream that the text is decoded from; nil for the stream itself.
    private let place: Range<Int>?
    private var lanes = [Lane(at: 0)]
    private var gzip: GzipCollection?

    init(path: [LeakView] = [], depth: Int = 0, place: Range<Int>? = nil) {
        self.path = path
        self.depth = depth
        self.place = place
    }

    /// Takes the next bytes.
    mutating func feed(_ bytes: UnsafeBufferPointer<UInt8>, _ matcher: LeakMatcher, _ record: inout ScanRecord) {
        var start = 0
        while start < bytes.count {
            let end = min(start &+ Self.piece, bytes.count)
            let piece = UnsafeBufferPointer(rebasing: bytes[start..<end])
            feedGzip(piece, matcher, &record)
            process(0, piece, isFinal: false, matcher, &record)
            start = end
        }
    }

    /// Takes the end.
    mutating func finish(_ matcher: LeakMatcher, _ record: inout ScanRecord) {
        process(0, UnsafeBufferPointer(start: nil, count: 0), isFinal: true, matcher, &record)
        if let gzip { inflate(gzip, matcher, &record) }
        gzip = nil
    }

    /// Scans a whole text.
    static func scan(
        _ bytes: [UInt8], path: [LeakView], depth: Int, place: Range<Int>?, _ matcher: LeakMatcher,
        _ record: inout ScanRecord
    ) {
        var scan = TextScan(path: path, depth: depth, place: place)
        bytes.withUnsafeBufferPointer { scan.feed($0, matcher, &record) }
        scan.finish(matcher, &record)
    }

    // MARK: One lane

    private mutating func process(
        _ number: Int, _ more: UnsafeBufferPointer<UInt8>, isFinal: Bool, _ matcher: LeakMatcher,
        _ record: inout ScanRecord
    ) {
        let kept = lanes[number].text.bytes.count
        lanes[number].text.append(contentsOf: more)
        var survey = Survey()
        let text = lanes[number].text
        var runs: [Range<Int>] = []
        text.bytes.withUnsafeBufferPointer { bytes in
            survey.look(over: bytes, index: matcher.index)
            var pass = LanePass(
                matcher, bytes, fresh: isFinal ? 0 : kept, isFinal: isFinal, usesRules: !record.isFull)
            pass.run(survey)
            for match in pass.matches { add(match, number, &record) }
            runs = RunSearch(text: bytes).runs(in: survey.runBlocks)
            decode(runs, bytes, number, isFinal: isFinal, kept: kept, matcher, &record)
        }
        if survey.flags & ByteClass.gzip != 0, number == 0 { findGzip(from: max(kept &- 2, 0), matcher, &record) }
        feedNext(number, more, survey.flags, isFinal: isFinal, matcher, &record)
        trim(number, isFinal ? nil : runs.last, matcher)
    }

    private func add(_ match: LanePass.Match, _ number: Int, _ record: inout ScanRecord) {
        let range = streamRange(match.range, number)
        record.add(
            LeakFinding(
                name: match.name, kind: match.kind, owner: match.owner, path: path(of: number) + match.path,
                offset: range.lowerBound, length: range.count))
    }

    /// Where in the stream a part of what a lane keeps comes from.
    private func streamRange(_ range: Range<Int>, _ number: Int) -> Range<Int> {
        if let place { return place }
        var start = range.lowerBound &+ lanes[number].text.start
        var end = range.upperBound &+ lanes[number].text.start
        for lane in lanes[...number].reversed() {
            start = lane.text.input(of: start)
            end = lane.text.input(of: end)
        }
        return start..<max(start, end)
    }

    private func path(of number: Int) -> [LeakView] {
        path
            + lanes[..<number].flatMap { lane in
                LeakView.allCases.filter { lane.unescaper?.views.contains($0) ?? false }
            }
    }

    /// Forgets what will not be looked at again.
    private mutating func trim(_ number: Int, _ lastRun: Range<Int>?, _ matcher: LeakMatcher) {
        let count = lanes[number].text.bytes.count
        var kept = matcher.overlap
        if let lastRun, lastRun.upperBound == count { kept = max(kept, min(lastRun.count, Self.runKept)) }
        let next = number &+ 1 < lanes.count ? lanes[number &+ 1].text : nil
        let needed = next.map { $0.input(of: $0.start) } ?? .max
        if count > kept { lanes[number].text.drop(count &- kept, keepingPlacesFrom: needed) }
    }

    // MARK: Escapes

    /// Gives the next lane what the bytes of this one stand for.
    private mutating func feedNext(
        _ number: Int, _ more: UnsafeBufferPointer<UInt8>, _ flags: UInt64, isFinal: Bool, _ matcher: LeakMatcher,
        _ record: inout ScanRecord
    ) {
        // What is not ASCII is folded once, and again when it came to light by undoing percent signs.
        let isFolded = number > 0 && !(lanes[number &- 1].unescaper?.views.contains(.percent) ?? false)
        let hasForeign = flags & ByteClass.foreign != 0 && !isFolded
        let isNeeded = hasForeign || (flags & ByteClass.escape != 0 && Unescaper.mayChange(lanes[number].text.bytes))
        guard isNeeded || number &+ 1 < lanes.count else { return }
        guard depth &+ number < matcher.limits.depth else {
            if hasPercentEscape(lanes[number].text.bytes) { record.markIncomplete() }
            return
        }
        var output: MappedBytes
        if number &+ 1 == lanes.count {
            let start = lanes[number].text.start
            var unescaper = Unescaper(at: start)
            output = MappedBytes(at: start)
            unescaper.feed(lanes[number].text.bytes, into: &output)
            lanes[number].unescaper = unescaper
            lanes.append(Lane(at: start))
        } else {
            output = MappedBytes(continuing: lanes[number &+ 1].text)
            lanes[number].unescaper?.feed(more, into: &output)
        }
        let isLast = isFinal || !isNeeded
        if isLast { lanes[number].unescaper?.finish(into: &output) }
        lanes[number &+ 1].text.takePlaces(from: output)
        output.bytes.withUnsafeBufferPointer { process(number &+ 1, $0, isFinal: isLast, matcher, &record) }
        if isLast {
            lanes.removeSubrange((number &+ 1)...)
            lanes[number].unescaper = nil
        }
    }

    private func hasPercentEscape(_ bytes: [UInt8]) -> Bool {
        bytes.indices.dropLast(2).contains { index in
            bytes[index] == 0x25 && ByteClass.hexValue(bytes[index &+ 1]) < 16
                && ByteClass.hexValue(bytes[index &+ 2]) < 16
        }
    }

    // MARK: Encodings

    private mutating func decode(
        _ runs: [Range<Int>], _ text: UnsafeBufferPointer<UInt8>, _ number: Int, isFinal: Bool, kept: Int,
        _ matcher: LeakMatcher, _ record: inout ScanRecord
    ) {
        let origin = lanes[number].text.start
        for run in runs {
            let isOpen = run.upperBound == text.count && !isFinal
            let decoded = lanes[number].decodedEnd &- origin
            // What was decoded before is decoded again only as far as something could reach over its end.
            if run.upperBound <= decoded { continue }
            if isOpen, run.upperBound &- max(decoded, run.lowerBound) < Self.runStep { continue }
            let start = max(run.lowerBound, decoded &- 1024)
            if matcher.usesBuiltInRules, !isOpen, !record.isFull,
                let match = RunSearch(text: text).credential(in: run, isNested: depth &+ number > 0, &record)
            {
                add(match, number, &record)
            }
            read(start..<run.upperBound, text, number, matcher, &record)
            lanes[number].decodedEnd = origin &+ run.upperBound
        }
    }

    private func read(
        _ range: Range<Int>, _ text: UnsafeBufferPointer<UInt8>, _ number: Int, _ matcher: LeakMatcher,
        _ record: inout ScanRecord
    ) {
        guard let run = EncodedRun(text, range, hasBinarySecrets: matcher.hasBinarySecrets) else { return }
        for (view, bytes) in run.readings() {
            guard depth &+ number < matcher.limits.depth else {
                // Bytes of any kind are read somehow; a text behind yet another encoding is none by chance.
                if ASCIIText.isPlain(bytes) { record.markIncomplete() }
                continue
            }
            guard record.take(viewBytes: bytes.count) else { return }
            TextScan.scan(
                bytes, path: path(of: number) + [view], depth: depth &+ number &+ 1, place: streamRange(range, number),
                matcher, &record)
        }
    }

    // MARK: gzip

    private mutating func feedGzip(
        _ bytes: UnsafeBufferPointer<UInt8>, _ matcher: LeakMatcher, _ record: inout ScanRecord
    ) {
        guard var collection = gzip else { return }
        gzip = nil
        if collection.append(bytes, limit: matcher.limits.viewBytes), collection.isDue {
            inflate(collection, matcher, &record)
            collection.setNext()
        }
        if collection.isFull { record.markIncomplete() }
        gzip = collection
    }

    private mutating func findGzip(from start: Int, _ matcher: LeakMatcher, _ record: inout ScanRecord) {
        let bytes = lanes[0].text.bytes
        guard gzip == nil, bytes.count >= 3 else { return }
        for index in start..<(bytes.count &- 2)
        where bytes[index] == 0x1f && bytes[index &+ 1] == 0x8b && bytes[index &+ 2] == 8 {
            guard depth < matcher.limits.depth else { return record.markIncomplete() }
            var collection = GzipCollection(start: lanes[0].text.start &+ index)
            bytes[index...].withUnsafeBufferPointer { _ = collection.append($0, limit: matcher.limits.viewBytes) }
            if collection.isDue {
                inflate(collection, matcher, &record)
                collection.setNext()
            }
            if collection.isFull { record.markIncomplete() }
            gzip = collection
            return
        }
    }

    private func inflate(_ collection: GzipCollection, _ matcher: LeakMatcher, _ record: inout ScanRecord) {
        let (output, isCut) = Inflation.inflate(collection.bytes, limit: record.viewBytes)
        if isCut { record.markIncomplete() }
        guard !output.isEmpty, record.take(viewBytes: output.count) else { return }
        TextScan.scan(
            output, path: path + [.gzip], depth: depth &+ 1,
            place: place ?? collection.start..<(collection.start &+ collection.bytes.count), matcher, &record)
    }
}
