// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Finds the payload in the bytes of a message body, piece by piece, for every framing (RFC 9112 sections 6 and 7).
///
/// Call ``read(_:)`` with the bytes that were received and not yet consumed, drop `consumed` of them, and repeat
/// until it says `.needMore`, `.done` or `.refused`. It keeps no bytes; what it asks to see again is at most one
/// chunk-size line or one trailer section. Chunk extensions are checked, counted and dropped; trailer fields are checked
/// and can be asked for at the end.
public struct HTTP1BodyReader: Sendable {
    /// What the bytes hold.
    public enum Step: Sendable, Hashable {
        /// Payload: `count` bytes after `consumed - count` bytes of framing. Drop `consumed` bytes and read again.
        case payload(consumed: Int, count: Int)
        /// Framing or nothing: drop `consumed` bytes and come back with more behind the rest.
        case needMore(consumed: Int)
        /// The body is complete. Bytes after `consumed` belong to the next message.
        case done(consumed: Int)
        /// The body must not be forwarded further; both connections are to be closed.
        case refused(HTTP1Refusal)
    }

    private enum State {
        case counted(UInt64)
        case untilClose
        case chunkLine
        case chunkData(UInt64)
        case chunkEnd
        case trailers
        case done
        case refused(HTTP1RefusalReason)
    }

    private var state: State
    private var line = HTTP1ChunkLine()
    private var extensionBytes = 0
    private var trailers = HTTP1FieldScanner()
    private var trailerFields = HTTP1Fields()
    private let limits: HTTP1Limits
    private let message: HTTP1Refusal.Message

    /// A reader at the start of a body.
    public init(
        framing: HTTP1Framing, limits: HTTP1Limits = .standard, message: HTTP1Refusal.Message = .request
    ) {
        self.limits = limits
        self.message = message
        switch framing {
        case .none: state = .done
        case .contentLength(let length): state = length == 0 ? .done : .counted(length)
        case .chunked: state = .chunkLine
        case .untilClose: state = .untilClose
        }
    }

    /// True when the whole body has been read.
    public var isDone: Bool {
        if case .done = state { return true }
        return false
    }

    /// Finds the next piece.
    public mutating func read(_ bytes: UnsafeRawBufferPointer) -> Step {
        var position = 0
        while true {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[position...])
            switch state {
            case .counted(let remaining):
                guard !rest.isEmpty else { return .needMore(consumed: position) }
                let count = min(remaining, UInt64(rest.count))
                state = remaining == count ? .done : .counted(remaining &- count)
                return .payload(consumed: position &+ Int(count), count: Int(count))
            case .untilClose:
                guard !rest.isEmpty else { return .needMore(consumed: position) }
                return .payload(consumed: position &+ rest.count, count: rest.count)
            case .chunkLine:
                switch line.read(rest, limits: limits) {
                case .needMore: return .needMore(consumed: position)
                case .refused(let reason): return refuse(reason)
                case .line(let size, let byteCount, let extensions):
                    extensionBytes &+= extensions
                    guard extensionBytes <= limits.chunkExtensionBytes else { return refuse(.chunkExtensionsTooLarge) }
                    line = HTTP1ChunkLine()
                    position &+= byteCount
                    state = size == 0 ? .trailers : .chunkData(size)
                }
            case .chunkData(let remaining):
                guard !rest.isEmpty else { return .needMore(consumed: position) }
                let count = min(remaining, UInt64(rest.count))
                state = remaining == count ? .chunkEnd : .chunkData(remaining &- count)
                return .payload(consumed: position &+ Int(count), count: Int(count))
            case .chunkEnd:
                if let first = rest.first, first != 0x0d { return refuse(.badChunk) }
                guard rest.count >= 2 else { return .needMore(consumed: position) }
                guard rest[1] == 0x0a else { return refuse(.badChunk) }
                position &+= 2
                state = .chunkLine
            case .trailers:
                switch trailers.scan(
                    rest, into: &trailerFields, section: .trailer, sectionLimit: limits.trailerBytes, limits: limits)
                {
                case .needMore: return .needMore(consumed: position)
                case .refused(let reason): return refuse(reason)
                case .complete:
                    position &+= trailers.position
                    state = .done
                }
            case .done: return .done(consumed: position)
            case .refused(let reason): return .refused(HTTP1Refusal(reason, in: message))
            }
        }
    }

    /// The trailer fields that mean nothing to a gateway, right after ``read(_:)`` said that the body is complete.
    ///
    /// - Parameters:
    ///   - bytes: What it was given.
    ///   - consumed: What it said.
    public func trailers(in bytes: UnsafeRawBufferPointer, consumed: Int) -> [TrailerField] {
        guard !trailerFields.all.isEmpty, consumed >= trailers.position, consumed <= bytes.count else { return [] }
        let section = UnsafeRawBufferPointer(rebasing: bytes[(consumed &- trailers.position)..<consumed])
        return trailerFields.all.compactMap { field in
            guard field.knownName == .other,
                let value = String(validating: field.value.slice(of: section), as: UTF8.self)
            else { return nil }
            return TrailerField(name: field.name.text(in: section).lowercased(), value: value)
        }
    }

    /// Tells that the connection ended. Nil when the body is complete, else why it is not.
    public mutating func end() -> HTTP1Refusal? {
        switch state {
        case .done: return nil
        case .untilClose:
            state = .done
            return nil
        case .refused(let reason): return HTTP1Refusal(reason, in: message)
        default:
            state = .refused(.truncated)
            return HTTP1Refusal(.truncated, in: message)
        }
    }

    private mutating func refuse(_ reason: HTTP1RefusalReason) -> Step {
        state = .refused(reason)
        return .refused(HTTP1Refusal(reason, in: message))
    }
}
