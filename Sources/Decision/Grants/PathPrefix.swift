// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The beginning of a canonical path, cut at a segment boundary.
///
/// - `/v1` covers `/v1` and everything below it, such as `/v1/models`, but not `/v1x`.
/// - `/v1/*`, or `/v1/`, covers only what is below: `/v1/` and `/v1/models`, but not `/v1`.
/// - `/` covers every path.
public struct PathPrefix: Sendable, Hashable, CustomStringConvertible {
    /// The prefix as written.
    public let description: String
    /// The bytes a covered path starts with.
    private let bytes: [UInt8]
    /// Whether a covered path may end, or go on with a slash, where the bytes end.
    private let endsAtSegment: Bool

    /// The longest prefix, in bytes.
    public static let maximumBytes = 4_096

    /// Reads a prefix.
    ///
    /// It must be canonical itself, since it is compared with canonical paths: no empty, `.` or `..` segment, only
    /// characters that a path has (RFC 3986, section 3.3), escapes in upper case and only where they are needed.
    ///
    /// - Throws: ``PathPrefixError`` that says what a path prefix looks like.
    public init(parsing text: String) throws(PathPrefixError) {
        var bytes = Array(text.utf8)
        guard bytes.count <= Self.maximumBytes else { throw .tooLong }
        guard bytes.first == UInt8(ascii: "/") else { throw .noLeadingSlash }
        if bytes.count >= 2, bytes[bytes.count - 1] == UInt8(ascii: "*"), bytes[bytes.count - 2] == UInt8(ascii: "/") {
            bytes.removeLast()
        }
        try Self.validate(bytes)
        self.description = text
        self.endsAtSegment = bytes.last != UInt8(ascii: "/")
        self.bytes = bytes
    }

    /// Whether the prefix covers a canonical path.
    public func covers(_ path: String) -> Bool {
        var path = path
        return path.withUTF8 { covers($0) }
    }

    /// Whether the prefix covers a canonical path given as bytes.
    public func covers(_ path: UnsafeBufferPointer<UInt8>) -> Bool {
        guard path.count >= bytes.count else { return false }
        for index in bytes.indices where path[index] != bytes[index] { return false }
        guard endsAtSegment, path.count > bytes.count else { return true }
        return path[bytes.count] == UInt8(ascii: "/")
    }

    private static func validate(_ bytes: [UInt8]) throws(PathPrefixError) {
        let segments = bytes.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        for (position, segment) in segments.enumerated() {
            if segment.isEmpty, position < segments.count - 1 { throw .emptySegment }
            if segment.elementsEqual(".".utf8) || segment.elementsEqual("..".utf8) { throw .dotSegment }
            try validate(segment: segment)
        }
    }

    private static func validate(segment: ArraySlice<UInt8>) throws(PathPrefixError) {
        var index = segment.startIndex
        while index < segment.endIndex {
            let byte = segment[index]
            index += 1
            if byte == UInt8(ascii: "*") { throw .star }
            guard byte == UInt8(ascii: "%") else {
                guard isPathCharacter(byte) else { throw .character }
                continue
            }
            guard index + 1 < segment.endIndex, let high = upperHexadecimal(segment[index]),
                let low = upperHexadecimal(segment[index + 1])
            else { throw .escape }
            guard !isUnreserved(high << 4 | low) else { throw .escape }
            index += 2
        }
    }

    private static func upperHexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }

    private static func isPathCharacter(_ byte: UInt8) -> Bool {
        isUnreserved(byte) || "!$&'()+,;=:@".utf8.contains(byte)
    }
}

/// Why a text is not a path prefix.
public enum PathPrefixError: Error, Hashable, Sendable, CustomStringConvertible {
    /// More than ``PathPrefix/maximumBytes`` bytes.
    case tooLong
    /// It does not start with a slash.
    case noLeadingSlash
    /// Two slashes follow one another.
    case emptySegment
    /// A segment is `.` or `..`.
    case dotSegment
    /// A star stands elsewhere than alone in the last segment.
    case star
    /// An escape is malformed, in lower case, or stands for a character that needs none.
    case escape
    /// A character that a path cannot have; a query is not part of a path.
    case character

    /// A sentence for the person who wrote the prefix.
    public var description: String {
        switch self {
        case .tooLong: "a path prefix has at most \(PathPrefix.maximumBytes) bytes"
        case .noLeadingSlash: "a path prefix starts with '/'"
        case .emptySegment: "a path prefix has no empty segment"
        case .dotSegment: "a path prefix has no '.' or '..' segment"
        case .star: "a '*' stands only alone at the end, as in /v1/*"
        case .escape: "an escape is '%' and two upper-case digits, for a character that needs one"
        case .character: "a path prefix has only the characters of a path; a query cannot be granted"
        }
    }
}
