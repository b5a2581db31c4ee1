// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A strict, resumable parser of HTTP/1 request heads (RFC 9112).
///
/// It looks at every byte once, whatever the pieces in which bytes arrive: each call gets the whole of what has been
/// received of this message, always beginning with the same first byte, and goes on where the last call stopped. It
/// keeps offsets only; the storage for fields is kept over ``reset()``, so a connection in steady state allocates
/// nothing.
///
/// Lines end in CRLF and nothing else; bytes of 0x80 and above (obs-text) are allowed only inside field values, where
/// they are opaque.
public struct HTTP1RequestParser: Sendable {
    private enum State {
        case emptyLines
        case method
        case target
        case version
        case fields
        case done
        case refused(HTTP1RefusalReason)
    }

    /// The limits in force.
    public let limits: HTTP1Limits

    /// The head. Meaningful after `.complete`.
    public private(set) var head = HTTP1RequestHead()

    private var state = State.emptyLines
    private var position = 0
    private var lineStart = 0
    private var emptyLines = 0
    private var scanner = HTTP1FieldScanner()

    /// A parser at the start of a message.
    public init(limits: HTTP1Limits = .standard) {
        self.limits = limits
    }

    /// Forgets the message, to read the next one on the same connection. Keeps the storage.
    public mutating func reset() {
        head.fields.reset()
        head.byteCount = 0
        state = .emptyLines
        position = 0
        lineStart = 0
        emptyLines = 0
    }

    /// Reads on. A refusal is final until ``reset()``.
    public mutating func parse(_ bytes: UnsafeRawBufferPointer) -> HTTP1ParseResult {
        guard let base = bytes.baseAddress else { return .needMore }
        while true {
            switch state {
            case .emptyLines, .method, .target, .version:
                let hardEnd = min(lineStart &+ limits.requestLineBytes, limits.headBytes)
                let end = min(bytes.count, hardEnd)
                guard position < end else {
                    guard position >= hardEnd else { return .needMore }
                    return refuse(.requestLineTooLong)
                }
                switch readRequestLine(base, to: end) {
                case .advanced: continue
                case .needMore where end == hardEnd: return refuse(.requestLineTooLong)
                case .needMore: return .needMore
                case .refused(let reason): return refuse(reason)
                }
            case .fields:
                switch scanner.scan(
                    bytes, into: &head.fields, section: .request, sectionLimit: limits.headBytes, limits: limits)
                {
                case .needMore: return .needMore
                case .refused(let reason): return refuse(reason)
                case .complete:
                    head.byteCount = scanner.position
                    if let reason = judge(bytes) { return refuse(reason) }
                    state = .done
                }
            case .done: return .complete(byteCount: head.byteCount)
            case .refused(let reason): return .refused(HTTP1Refusal(reason))
            }
        }
    }

    private mutating func refuse(_ reason: HTTP1RefusalReason) -> HTTP1ParseResult {
        state = .refused(reason)
        return .refused(HTTP1Refusal(reason))
    }

    private mutating func readRequestLine(_ base: UnsafeRawPointer, to end: Int) -> HTTP1ParseStep {
        switch state {
        case .emptyLines: readEmptyLine(base, to: end)
        case .method: readMethod(base, to: end)
        case .target: readTarget(base, to: end)
        default: readVersion(base, to: end)
        }
    }

    private mutating func readEmptyLine(_ base: UnsafeRawPointer, to end: Int) -> HTTP1ParseStep {
        switch base[position] {
        case 0x0d:
            guard position &+ 1 < end else { return .needMore }
            guard base[position &+ 1] == 0x0a else { return .refused(.bareCarriageReturn) }
            guard emptyLines < limits.leadingEmptyLines else { return .refused(.tooManyEmptyLines) }
            emptyLines &+= 1
            position &+= 2
            lineStart = position
        case 0x0a: return .refused(.bareLineFeed)
        default: state = .method
        }
        return .advanced
    }

    private mutating func readMethod(_ base: UnsafeRawPointer, to end: Int) -> HTTP1ParseStep {
        while position < end, ByteSet.token.contains(base[position]) {
            position &+= 1
            guard position &- lineStart <= limits.methodBytes else { return .refused(.methodTooLong) }
        }
        guard position < end else { return .needMore }
        guard base[position] == 0x20, position > lineStart else { return .refused(.badMethod) }
        head.methodRange = ByteRange(lineStart, position)
        head.method = HTTP1Method(UnsafeRawBufferPointer(start: base + lineStart, count: position &- lineStart))
        position &+= 1
        head.targetRange = ByteRange(position, position)
        state = .target
        return .advanced
    }

    private mutating func readTarget(_ base: UnsafeRawPointer, to end: Int) -> HTTP1ParseStep {
        while position < end, ByteSet.visible.contains(base[position]) { position &+= 1 }
        guard position < end else { return .needMore }
        let start = Int(head.targetRange.start)
        guard position > start, base[position] == 0x20 else { return .refused(.badTarget) }
        head.targetRange = ByteRange(start, position)
        position &+= 1
        state = .version
        return .advanced
    }

    private mutating func readVersion(_ base: UnsafeRawPointer, to end: Int) -> HTTP1ParseStep {
        let available = min(end &- position, HTTP1VersionText.byteCount &+ 2)
        let text = UnsafeRawBufferPointer(start: base + position, count: available)
        switch HTTP1VersionText.read(text) {
        case .malformed: return .refused(.badVersion)
        case .unsupported: return .refused(.unsupportedVersion)
        case .prefix: return .needMore
        case .version(let version):
            let end = HTTP1VersionText.byteCount
            guard available > end else { return .needMore }
            guard text[end] == 0x0d else { return .refused(text[end] == 0x0a ? .bareLineFeed : .badVersion) }
            guard available > end &+ 1 else { return .needMore }
            guard text[end &+ 1] == 0x0a else { return .refused(.bareCarriageReturn) }
            head.version = version
            position &+= end &+ 2
            scanner = HTTP1FieldScanner(at: position)
            state = .fields
            return .advanced
        }
    }

    /// The rules that need the whole head.
    private mutating func judge(_ bytes: UnsafeRawBufferPointer) -> HTTP1RefusalReason? {
        if head.fields.contains(.transferEncoding) {
            if head.fields.contains(.contentLength) { return .transferEncodingAndContentLength }
            if head.version == .http10 { return .transferEncodingInHTTP10 }
        }
        if head.version == .http11, !head.fields.contains(.host) { return .missingHost }
        if head.framing != .none {
            if head.method == .connect { return .connectBody }
            if head.method == .trace { return .traceBody }
        }
        switch RequestTarget.parse(head.targetRange, of: head.method, in: bytes) {
        case .success(let target):
            head.target = target
            guard let path = Self.path(of: target, method: head.method, in: bytes) else { return .badPath }
            head.path = path
            return nil
        case .failure(let reason): return reason
        }
    }

    private static func path(
        of target: RequestTarget, method: HTTP1Method, in bytes: UnsafeRawBufferPointer
    ) -> CanonicalPath? {
        switch target.form {
        case .asterisk: return .asterisk
        case .authority: return .root
        case .absolute where target.path.isEmpty:
            // RFC 9112 section 3.2.4: OPTIONS of a whole server goes on as asterisk-form.
            return method == .options && target.query == nil ? .asterisk : .root
        case .origin, .absolute: return CanonicalPath.parse(target.path, in: bytes)
        }
    }
}
