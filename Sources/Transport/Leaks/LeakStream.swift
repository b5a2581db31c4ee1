// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Decision
internal import LeakDetection
package import NIOCore

/// Looks through one direction of a body that passes piece by piece, and puts stars in the place of what is to be taken out.
///
/// A finding may come with a later piece than its first byte. What may still become one is held back, as far as
/// ``Holding`` says; what is found when its beginning has passed already ends the exchange instead.
package struct LeakStream: Sendable {
    /// What is held back until more has come, or the end.
    package enum Holding: Sendable {
        /// Nothing: whoever is at the other end may wait for each piece. Nothing can be taken out then.
        case nothing
        /// What follows the last complete event of an event stream.
        case events
        /// What follows the last complete line.
        case lines
        /// The last bytes, as many as anything that is looked for may have.
        case window
    }

    /// What may pass, and what was found.
    package struct Step {
        /// Nothing of it may pass when the verdict is a denial.
        package var bytes: ByteBuffer
        /// `nil` when nothing was found.
        package var verdict: LeakVerdict?
    }

    /// Bytes without the end of a line that are held at most.
    private static let longestLine = 1 << 20
    /// What an encoded run may reach back besides ``LeakMatcher/overlap``.
    private static let run = 2048

    private let surface: LeakSurface
    private let rules: LeakRules
    private let isEnforced: Bool
    private let holding: Holding
    private let window: Int
    private let redacted: Set<LeakKind>
    private var scanner: LeakScanner
    private var texts: JoinedTexts?
    private var held = ByteBuffer()
    /// Where in the stream the first byte stands that is held.
    private var heldStart = 0

    init(
        _ matcher: LeakMatcher, on surface: LeakSurface, _ rules: LeakRules, holding: Holding, isEnforced: Bool
    ) {
        self.surface = surface
        self.rules = rules
        self.isEnforced = isEnforced
        redacted = isEnforced ? rules.redacted(on: surface) : []
        // Nothing has to wait where nothing can be taken out.
        self.holding = redacted.isEmpty ? .nothing : holding
        window = matcher.overlap &+ Self.run
        scanner = LeakScanner(matcher)
        if case .events = holding { texts = JoinedTexts(matcher) }
    }

    /// Takes the next bytes.
    package mutating func take(_ bytes: ByteBuffer) -> Step {
        let found = bytes.withUnsafeReadableBytes { scanner.scan($0) }
        return step(bytes, found, isLast: false)
    }

    /// Takes the end and gives what was held back.
    package mutating func finish() -> Step {
        step(ByteBuffer(), scanner.finish(), isLast: true)
    }

    private mutating func step(_ bytes: ByteBuffer, _ found: [LeakFinding], isLast: Bool) -> Step {
        var verdict = LeakVerdict(isEnforced: isEnforced, rules: rules)
        if case .nothing = holding {
            for finding in found { note(finding, isMasked: false, &verdict) }
            joined(bytes, &verdict)
            return Step(bytes: bytes, verdict: verdict.isEmpty ? nil : verdict)
        }
        var bytes = bytes
        held.writeBuffer(&bytes)
        for finding in found { note(finding, isMasked: mask(finding), &verdict) }
        let count = isLast ? held.readableBytes : releasable
        let released = held.readSlice(length: count) ?? ByteBuffer()
        heldStart &+= count
        held.discardReadBytes()
        joined(released, &verdict)
        return Step(bytes: released, verdict: verdict.isEmpty ? nil : verdict)
    }

    private func note(_ finding: LeakFinding, isMasked: Bool, _ verdict: inout LeakVerdict) {
        if redacted.contains(finding.kind), !isMasked {
            verdict.add(finding, surface, atLeast: .deny)
        } else {
            verdict.add([finding], surface)
        }
    }

    /// What pieces of several messages form cannot be taken out: the first of them have passed.
    private mutating func joined(_ bytes: ByteBuffer, _ verdict: inout LeakVerdict) {
        guard texts != nil, bytes.readableBytes > 0 else { return }
        for finding in texts?.take(events: bytes.readableBytesView) ?? [] {
            note(finding, isMasked: false, &verdict)
        }
    }

    /// Puts stars in the place of a finding.
    ///
    /// - Returns: Whether that was possible.
    private mutating func mask(_ finding: LeakFinding) -> Bool {
        guard redacted.contains(finding.kind), !finding.path.contains(.gzip), finding.offset >= heldStart else {
            return false
        }
        let start = finding.offset &- heldStart
        held.withUnsafeMutableReadableBytes { bytes in
            LeakMask.apply(to: bytes.assumingMemoryBound(to: UInt8.self), in: start..<(start &+ finding.length))
        }
        return true
    }

    /// How many of the bytes that are held may pass although more will come.
    private var releasable: Int {
        let view = held.readableBytesView
        let beyond = max(view.count &- window, 0)
        let end: Int?
        switch holding {
        case .nothing: return view.count
        case .window: return beyond
        case .lines: end = view.lastIndex { $0 == 0x0a || $0 == 0x0d }
        case .events: end = Self.endOfEvents(view)
        }
        if let end { return end &- view.startIndex &+ 1 }
        return view.count > Self.longestLine ? beyond : 0
    }

    /// The last byte of an empty line.
    private static func endOfEvents(_ view: ByteBufferView) -> Int? {
        var index = view.endIndex
        while index > view.startIndex &+ 1 {
            index &-= 1
            guard view[index] == 0x0a || view[index] == 0x0d else { continue }
            let before = view[index &- 1]
            if before == view[index] { return index }
            if view[index] == 0x0a, before == 0x0d, index >= view.startIndex &+ 3, view[index &- 2] == 0x0a {
                return index
            }
        }
        return nil
    }
}

extension LeakStream: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// What it looks through.
    package var description: String { "LeakStream(\(surface.rawValue))" }

    /// The same.
    package var debugDescription: String { description }

    /// Nothing to look into: what is held may hold a secret.
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension LeakStream.Holding {
    /// What a body of some type may have held back: events and lines are read as they come, and a call of gRPC waits for
    /// each message.
    package init(contentType: String?) {
        let type = (contentType ?? "").utf8.prefix { $0 != 0x3b && $0 != 0x20 }.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
        if type.elementsEqual("text/event-stream".utf8) {
            self = .events
        } else if type.starts(with: "application/grpc".utf8) {
            self = .nothing
        } else if Self.lineTypes.contains(where: { type.reversed().starts(with: $0) }) {
            self = .lines
        } else {
            self = .window
        }
    }

    /// The ends of types of which each line is a message, from behind.
    private static let lineTypes = ["ndjson", "jsonl", "jsonlines", "json-seq", "stream+json"].map {
        Array($0.utf8.reversed())
    }
}
