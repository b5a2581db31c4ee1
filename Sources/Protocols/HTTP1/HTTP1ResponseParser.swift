// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A strict, resumable parser of HTTP/1 response heads (RFC 9112), with the same manners as ``HTTP1RequestParser``.
public struct HTTP1ResponseParser: Sendable {
    private enum State {
        case statusLine
        case reasonPhrase
        case statusLineEnd
        case fields
        case done
        case refused(HTTP1RefusalReason)
    }

    /// The limits in force.
    public let limits: HTTP1Limits

    /// The head. Meaningful after `.complete`.
    public private(set) var head = HTTP1ResponseHead()

    private var state = State.statusLine
    private var position = 0
    private var scanner = HTTP1FieldScanner()

    /// A parser at the start of a response.
    public init(limits: HTTP1Limits = .standard) {
        self.limits = limits
    }

    /// Forgets the response, to read the next one on the same connection. Keeps the storage.
    public mutating func reset() {
        head.fields.reset()
        head.byteCount = 0
        state = .statusLine
        position = 0
    }

    /// Reads on. A refusal is final until ``reset()``.
    public mutating func parse(_ bytes: UnsafeRawBufferPointer) -> HTTP1ParseResult {
        guard let base = bytes.baseAddress else { return .needMore }
        while true {
            switch state {
            case .statusLine, .reasonPhrase, .statusLineEnd:
                let hardEnd = min(limits.requestLineBytes, limits.headBytes)
                let end = min(bytes.count, hardEnd)
                switch position < end ? readStatusLine(base, to: end) : .needMore {
                case .advanced: continue
                case .refused(let reason): return refuse(reason)
                case .needMore: return end == hardEnd ? refuse(.headTooLarge) : .needMore
                }
            case .fields:
                switch scanner.scan(
                    bytes, into: &head.fields, section: .response, sectionLimit: limits.headBytes, limits: limits)
                {
                case .needMore: return .needMore
                case .refused(let reason): return refuse(reason)
                case .complete:
                    head.byteCount = scanner.position
                    if let reason = judge() { return refuse(reason) }
                    state = .done
                }
            case .done: return .complete(byteCount: head.byteCount)
            case .refused(let reason): return .refused(HTTP1Refusal(reason, in: .response))
            }
        }
    }

    private mutating func refuse(_ reason: HTTP1RefusalReason) -> HTTP1ParseResult {
        state = .refused(reason)
        return .refused(HTTP1Refusal(reason, in: .response))
    }

    private mutating func readStatusLine(_ base: UnsafeRawPointer, to end: Int) -> HTTP1ParseStep {
        switch state {
        case .statusLine: return readVersionAndStatus(base, to: end)
        case .reasonPhrase:
            position = ByteScan.firstControl(base, from: position, to: end)
            guard position < end else { return .needMore }
            switch base[position] {
            case 0x09: break
            case 0x0d:
                let start = min(Int(head.reasonPhrase.start), position)
                head.reasonPhrase = ByteRange(start, position)
                state = .statusLineEnd
            case 0x0a: return .refused(.bareLineFeed)
            case 0x00: return .refused(.nulByte)
            default: return .refused(.badStatusLine)
            }
            position &+= 1
            return .advanced
        default:
            guard base[position] == 0x0a else { return .refused(.bareCarriageReturn) }
            position &+= 1
            scanner = HTTP1FieldScanner(at: position)
            state = .fields
            return .advanced
        }
    }

    /// Reads `HTTP/1.1 200` and the byte behind it, a space or the CR of a line without reason phrase.
    private mutating func readVersionAndStatus(_ base: UnsafeRawPointer, to end: Int) -> HTTP1ParseStep {
        let text = UnsafeRawBufferPointer(start: base, count: min(end, 13))
        switch HTTP1VersionText.read(UnsafeRawBufferPointer(rebasing: text.prefix(HTTP1VersionText.byteCount))) {
        case .malformed, .unsupported: return .refused(.badStatusLine)
        case .prefix: return .needMore
        case .version(let version): head.version = version
        }
        var status: UInt16 = 0
        for index in HTTP1VersionText.byteCount..<text.count {
            let byte = text[index]
            switch index {
            case 8: guard byte == 0x20 else { return .refused(.badStatusLine) }
            case 9: guard byte &- 0x31 < 5 else { return .refused(.badStatusLine) }
            case 10, 11: guard byte &- 0x30 < 10 else { return .refused(.badStatusLine) }
            default: guard byte == 0x20 || byte == 0x0d else { return .refused(.badStatusLine) }
            }
            if index > 8, index < 12 { status = status &* 10 &+ UInt16(byte &- 0x30) }
        }
        guard text.count == 13 else { return .needMore }
        head.status = status
        position = text[12] == 0x20 ? 13 : 12
        head.reasonPhrase = ByteRange(position, position)
        state = .reasonPhrase
        return .advanced
    }

    /// The rules that need the whole head.
    private func judge() -> HTTP1RefusalReason? {
        guard head.fields.contains(.transferEncoding) else { return nil }
        if head.fields.contains(.contentLength) { return .transferEncodingAndContentLength }
        return head.version == .http10 ? .transferEncodingInHTTP10 : nil
    }
}
