// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Judges the frames of one direction of a WebSocket (RFC 6455 section 5), without extensions.
///
/// Payloads are not kept: data passes as it comes once the head of its frame was judged. A frame that closes is judged as a
/// whole, because its code is.
public struct WebSocketFrameReader: Sendable {
    /// Who sends.
    public enum Sender: Sendable {
        /// The client, who masks.
        case client
        /// The server, who does not.
        case server
    }

    /// What was read.
    public struct Step: Sendable, Hashable {
        /// So many bytes from the beginning may pass; the rest is to be shown again with more behind it.
        public var passed = 0
        /// Whether what follows them breaks the protocol: nothing more may pass.
        public var isBroken = false

        /// So many bytes pass.
        public init(passed: Int = 0, isBroken: Bool = false) {
            self.passed = passed
            self.isBroken = isBroken
        }
    }

    private let sender: Sender
    /// Bytes of the present frame's payload that are still to come.
    private var remaining: UInt64 = 0
    /// Whether a message has begun and its last fragment has not come.
    private var isFragmented = false
    private var isClosed = false

    /// A reader at the beginning of a connection.
    public init(from sender: Sender) { self.sender = sender }

    /// Reads as far as the bytes go.
    public mutating func read(_ bytes: UnsafeRawBufferPointer) -> Step {
        var step = Step()
        while step.passed < bytes.count {
            if remaining > 0 {
                let count = min(remaining, UInt64(bytes.count &- step.passed))
                remaining &-= count
                step.passed &+= Int(count)
                continue
            }
            guard !isClosed else {
                step.isBroken = true
                return step
            }
            let rest = UnsafeRawBufferPointer(rebasing: bytes[step.passed...])
            switch Head(rest, from: sender) {
            case .needMore: return step
            case .broken:
                step.isBroken = true
                return step
            case .head(let head):
                guard follows(head) else {
                    step.isBroken = true
                    return step
                }
                if head.opcode == Opcode.close {
                    let end = head.byteCount &+ Int(head.length)
                    guard rest.count >= end else { return step }
                    guard Self.isCloseBody(UnsafeRawBufferPointer(rebasing: rest[head.byteCount..<end]), head.mask)
                    else {
                        step.isBroken = true
                        return step
                    }
                    isClosed = true
                    step.passed &+= end
                    continue
                }
                if head.opcode < Opcode.close { isFragmented = !head.isFinal }
                remaining = head.length
                step.passed &+= head.byteCount
            }
        }
        return step
    }

    /// Whether a frame may come now.
    private func follows(_ head: Frame) -> Bool {
        switch head.opcode {
        case Opcode.continuation: isFragmented
        case Opcode.text, Opcode.binary: !isFragmented
        case Opcode.close, Opcode.ping, Opcode.pong: true
        default: false
        }
    }

    /// A status code that may stand on the wire, behind it a reason; or nothing (RFC 6455 sections 5.5.1 and 7.4).
    private static func isCloseBody(_ body: UnsafeRawBufferPointer, _ mask: UInt32) -> Bool {
        if body.isEmpty { return true }
        guard body.count >= 2 else { return false }
        let first = body[0] ^ UInt8(truncatingIfNeeded: mask &>> 24)
        let second = body[1] ^ UInt8(truncatingIfNeeded: mask &>> 16)
        switch UInt16(first) &<< 8 | UInt16(second) {
        case 1000...1003, 1007...1014, 3000...4999: return true
        default: return false
        }
    }

    private enum Opcode {
        static let continuation: UInt8 = 0
        static let text: UInt8 = 1
        static let binary: UInt8 = 2
        static let close: UInt8 = 8
        static let ping: UInt8 = 9
        static let pong: UInt8 = 10
    }

    private struct Frame {
        let isFinal: Bool
        let opcode: UInt8
        let length: UInt64
        let mask: UInt32
        let byteCount: Int
    }

    private enum Head {
        case needMore
        case broken
        case head(Frame)

        init(_ bytes: UnsafeRawBufferPointer, from sender: Sender) {
            guard bytes.count >= 2 else {
                self = .needMore
                return
            }
            let isFinal = bytes[0] & 0x80 != 0
            let opcode = bytes[0] & 0x0F
            let isMasked = bytes[1] & 0x80 != 0
            let short = bytes[1] & 0x7F
            let isControl = opcode >= Opcode.close
            guard bytes[0] & 0x70 == 0, isMasked == (sender == .client), !isControl || isFinal && short <= 125 else {
                self = .broken
                return
            }
            let lengthBytes = short == 126 ? 2 : short == 127 ? 8 : 0
            let count = 2 &+ lengthBytes &+ (isMasked ? 4 : 0)
            guard bytes.count >= count else {
                self = .needMore
                return
            }
            var length = UInt64(short)
            if lengthBytes > 0 {
                length = bytes[2..<(2 &+ lengthBytes)].reduce(0) { $0 &<< 8 | UInt64($1) }
                // The shortest form that holds it, and no sign.
                guard lengthBytes == 2 ? length > 125 : length > 0xFFFF && length >> 63 == 0 else {
                    self = .broken
                    return
                }
            }
            var mask: UInt32 = 0
            if isMasked { mask = bytes[(count &- 4)..<count].reduce(0) { $0 &<< 8 | UInt32($1) } }
            self = .head(Frame(isFinal: isFinal, opcode: opcode, length: length, mask: mask, byteCount: count))
        }
    }
}
