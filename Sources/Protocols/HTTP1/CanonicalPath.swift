// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A path in the one form in which it is judged and forwarded.
///
/// Unreserved characters are decoded, other percent-encodings written with upper-case digits (RFC 3986 section
/// 6.2.2), empty segments removed and dot segments resolved, those with path parameters (`..;x`) included. Refused
/// are encodings whose meaning depends on the server: control characters, backslashes, octets that are not UTF-8, dot
/// segments behind an encoded slash, and `%25` before something that a second decoding would turn into a separator or
/// dot.
///
/// Decisions see segments without their parameters, because some servers drop these before they route, and again with
/// them, because others do not; the upstream gets them. Everything else is the same in both. An encoded slash stays `%2F` in both.
public struct CanonicalPath: Sendable, Hashable {
    enum Storage: Sendable, Hashable {
        /// The bytes received are already canonical.
        case unchanged(ByteRange)
        /// The bytes were rewritten. `decision` is nil when there are no parameters.
        case rewritten(forward: [UInt8], decision: [UInt8]?)
    }

    let storage: Storage

    /// `/`.
    static let root = CanonicalPath(storage: .rewritten(forward: [0x2f], decision: nil))
    /// `*`, for OPTIONS.
    static let asterisk = CanonicalPath(storage: .rewritten(forward: [0x2a], decision: nil))

    /// Calls `body` with the bytes on which to decide.
    public func withDecisionBytes<Answer>(
        in message: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws -> Answer
    ) rethrows -> Answer {
        switch storage {
        case .unchanged(let range): try body(range.slice(of: message))
        case .rewritten(let forward, let decision): try (decision ?? forward).withUnsafeBytes(body)
        }
    }

    /// Calls `body` with the bytes to forward.
    public func withForwardBytes<Answer>(
        in message: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws -> Answer
    ) rethrows -> Answer {
        switch storage {
        case .unchanged(let range): try body(range.slice(of: message))
        case .rewritten(let forward, _): try forward.withUnsafeBytes(body)
        }
    }

    /// The path on which to decide, as text.
    public func decisionText(in message: UnsafeRawBufferPointer) -> String {
        withDecisionBytes(in: message) { String(decoding: $0, as: UTF8.self) }
    }

    /// The path to forward, as text.
    public func forwardText(in message: UnsafeRawBufferPointer) -> String {
        withForwardBytes(in: message) { String(decoding: $0, as: UTF8.self) }
    }

    /// Whether segments have parameters, so that what is judged first is not what is forwarded.
    public var hasParameters: Bool {
        if case .rewritten(_, .some) = storage { true } else { false }
    }

    /// Bytes of the path to forward.
    var forwardCount: Int {
        switch storage {
        case .unchanged(let range): Int(range.count)
        case .rewritten(let forward, _): forward.count
        }
    }

    /// The canonical form of the path in `range`, which begins with `/`, or nil when it must be refused.
    static func parse(_ range: ByteRange, in message: UnsafeRawBufferPointer) -> CanonicalPath? {
        let path = range.slice(of: message)
        guard path.first == 0x2f else { return nil }
        if isPlainlyCanonical(path) { return CanonicalPath(storage: .unchanged(range)) }
        guard let normal = percentNormalised(path), !hasDoubleEncoding(normal) else { return nil }
        return CanonicalPathSegments.resolve(normal).map { CanonicalPath(storage: $0) }
    }

    /// A quick test that holds for most paths: nothing encoded, no parameter, no empty segment, no segment with a
    /// leading dot.
    private static func isPlainlyCanonical(_ path: UnsafeRawBufferPointer) -> Bool {
        var previous: UInt8 = 0
        for byte in path {
            if byte == 0x25 || byte == 0x3b || !(ByteSet.path.contains(byte) || byte == 0x2f) { return false }
            if previous == 0x2f, byte == 0x2f || byte == 0x2e { return false }
            previous = byte
        }
        return true
    }

    /// Decodes unreserved characters and writes other encodings with upper-case digits; nil for a bad encoding.
    private static func percentNormalised(_ path: UnsafeRawBufferPointer) -> [UInt8]? {
        var normal: [UInt8] = []
        normal.reserveCapacity(path.count)
        var utf8 = UTF8Check()
        var position = 0
        while position < path.count {
            let byte = path[position]
            guard byte == 0x25 else {
                guard utf8.isComplete, ByteSet.path.contains(byte) || byte == 0x2f else { return nil }
                normal.append(byte)
                position &+= 1
                continue
            }
            guard path.count &- position > 2, let high = ByteScan.hexValue(path[position &+ 1]),
                let low = ByteScan.hexValue(path[position &+ 2])
            else { return nil }
            let octet = high &<< 4 | low
            guard utf8.take(octet), octet >= 0x20, octet != 0x7f, octet != 0x5c else { return nil }
            if ByteSet.unreserved.contains(octet) {
                normal.append(octet)
            } else {
                normal.append(0x25)
                normal.append(upperHex(high))
                normal.append(upperHex(low))
            }
            position &+= 3
        }
        return utf8.isComplete ? normal : nil
    }

    /// Whether `%25` stands before two digits that a second decoding would turn into a dot, slash, backslash, percent
    /// sign, semicolon or control character.
    private static func hasDoubleEncoding(_ path: [UInt8]) -> Bool {
        guard path.count >= 5 else { return false }
        for index in 0..<(path.count &- 4)
        where path[index] == 0x25 && path[index &+ 1] == 0x32 && path[index &+ 2] == 0x35 {
            guard let high = ByteScan.hexValue(path[index &+ 3]), let low = ByteScan.hexValue(path[index &+ 4]) else {
                continue
            }
            switch high &<< 4 | low {
            case 0..<0x20, 0x25, 0x2e, 0x2f, 0x3b, 0x5c, 0x7f: return true
            default: continue
            }
        }
        return false
    }

    private static func upperHex(_ digit: UInt8) -> UInt8 { digit < 10 ? 0x30 &+ digit : 0x37 &+ digit }
}
