// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Resources of an MCP server by their URI: one, or with a star at the end all that begin alike.
///
/// URIs are compared byte by byte, since only their server knows what they mean. A star covers nothing that could leave
/// the beginning again: no segment `.` or `..`, no backslash, and no escape of these or of a slash.
public struct ResourcePattern: Sendable, Hashable, CustomStringConvertible {
    /// The pattern as written.
    public let description: String
    private let bytes: [UInt8]
    private let isBeginning: Bool

    /// The longest pattern, in bytes.
    public static let maximumBytes = 2_048

    /// Reads a pattern such as `ticket://7` or `file:///docs/*`, or `*` for every resource.
    ///
    /// - Returns: `nil` for what is empty or too long, has characters that a URI has not, or a star before its end.
    public init?(_ text: String) {
        var bytes = Array(text.utf8)
        guard !bytes.isEmpty, bytes.count <= Self.maximumBytes, bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            return nil
        }
        isBeginning = bytes.last == UInt8(ascii: "*")
        if isBeginning { bytes.removeLast() }
        guard !bytes.contains(UInt8(ascii: "*")) else { return nil }
        description = text
        self.bytes = bytes
    }

    /// Whether the pattern covers a URI.
    public func covers(_ uri: String) -> Bool {
        var uri = uri
        return uri.withUTF8 { text in
            guard isBeginning else { return text.elementsEqual(bytes) }
            return text.starts(with: bytes) && (bytes.isEmpty || !Self.climbs(text))
        }
    }

    /// Whether a server could read the URI as one that begins otherwise.
    private static func climbs(_ uri: UnsafeBufferPointer<UInt8>) -> Bool {
        var dots = 0
        var length = 0
        for (position, byte) in uri.enumerated() {
            switch byte {
            case UInt8(ascii: "/"):
                if length > 0, length <= 2, dots == length { return true }
                (dots, length) = (0, 0)
            case UInt8(ascii: "\\"): return true
            case UInt8(ascii: "%"):
                guard position + 2 < uri.count else { return true }
                let last = uri[position + 2] | 0x20
                switch uri[position + 1] {
                // %2e, %2f, %25 and %5c; a server that decodes twice would make them of %25.
                case UInt8(ascii: "2") where [UInt8(ascii: "e"), UInt8(ascii: "f"), 0x35].contains(last): return true
                case UInt8(ascii: "5") where last == UInt8(ascii: "c"): return true
                default: length &+= 1
                }
            case UInt8(ascii: "."):
                dots &+= 1
                length &+= 1
            default: length &+= 1
            }
        }
        return length > 0 && length <= 2 && dots == length
    }
}
