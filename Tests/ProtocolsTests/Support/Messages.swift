// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

@testable import Protocols

/// The bytes of a text.
func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

/// Parses bytes as a request head at once.
func parseRequest(_ message: [UInt8], limits: HTTP1Limits = .standard) -> (HTTP1ParseResult, HTTP1RequestHead) {
    var parser = HTTP1RequestParser(limits: limits)
    let result = message.withUnsafeBytes { parser.parse($0) }
    return (result, parser.head)
}

/// Parses bytes as a response head at once.
func parseResponse(_ message: [UInt8], limits: HTTP1Limits = .standard) -> (HTTP1ParseResult, HTTP1ResponseHead) {
    var parser = HTTP1ResponseParser(limits: limits)
    let result = message.withUnsafeBytes { parser.parse($0) }
    return (result, parser.head)
}

/// The reason a request is refused for, or nil.
func refusal(_ message: String) -> HTTP1RefusalReason? {
    guard case .refused(let refusal) = parseRequest(bytes(message)).0 else { return nil }
    return refusal.reason
}

/// The head that goes upstream for a request, as text; nil when it is refused or incomplete.
func forwarded(_ message: String, host: String = "judged.test", allowsWebSocket: Bool = false) -> String? {
    let message = bytes(message)
    let (result, head) = parseRequest(message)
    guard case .complete = result else { return nil }
    let host = bytes(host)
    return host.withUnsafeBytes { host in
        message.withUnsafeBytes { message in
            let writer = HTTP1RequestWriter(host: host, announcesVia: false, allowsWebSocket: allowsWebSocket)
            var buffer = [UInt8](repeating: 0, count: writer.byteBound(head))
            return buffer.withUnsafeMutableBytes { writer.write(head, message: message, into: $0) }.map {
                String(decoding: buffer[..<$0], as: UTF8.self)
            }
        }
    }
}

/// What a body reader finds when the bytes arrive in pieces of the given size.
struct BodyReading: Equatable {
    var payload: [UInt8] = []
    var isDone = false
    var refusal: HTTP1RefusalReason?
    var rest = 0

    init(_ body: [UInt8], framing: HTTP1Framing, pieces: Int, limits: HTTP1Limits = .standard) {
        var reader = HTTP1BodyReader(framing: framing, limits: limits)
        var pending: [UInt8] = []
        var offset = 0
        while !isDone, refusal == nil {
            let end = min(offset + pieces, body.count)
            pending += body[offset..<end]
            let atEnd = end == body.count
            offset = end
            var wantsMore = false
            while !wantsMore, !isDone, refusal == nil {
                let step = pending.withUnsafeBytes { reader.read($0) }
                switch step {
                case .payload(let consumed, let count):
                    payload += pending[(consumed - count)..<consumed]
                    pending.removeFirst(consumed)
                case .needMore(let consumed):
                    pending.removeFirst(consumed)
                    wantsMore = true
                case .done(let consumed):
                    pending.removeFirst(consumed)
                    isDone = true
                    rest = pending.count + body.count - offset
                case .refused(let why): refusal = why.reason
                }
            }
            if atEnd, wantsMore {
                if let why = reader.end() { refusal = why.reason } else { isDone = true }
            }
        }
    }
}

/// A small pseudo-random generator (SplitMix64), so that random tests repeat.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
