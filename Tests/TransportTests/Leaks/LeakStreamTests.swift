// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Foundation
import LeakDetection
import NIOCore
import Testing
import Transport

/// Bodies that are looked through piece by piece, and what is put in the place of what is found.
@Suite struct LeakStreamTests {
    static let secret = "tr-crm-7Qm2vX90bLs4"
    static let planted = "ghp-trap-Zk81mQwe55Tn"

    static func inspector(isEnforced: Bool = true) throws -> LeakInspector {
        let inspector = LeakInspector()
        let matcher = try LeakMatcher(secrets: [
            RegisteredSecret(name: "crm-key", bytes: Array(secret.utf8)),
            RegisteredSecret(canary: "trap", bytes: Array(planted.utf8), owner: "bot"),
        ])
        inspector.replace(with: matcher, isEnforced: isEnforced)
        return inspector
    }

    /// Passes pieces through a stream.
    private static func pass(
        _ pieces: [[UInt8]], _ holding: LeakStream.Holding, isEnforced: Bool = true
    ) throws -> (text: String, released: [Int], action: LeakAction?, causes: [String]) {
        var stream = try #require(
            try inspector(isEnforced: isEnforced).stream(LeakRules(), isAnswer: true, holding: holding))
        var output: [UInt8] = []
        var released: [Int] = []
        var action: LeakAction?
        var causes: [String] = []
        for piece in pieces.map(Optional.some) + [nil] {
            let step = piece.map { stream.take(ByteBuffer(bytes: $0)) } ?? stream.finish()
            if let verdict = step.verdict {
                action = max(action ?? .allow, verdict.action)
                causes += verdict.observations.map(\.cause)
                if verdict.action == .deny { break }
            }
            output += step.bytes.readableBytesView
            released.append(step.bytes.readableBytes)
        }
        return (String(decoding: output, as: UTF8.self), released, action, causes)
    }

    @Test("a secret in an answer becomes as many stars, wherever it is split")
    func everySplit() throws {
        let body = Array(#"{"note":"key \#(Self.secret) end"}"#.utf8)
        let expected = #"{"note":"key \#(String(repeating: "*", count: Self.secret.utf8.count)) end"}"#
        for split in 0...body.count {
            let result = try Self.pass([Array(body[..<split]), Array(body[split...])], .window)
            #expect(result.text == expected && result.action == .redact, "split at \(split): \(result.text)")
        }
        let single = try Self.pass(body.map { [$0] }, .window)
        #expect(single.text == expected)
    }

    @Test(
        "what it is written in does not matter, and JSON stays JSON",
        arguments: [
            Data(secret.utf8).base64EncodedString(), secret.utf8.map { String($0, radix: 16) }.joined(),
            secret.utf8.map { "\\u00" + String($0, radix: 16) }.joined(), String(secret.reversed()),
            Data(secret.utf8.map { String($0, radix: 16) }.joined().utf8).base64EncodedString(),
        ])
    func encodings(spelling: String) throws {
        let body = #"{"a":["x","\#(spelling)"],"b":"\"quoted\""}"#
        let result = try Self.pass(Array(body.utf8).chunked(7), .window)
        #expect(result.action == .redact)
        #expect(!result.text.contains(spelling) && result.text.utf8.count == body.utf8.count)
        let value = try JSONSerialization.jsonObject(with: Data(result.text.utf8)) as? [String: Any]
        #expect(value?["b"] as? String == "\"quoted\"", "\(result.text)")
    }

    @Test("clean text passes unchanged, and no more is held back than has to be")
    func clean() throws {
        let text = (0..<4000).map { "line \($0)\n" }.joined()
        let result = try Self.pass(Array(text.utf8).chunked(1000), .window)
        #expect(result.text == text && result.action == nil)
        let lines = try Self.pass([Array("one\n".utf8), Array("tw".utf8), Array("o\n".utf8)], .lines)
        #expect(lines.released == [4, 0, 4, 0])
        let events = try Self.pass([Array("data: a\n\ndata: ".utf8), Array("b\r\n\r\n".utf8)], .events)
        #expect(events.released == [9, 11, 0])
    }

    @Test("an event passes when it is complete, without what is taken out of it")
    func events() throws {
        let result = try Self.pass(
            [Array("data: {\"t\":\"\(Self.secret.prefix(9))".utf8), Array("\(Self.secret.dropFirst(9))\"}\n\n".utf8)],
            .events)
        #expect(result.released.first == 0 && result.action == .redact)
        #expect(!result.text.contains("7Qm2") && result.text.hasSuffix("\"}\n\n"))
    }

    @Test("a secret in pieces of several events ends the stream before its last one")
    func acrossEvents() throws {
        let pieces = Array(Self.secret.utf8).chunked(4)
        let events = pieces.enumerated().map { index, piece in
            Array(
                #"data: {"i":\#(index),"delta":{"type":"text","text":"\#(String(decoding: piece, as: UTF8.self))"}}"#
                    .utf8)
                + Array("\n\n".utf8)
        }
        let result = try Self.pass(events, .events)
        #expect(result.action == .deny)
        #expect(result.released.count == pieces.count - 1)
    }

    @Test("where nothing may be held back, a secret ends the stream before the piece that completes it")
    func nothingHeld() throws {
        let result = try Self.pass(
            [Array(Self.secret.utf8.prefix(12)), Array(Self.secret.utf8.dropFirst(12))], .nothing)
        #expect(result.action == .deny && result.released == [12])
    }

    @Test("what was begun before a line ended is not taken out but ends the stream")
    func begun() throws {
        let wrapped = Data(Self.secret.utf8).base64EncodedString()
        let result = try Self.pass(
            [Array((wrapped.prefix(16) + "\n").utf8), Array((wrapped.dropFirst(16) + "\nmore\n").utf8)], .lines)
        #expect(result.action == .deny)
    }

    @Test("a canary in an answer is no touch: it passes and is recorded")
    func canary() throws {
        let result = try Self.pass([Array("found \(Self.planted) here".utf8)], .window)
        #expect(result.text == "found \(Self.planted) here")
        #expect(result.causes == ["canary_seen"] && result.action == .allow)
    }

    @Test("where it only observes, nothing is changed and the name is recorded")
    func observes() throws {
        let result = try Self.pass([Array("a \(Self.secret) b".utf8)], .window, isEnforced: false)
        #expect(result.text == "a \(Self.secret) b" && result.causes == ["leak_observed"])
    }

    @Test("a secret in a compressed body cannot be starred and ends the stream")
    func compressed() throws {
        // gzip of the secret, made by another program.
        let bytes = try #require(Data(base64Encoded: "H4sIAAAAAAACAysp0k0uytU1D8w1KouwNEjyKTYBAFpzLgITAAAA"))
        let result = try Self.pass([Array(bytes)], .window)
        #expect(result.action == .deny)
    }

    @Test("descriptions show nothing of what is held")
    func descriptions() throws {
        var stream = try #require(try Self.inspector().stream(LeakRules(), isAnswer: true, holding: .window))
        _ = stream.take(ByteBuffer(string: "key \(Self.secret)"))
        var dumped = ""
        dump(stream, to: &dumped)
        #expect(!(dumped + "\(stream)" + String(reflecting: stream)).contains("7Qm2"))
    }
}

extension [UInt8] {
    func chunked(_ size: Int) -> [[UInt8]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}
