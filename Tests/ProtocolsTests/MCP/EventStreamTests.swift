// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Protocols

@Suite struct EventStreamTests {
    /// What a stream holds when it arrives in pieces: the data of its events, or the error.
    static func read(
        _ stream: [UInt8], pieces: Int = 7, limits: EventStreamLimits = .standard
    ) -> Result<[String], EventStreamError> {
        var parser = EventStreamParser(limits: limits)
        var events: [String] = []
        do throws(EventStreamError) {
            var offset = 0
            while offset < stream.count {
                let end = min(offset + pieces, stream.count)
                for event in try parser.feed(Array(stream[offset..<end])) {
                    events.append(
                        [
                            event.id.map { "#\($0)" }, event.retry.map { "!\($0)" },
                            String(decoding: event.data, as: UTF8.self),
                        ]
                        .compactMap { $0 }.joined(separator: " "))
                }
                offset = end
            }
            try parser.end()
            return .success(events)
        } catch { return .failure(error) }
    }

    @Test(
        "reads events as the standard says, in pieces of every size",
        arguments: [
            ("data: a\n\n", ["a"]), ("data:a\r\n\r\n", ["a"]), ("data:a\r\rdata:b\n\n", ["a", "b"]),
            ("data: a\ndata:  b\n\n", ["a\n b"]), (": c\n\n:\r\n\r\ndata\n\n", [""]), ("id: 7\ndata:\n\n", ["#7 "]),
            ("id: 7\nretry: 100\n\n", ["#7 !100 "]), ("retry: x\ndata: a\n\n", ["a"]),
            ("event: message\ndata: a\n\n", ["a"]),
            ("other: x\ndata: a\n\n", ["a"]), ("\n\n\n", []), ("event: message\n\ndata: a\n\n", ["a"]), (": only", nil),
        ] as [(String, [String]?)])
    func events(_ stream: String, _ expected: [String]?) {
        for pieces in 1...9 {
            let found = Self.read(bytes(stream), pieces: pieces)
            #expect(found == (expected.map { .success($0) } ?? .failure(.truncated)))
        }
    }

    @Test("keeps the types of events where they are allowed")
    func types() throws {
        let stream = bytes("event: a\ndata: 1\n\nevent: message\ndata: 2\n\nevent:\ndata: 3\n\ndata: 4\nevent: b\n\n")
        var parser = EventStreamParser(allowsTypes: true)
        let events = try parser.feed(stream)
        #expect(events.map(\.type) == ["a", nil, nil, "b"])
        #expect(events.flatMap(\.bytes) == bytes("event: a\ndata: 1\n\ndata: 2\n\ndata: 3\n\nevent: b\ndata: 4\n\n"))
        for bad in ["event: a b\n\n", "event: \u{e9}\n\n", "event: \(String(repeating: "a", count: 129))\n\n"] {
            var parser = EventStreamParser(allowsTypes: true)
            #expect(throws: EventStreamError.self) { try parser.feed(bytes(bad)) }
        }
        var twice = EventStreamParser(allowsTypes: true)
        #expect(throws: EventStreamError.badField) { try twice.feed(bytes("event: a\nevent: b\n\n")) }
    }

    @Test(
        "refuses what breaks the format",
        arguments: [
            (bytes("\u{feff}data: a\n\n"), EventStreamError.badCharacter), (bytes("data: a\n"), .truncated),
            (bytes("data: a"), .truncated), (bytes("event: endpoint\ndata: /x\n\n"), .unknownEvent),
            (bytes("id: 1\nid: 2\n\n"), .badField), (bytes("event:\nevent:\n\n"), .badField),
            (bytes("id: a\u{0}\n\n"), .badCharacter), ([0x64, 0xff], .invalidUTF8), ([0x3a, 0xc3, 0x0a], .invalidUTF8),
        ])
    func refused(_ stream: [UInt8], _ error: EventStreamError) {
        #expect(Self.read(stream) == .failure(error))
    }

    @Test("stops at each limit, and stays stopped")
    func limits() throws {
        let limits = EventStreamLimits(eventBytes: 100, streamBytes: 1000, events: 5, idleBytes: 64)
        func text(_ part: String, _ count: Int) -> [UInt8] { bytes(String(repeating: part, count: count)) }
        #expect(Self.read(text("data: a\n\n", 6), limits: limits) == .failure(.tooManyEvents))
        #expect(Self.read(text(":\n", 100), limits: limits) == .failure(.tooMuchIdling))
        #expect(Self.read(bytes("data: a\n") + text(": ping\n", 100), limits: limits) == .failure(.tooMuchIdling))
        #expect(Self.read(text("data:\n\n", 4) + text("data:\n", 60), limits: limits) == .failure(.tooMuchIdling))
        #expect(Self.read(text("id: 1\n\n", 4) + text("\n", 100), limits: limits) == .failure(.tooMuchIdling))
        #expect(Self.read(bytes("data: ") + text("a", 200), limits: limits) == .failure(.lineTooLong))
        #expect(Self.read(text("data: aaaaaaaaaaaaaaaaaaaa\n", 9), limits: limits) == .failure(.eventTooLarge))
        let wide = EventStreamLimits(eventBytes: 100, streamBytes: 1000, events: 500, idleBytes: 64)
        #expect(Self.read(text("data: aaaa\n\n", 90), limits: wide) == .failure(.streamTooLarge))
        var parser = EventStreamParser(limits: limits)
        #expect(throws: EventStreamError.invalidUTF8) { try parser.feed([0xff]) }
        #expect(throws: EventStreamError.invalidUTF8) { try parser.feed(bytes("data: a\n\n")) }
        #expect(throws: EventStreamError.invalidUTF8) { try parser.end() }
    }

    @Test("writes events that read the same again")
    func written() {
        let event = EventStreamEvent(data: bytes("a\n b\n"), id: "7", retry: 5)
        #expect(Self.read(event.bytes) == .success(["#7 !5 a\n b\n"]))
    }
}
