// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Turns the header list of an HTTP/2 request into the bytes of the equivalent HTTP/1.1 head (RFC 9113 sections 8.2 and
/// 8.3), so that ``HTTP1RequestParser`` judges requests of both versions by one set of rules.
///
/// What only HTTP/2 forbids is refused here, and so is every byte that would mean something else in HTTP/1. Give it the
/// list in its order with ``add(name:value:)``, then call ``finish(endStream:)``. The storage is kept over ``reset()``, so
/// a connection in steady state allocates nothing.
public struct HTTP2RequestTranslator: Sendable {
    /// The limits in force: `headBytes` for all that is kept, `headerCount` for the list.
    public let limits: HTTP1Limits

    /// What `:scheme` may be.
    public let schemes: HTTP2Schemes

    /// The head. Meaningful after ``finish(endStream:)`` gave nil.
    public private(set) var message: [UInt8] = []

    private var refusal: HTTP1RefusalReason?
    private var count = 0
    private var byteCount = 0
    private var isInFields = false

    /// Values of pseudo-header fields, one behind the other, and of cookies.
    private var values: [UInt8] = []
    private var method: ByteRange?
    private var scheme: ByteRange?
    private var authority: ByteRange?
    private var path: ByteRange?
    private var cookies: [UInt8] = []
    private var hasHost = false
    private var contentLength: UInt64?

    /// A translator at the start of a header list.
    public init(limits: HTTP1Limits = .standard, schemes: HTTP2Schemes = .all) {
        self.limits = limits
        self.schemes = schemes
    }

    /// Forgets the list, to read the next one. Keeps the storage.
    public mutating func reset() {
        message.removeAll(keepingCapacity: true)
        values.removeAll(keepingCapacity: true)
        cookies.removeAll(keepingCapacity: true)
        refusal = nil
        count = 0
        byteCount = 0
        isInFields = false
        (method, scheme, authority, path) = (nil, nil, nil, nil)
        hasHost = false
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
            guard !isInFields, addPseudo(name, value) else { return refuse(.badPseudoField) }
        } else {
            beginFields()
            addField(name, value)
        }
    }

    /// Ends the list. Returns why the request is refused, or nil when ``message`` holds its head.
    ///
    /// - Parameter endStream: Whether the request ends with its head.
    public mutating func finish(endStream: Bool) -> HTTP1RefusalReason? {
        beginFields()
        if let refusal { return refusal }
        if !cookies.isEmpty {
            append("cookie: ")
            message.append(contentsOf: cookies)
            append("\r\n")
        }
        if let contentLength {
            if endStream, contentLength > 0 {
                refuse(.badContentLength)
                return refusal
            }
        } else if !endStream {
            append("transfer-encoding: chunked\r\n")
        }
        append("\r\n")
        return nil
    }

    private mutating func refuse(_ reason: HTTP1RefusalReason) { refusal = refusal ?? reason }

    // MARK: Pseudo-header fields

    /// Keeps one. Returns false when it is unknown or repeated.
    private mutating func addPseudo(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Bool {
        let range = ByteRange(values.count, values.count &+ value.count)
        if ByteScan.equals(name, ":method") {
            guard method == nil else { return false }
            method = range
        } else if ByteScan.equals(name, ":path") {
            guard path == nil else { return false }
            path = range
        } else if ByteScan.equals(name, ":scheme") {
            guard scheme == nil else { return false }
            scheme = range
        } else if ByteScan.equals(name, ":authority") {
            guard authority == nil else { return false }
            authority = range
        } else {
            return false
        }
        values.append(contentsOf: value)
        return true
    }

    /// Writes the request line, and `host` when the list names the authority.
    private mutating func beginFields() {
        guard !isInFields, refusal == nil else { return }
        isInFields = true
        if let reason = values.withUnsafeBytes({ writeRequestLine($0, to: &message) }) { refuse(reason) }
    }

    private func writeRequestLine(_ values: UnsafeRawBufferPointer, to message: inout [UInt8]) -> HTTP1RefusalReason? {
        guard let method = method?.slice(of: values) else { return .badPseudoField }
        for byte in method where !ByteSet.token.contains(byte) { return .badMethod }
        guard !method.isEmpty else { return .badMethod }
        guard !ByteScan.equals(method, "CONNECT") else { return .connectNotOffered }
        guard let scheme = scheme?.slice(of: values), let path = path?.slice(of: values) else { return .badPseudoField }
        guard schemes.contain(scheme) else { return .badScheme }
        guard path.first == 0x2f || (ByteScan.equals(path, "*") && ByteScan.equals(method, "OPTIONS")) else {
            return .badTarget
        }
        for byte in path where !ByteSet.visible.contains(byte) { return .badTarget }
        Self.append(method, to: &message)
        Self.append(" ", to: &message)
        Self.append(path, to: &message)
        Self.append(" HTTP/1.1\r\n", to: &message)
        guard let authority = authority?.slice(of: values) else { return nil }
        guard !authority.isEmpty else { return .badAuthority }
        guard !authority.contains(0x40) else { return .userInformation }
        for byte in authority where !ByteSet.visible.contains(byte) { return .badAuthority }
        Self.append("host: ", to: &message)
        Self.append(authority, to: &message)
        Self.append("\r\n", to: &message)
        return nil
    }

    // MARK: Fields

    private mutating func addField(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
        switch HTTP2Field.judge(name: name, value: value) {
        case .failure(let reason): refuse(reason)
        case .success(.host): addHost(name, value)
        case .success(.contentLength):
            guard contentLength == nil else { return refuse(.duplicateContentLength) }
            guard let length = ByteScan.decimal(value) else { return refuse(.badContentLength) }
            contentLength = length
            write(name, value)
        case .success(.other) where ByteScan.equals(name, "cookie"):
            // One field in HTTP/1 (RFC 9113 section 8.2.3).
            guard !value.isEmpty else { return }
            if !cookies.isEmpty { Self.append("; ", to: &cookies) }
            Self.append(value, to: &cookies)
        case .success: write(name, value)
        }
    }

    /// `host` says what `:authority` says, or stands for it.
    private mutating func addHost(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
        guard !hasHost else { return refuse(.duplicateHost) }
        hasHost = true
        guard let authority else { return write(name, value) }
        let isSame = values.withUnsafeBytes { ByteScan.equalsIgnoringCase(authority.slice(of: $0), value) }
        if !isSame { refuse(.authorityMismatch) }
    }

    // MARK: Bytes

    private mutating func write(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
        Self.append(name, to: &message)
        Self.append(": ", to: &message)
        Self.append(value, to: &message)
        Self.append("\r\n", to: &message)
    }

    private mutating func append(_ literal: StaticString) { Self.append(literal, to: &message) }

    private static func append(_ literal: StaticString, to bytes: inout [UInt8]) {
        append(UnsafeRawBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount), to: &bytes)
    }

    private static func append(_ part: UnsafeRawBufferPointer, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: part)
    }
}
