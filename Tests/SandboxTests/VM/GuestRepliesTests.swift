// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Sandbox

/// What a guest says is read strictly: it may say anything.
struct GuestRepliesTests {
    static func frame(_ kind: String, _ stream: UInt8 = 0, _ content: [UInt8] = [], length: UInt32? = nil) -> [UInt8] {
        let length = length ?? UInt32(content.count)
        return Array(kind.utf8) + [stream, 0, 0] + withUnsafeBytes(of: length.littleEndian) { Array($0) } + content
    }

    static func end(_ kind: UInt8 = 0, _ code: UInt8 = 0, kills: UInt32 = 0, used: UInt64 = 5, peak: UInt64 = 6)
        -> [UInt8]
    {
        var content: [UInt8] = [kind, code, 0, 0]
        withUnsafeBytes(of: kills.littleEndian) { content += $0 }
        withUnsafeBytes(of: used.littleEndian) { content += $0 }
        withUnsafeBytes(of: peak.littleEndian) { content += $0 }
        return frame("X", 0, content)
    }

    /// What comes of the bytes: the events, and whether they were malformed.
    static func events(_ bytes: [UInt8], piece: Int = .max) -> (events: [GuestEvent], isMalformed: Bool) {
        var replies = GuestReplies()
        var events: [GuestEvent] = []
        var rest = bytes[...]
        repeat {
            replies.append(rest.prefix(piece))
            rest = rest.dropFirst(piece)
            do {
                while let event = try replies.next() { events.append(event) }
            } catch {
                return (events, true)
            }
        } while !rest.isEmpty
        return (events, false)
    }

    static let good: [UInt8] =
        frame("R", 0, Array("yett-guest 1".utf8)) + frame("S") + frame("O", 1, Array("one".utf8))
        + frame("O", 2, Array("two".utf8)) + frame("O", 1) + end(0, 7)

    @Test("a whole conversation, in pieces of any size", arguments: [1, 2, 3, 7, 8, 9, 64, 1 << 20])
    func conversation(piece: Int) {
        let (events, isMalformed) = Self.events(Self.good, piece: piece)
        #expect(!isMalformed && events.count == 6)
        #expect(events.first == .ready && events[1] == .started)
        #expect(events[2] == .output(.output, Array("one".utf8)) && events[3] == .output(.errors, Array("two".utf8)))
        guard case .done(let report) = events.last else {
            Issue.record("no end")
            return
        }
        #expect(report.outcome == .exited(7) && report.processorMicroseconds == 5 && report.peakBytes == 6)
    }

    @Test(
        "forged frames are malformed",
        arguments: [
            frame("O", 1, length: 65_537), frame("O", 1, length: UInt32.max), frame("O", 1, length: 1 << 31),
            frame("R", 0, length: 4_000_000_000), frame("X", 0, length: 25), frame("S", 0, [1]), frame("O", 0, [1]),
            frame("O", 3, [1]), frame("S", 1), frame("R", 0, Array("yett-guest 2".utf8)), frame("R"), frame("Q"),
            frame("\0"),
            [UInt8(ascii: "O"), 1, 1, 0, 0, 0, 0, 0], [UInt8(ascii: "O"), 1, 0, 1, 0, 0, 0, 0], end(2, 0), end(1, 0),
            end(1, 65),
            end(used: UInt64.max), end(peak: 1 << 63), frame("X", 0, [UInt8](repeating: 0, count: 23)),
            end() + end(), end() + frame("O", 1, [1]), end() + [0], [UInt8](repeating: 255, count: 64),
        ] as [[UInt8]])
    func forged(bytes: [UInt8]) {
        #expect(Self.events(bytes).isMalformed)
    }

    @Test("what is not whole yet is waited for", arguments: 1..<8)
    func partial(count: Int) {
        let (events, isMalformed) = Self.events(Array(Self.frame("O", 1, [1]).prefix(count)))
        #expect(events.isEmpty && !isMalformed)
    }

    @Test("changed bytes never do more than be refused, and never give more than was sent")
    func mutations() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<20_000 {
            var bytes = Self.good
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                let index = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes.remove(at: index)
                default: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: index)
                }
            }
            let (events, _) = Self.events(bytes, piece: Int.random(in: 1...40, using: &generator))
            let written = events.reduce(0) { sum, event in
                guard case .output(_, let piece) = event else { return sum }
                return sum + piece.count
            }
            #expect(written <= bytes.count)
        }
    }

    @Test(
        "a kill for want of memory is told from others",
        arguments: [
            (end(1, 9, kills: 1), SandboxOutcome.outOfMemory), (end(1, 9), .signalled(9)),
            (end(0, 1, kills: 2), .outOfMemory),
            (end(0, 0, kills: 2), .exited(0)), (end(0, 255), .exited(255)), (end(1, 64), .signalled(64)),
        ])
    func outcomes(bytes: [UInt8], outcome: SandboxOutcome) {
        guard case .done(let report) = Self.events(bytes).events.last else {
            Issue.record("no end")
            return
        }
        #expect(report.outcome == outcome)
    }
}
