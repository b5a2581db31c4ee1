// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A request-target in its parts (RFC 9112 section 3.2), as offsets into the head.
///
/// The host is checked for shape only; `Addresses` decides what it names. The path is checked and made canonical by
/// ``CanonicalPath``.
public struct RequestTarget: Sendable, Hashable {
    /// The four forms.
    public enum Form: UInt8, Sendable, Hashable {
        /// `/path?query`: a request to the gate itself or to the virtual host that `Host` names.
        case origin
        /// `http://host:port/path?query`: a request to be forwarded.
        case absolute
        /// `host:port`: CONNECT.
        case authority
        /// `*`: OPTIONS about the server.
        case asterisk
    }

    /// Which form.
    public internal(set) var form = Form.origin

    /// Where the host is, with the brackets of an IPv6 literal; empty in origin-form and asterisk-form.
    public internal(set) var host = ByteRange.empty

    /// The port of authority-form and absolute-form (80 when absent there), else 0.
    public internal(set) var port: UInt16 = 0

    /// Where the path is as received; empty in authority-form and when an absolute target has none.
    public internal(set) var path = ByteRange.empty

    /// Where the query is, without `?`; nil when there is no `?`.
    public internal(set) var query: ByteRange?

    init() {}

    /// The parts of the target in `range`, or why it is refused.
    static func parse(
        _ range: ByteRange, of method: HTTP1Method, in bytes: UnsafeRawBufferPointer
    ) -> Result<RequestTarget, HTTP1RefusalReason> {
        let text = range.slice(of: bytes)
        guard let first = text.first else { return .failure(.badTarget) }
        var target = RequestTarget()
        let start = Int(range.start)
        if method == .connect {
            return connect(text, start: start)
        }
        if first == 0x2a {
            guard text.count == 1, method == .options else { return .failure(.badTarget) }
            target.form = .asterisk
            return .success(target)
        }
        var pathStart = 0
        if first != 0x2f {
            target.form = .absolute
            switch target.parseAuthority(text, start: start) {
            case .failure(let reason): return .failure(reason)
            case .success(let end): pathStart = end
            }
        }
        var position = pathStart
        while position < text.count, text[position] != 0x3f {
            guard ByteSet.path.contains(text[position]) || text[position] == 0x2f || text[position] == 0x25 else {
                return .failure(.badPath)
            }
            position &+= 1
        }
        target.path = ByteRange(start &+ pathStart, start &+ position)
        if position < text.count {
            let query = UnsafeRawBufferPointer(rebasing: text[(position &+ 1)...])
            guard isQuery(query) else { return .failure(.badQuery) }
            target.query = ByteRange(start &+ position &+ 1, start &+ text.count)
        }
        return .success(target)
    }

    private static func connect(_ text: UnsafeRawBufferPointer, start: Int) -> Result<RequestTarget, HTTP1RefusalReason>
    {
        guard !text.contains(where: { $0 == 0x2f || $0 == 0x3f || $0 == 0x23 }) else { return .failure(.badTarget) }
        guard !text.contains(0x40) else { return .failure(.userInformation) }
        switch HTTP1Authority.split(text) {
        case .failure(let reason): return .failure(reason)
        case .success(let parts):
            guard let port = parts.port else { return .failure(.badPort) }
            var target = RequestTarget()
            target.form = .authority
            target.host = ByteRange(start, start &+ parts.hostCount)
            target.port = port
            return .success(target)
        }
    }

    /// Reads `http://host[:port]` and gives the offset behind it.
    private mutating func parseAuthority(
        _ text: UnsafeRawBufferPointer, start: Int
    ) -> Result<Int, HTTP1RefusalReason> {
        guard ByteScan.hasPrefixIgnoringCase(text, "http://") else {
            let colon = text.firstIndex(of: 0x3a)
            return .failure(colon == nil || colon == 0 ? .badTarget : .badScheme)
        }
        let authorityStart = 7
        var end = authorityStart
        var hasUserInformation = false
        while end < text.count, text[end] != 0x2f, text[end] != 0x3f, text[end] != 0x23 {
            if text[end] == 0x40 { hasUserInformation = true }
            end &+= 1
        }
        if hasUserInformation { return .failure(.userInformation) }
        switch HTTP1Authority.split(UnsafeRawBufferPointer(rebasing: text[authorityStart..<end])) {
        case .failure(let reason): return .failure(reason)
        case .success(let parts):
            host = ByteRange(start &+ authorityStart, start &+ authorityStart &+ parts.hostCount)
            port = parts.port ?? 80
            return .success(end)
        }
    }

    /// RFC 3986 section 3.4: allowed bytes, and `%` only before two hexadecimal digits.
    private static func isQuery(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var position = 0
        while position < bytes.count {
            if bytes[position] == 0x25 {
                guard bytes.count &- position > 2, ByteSet.hexadecimal.contains(bytes[position &+ 1]),
                    ByteSet.hexadecimal.contains(bytes[position &+ 2])
                else { return false }
                position &+= 3
            } else {
                guard ByteSet.query.contains(bytes[position]) else { return false }
                position &+= 1
            }
        }
        return true
    }
}
