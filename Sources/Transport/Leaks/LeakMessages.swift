// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Decision
internal import LeakDetection
package import NIOCore
internal import Protocols

/// One direction of a WebSocket whose messages are looked through before they pass.
///
/// The bytes of a message are held until it is complete. A message of which more than ``longest`` bytes are there passes
/// piece by piece from then on, each looked through before it does.
package struct LeakMessages: Sendable {
    /// What may pass, and what was found.
    package struct Step {
        /// Nothing of it may pass when the verdict is a denial.
        package var bytes: ByteBuffer
        /// `nil` when nothing was found.
        package var verdict: LeakVerdict?
        /// Whether the bytes break the protocol of WebSockets.
        package var isBroken = false
    }

    /// Bytes of a message that are held at most.
    private static let longest = 64 << 10

    private let matcher: LeakMatcher
    private let surface: LeakSurface
    private let rules: LeakRules
    private let isEnforced: Bool
    private let sender: WebSocketFrameReader.Sender
    private var frames: WebSocketFrameReader
    /// Bytes of a head that is not complete.
    private var unread = ByteBuffer()
    /// Bytes that were judged and looked through, and wait for the end of their message.
    private var held = ByteBuffer()
    private var scanner: LeakScanner
    /// What the messages form when nothing stands between them.
    private var texts: JoinedTexts
    /// The payload of the present message, as far as it is kept.
    private var message: [UInt8] = []
    private var frame = Frame()

    private struct Frame {
        var remaining: UInt64 = 0
        var mask: [UInt8] = []
        var position = 0
        var isControl = false
        var isFinal = true
        var isOpen = false
    }

    init(
        _ matcher: LeakMatcher, on surface: LeakSurface, _ rules: LeakRules, from sender: WebSocketFrameReader.Sender,
        isEnforced: Bool
    ) {
        self.matcher = matcher
        self.surface = surface
        self.rules = rules
        self.isEnforced = isEnforced
        self.sender = sender
        frames = WebSocketFrameReader(from: sender)
        scanner = LeakScanner(matcher)
        texts = JoinedTexts(matcher)
    }

    /// Takes the next bytes.
    mutating func take(_ bytes: ByteBuffer) -> Step {
        var bytes = bytes
        unread.writeBuffer(&bytes)
        let step = unread.withUnsafeReadableBytes { frames.read($0) }
        var verdict = LeakVerdict(isEnforced: isEnforced, rules: rules)
        var passed = ByteBuffer()
        if let judged = unread.readSlice(length: step.passed) { look(through: judged, into: &passed, &verdict) }
        unread.discardReadBytes()
        return Step(bytes: passed, verdict: verdict.isEmpty ? nil : verdict, isBroken: step.isBroken)
    }

    /// Goes through bytes that the reader of frames has let pass: heads come whole.
    private mutating func look(through bytes: ByteBuffer, into passed: inout ByteBuffer, _ verdict: inout LeakVerdict) {
        var bytes = bytes
        while bytes.readableBytes > 0 {
            if !frame.isOpen {
                let before = bytes
                guard open(&bytes) else { return }
                if let head = before.getSlice(
                    at: before.readerIndex, length: before.readableBytes &- bytes.readableBytes)
                {
                    held.writeImmutableBuffer(head)
                }
            }
            let count = Int(min(frame.remaining, UInt64(bytes.readableBytes)))
            if count > 0, let piece = bytes.readSlice(length: count) {
                add(unmasked(piece), &verdict)
                held.writeImmutableBuffer(piece)
                frame.remaining &-= UInt64(count)
            }
            if frame.remaining == 0 { close(&verdict) }
            if !frame.isOpen && frame.isFinal || held.readableBytes > Self.longest {
                passed.writeBuffer(&held)
                held.clear()
            }
        }
    }

    private mutating func open(_ bytes: inout ByteBuffer) -> Bool {
        guard let first = bytes.readInteger(as: UInt8.self), let second = bytes.readInteger(as: UInt8.self) else {
            return false
        }
        let isControl = first & 0x08 != 0
        let short = second & 0x7F
        var length = UInt64(short)
        if short == 126 { length = bytes.readInteger(as: UInt16.self).map(UInt64.init) ?? 0 }
        if short == 127 { length = bytes.readInteger(as: UInt64.self) ?? 0 }
        frame.mask = second & 0x80 != 0 ? bytes.readBytes(length: 4) ?? [] : []
        frame.position = 0
        frame.remaining = length
        frame.isControl = isControl
        // A control frame between the fragments of a message says nothing of its end.
        if !isControl { frame.isFinal = first & 0x80 != 0 }
        frame.isOpen = true
        return true
    }

    private mutating func unmasked(_ piece: ByteBuffer) -> [UInt8] {
        var payload = Array(piece.readableBytesView)
        guard frame.mask.count == 4 else { return payload }
        for index in payload.indices {
            payload[index] ^= frame.mask[frame.position & 3]
            frame.position &+= 1
        }
        return payload
    }

    private mutating func add(_ payload: [UInt8], _ verdict: inout LeakVerdict) {
        if frame.isControl {
            note(matcher.inspect(payload, on: surface).findings, &verdict)
            note(texts.take(message: payload), &verdict)
            return
        }
        note(scanner.scan(payload), &verdict)
        if message.count < Self.longest { message += payload }
    }

    /// The present frame is complete, and with it perhaps its message.
    private mutating func close(_ verdict: inout LeakVerdict) {
        frame.isOpen = false
        guard frame.isFinal, !frame.isControl else { return }
        note(scanner.finish(), &verdict)
        scanner = LeakScanner(matcher)
        note(texts.take(message: message), &verdict)
        message.removeAll(keepingCapacity: true)
    }

    private func note(_ findings: [LeakFinding], _ verdict: inout LeakVerdict) {
        for finding in findings {
            // What would have to be taken out stays where it is.
            let action = rules.action(for: finding.kind, on: surface)
            verdict.add(finding, surface, atLeast: action == .redact ? .deny : action)
        }
    }
}

extension LeakMessages: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// What it looks through.
    package var description: String { "LeakMessages(\(surface.rawValue))" }

    /// The same.
    package var debugDescription: String { description }

    /// Nothing to look into: what is held may hold a secret.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
