// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Turns the header list of an HTTP/2 response into the bytes of the equivalent HTTP/1.1 head (RFC 9113 section 8.3.2),
/// so that ``HTTP1ResponseParser`` judges responses of both versions by one set of rules.
///
/// What only HTTP/2 forbids is refused here. Give it the list in its order with ``add(name:value:)``, then call
/// ``finish(endStream:hasBody:)``. The storage is kept over ``reset()``.
public struct HTTP2ResponseTranslator: Sendable {
    /// The limits in force: `headBytes` for all that is kept, `headerCount` for the list.
    public let limits: HTTP1Limits

    /// The head. Meaningful after ``finish(endStream:hasBody:)`` gave nil.
    public private(set) var message: [UInt8] = []

    private var refusal: HTTP1RefusalReason?
    private var count = 0
    private var byteCount = 0
    private var status = 0
    private var contentLength: UInt64?

    /// A translator at the start of a header list.
    public init(limits: HTTP1Limits = .standard) { self.limits = limits }

    /// Forgets the list, to read the next one. Keeps the storage.
    public mutating func reset() {
        message.removeAll(keepingCapacity: true)
        refusal = nil
        count = 0
        byteCount = 0
        status = 0
        contentLength = nil
    }

    /// Takes the next field of the list. Nothing is taken any more after one that is refused.
    public mutating func add(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) {
        guard refusal == nil else { return }
        count &+= 1
        byteCount &+= name.count &+ value.count &+ 4
        guard byteCount <= limits.headBytes else { return refuse(.headTooLarge) }
        guard count <= limits.headerCount else { return refuse(.tooManyFields) }
        if name.first == 0x3a {
            // The one pseudo-header field of a response stands before all fields.
            guard count == 1, ByteScan.equals(name, ":status") else { return refuse(.badPseudoField) }
            addStatus(value)
        } else {
            guard status != 0 else { return refuse(.badPseudoField) }
            addField(name, value)
        }
    }

    /// Ends the list. Returns why the response is refused, or nil when ``message`` holds its head.
    ///
    /// - Parameters:
    ///   - endStream: Whether the response ends with its head.
    ///   - hasBody: Whether a response to this request may have a body; false for HEAD.
    public mutating func finish(endStream: Bool, hasBody: Bool) -> HTTP1RefusalReason? {
        if let refusal { return refusal }
        guard status != 0 else { return .badPseudoField }
        if status < 200 {
            // Another head must follow.
            if endStream { return .truncated }
        } else if hasBody, status != 204, status != 304 {
            if let contentLength {
                if endStream, contentLength > 0 { return .badContentLength }
            } else {
                append(endStream ? "content-length: 0\r\n" : "transfer-encoding: chunked\r\n")
            }
        }
        append("\r\n")
        return nil
    }

    private mutating func refuse(_ reason: HTTP1RefusalReason) { refusal = refusal ?? reason }

    private mutating func addStatus(_ value: UnsafeRawBufferPointer) {
        guard value.count == 3 else { return refuse(.badStatusLine) }
        for byte in value {
            guard byte &- 0x30 < 10 else { return refuse(.badStatusLine) }
            status = status &* 10 &+ Int(byte &- 0x30)
        }
        guard status >= 100, status < 600 else { return refuse(.badStatusLine) }
        append("HTTP/1.1 ")
        message.append(contentsOf: value)
        append(" \r\n")
    }

    private mutating func addField(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
        switch HTTP2Field.judge(name: name, value: value) {
        case .failure(let reason): return refuse(reason)
        case .success(.contentLength):
            guard contentLength == nil else { return refuse(.duplicateContentLength) }
            guard let length = ByteScan.decimal(value) else { return refuse(.badContentLength) }
            contentLength = length
        case .success: break
        }
        message.append(contentsOf: name)
        append(": ")
        message.append(contentsOf: value)
        append("\r\n")
    }

    private mutating func append(_ literal: StaticString) {
        message.append(contentsOf: UnsafeRawBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
    }
}
