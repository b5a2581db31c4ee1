// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A validated DNS name in lower-case ASCII without the root dot.
///
/// Letters, digits, hyphens and underscores in labels of 1...63 bytes, at most 253 bytes in all. A last label that some
/// parser would take for a part of an IPv4 address is refused, and so is anything that would need mapping: what is
/// compared, logged, looked up and put on the wire is the same bytes.
public struct HostName: Hashable, Sendable, CustomStringConvertible {
    /// The name: ASCII, lower case, no root dot.
    public let description: String

    /// How many labels the name has, at least one.
    public let labelCount: Int

    /// Validates the bytes of a name. One root dot is dropped and letters are lowered; nothing else is changed.
    public init(parsing bytes: Span<UInt8>) throws(HostError) {
        var scanner = NameScanner()
        let count = try scanner.scan(bytes)
        labelCount = scanner.labelCount
        description = String(unsafeUninitializedCapacity: count) { buffer in
            for index in 0..<count { buffer.initializeElement(at: index, to: lowered(bytes[index])) }
            return count
        }
        if scanner.hasEncodedLabel { try Self.checkEncodedLabels(description) }
    }

    /// Validates the bytes of a name.
    public init(parsing bytes: UnsafeRawBufferPointer) throws(HostError) {
        try self.init(parsing: bytes.assumingMemoryBound(to: UInt8.self).span)
    }

    /// Validates the text of a name.
    public init(parsing text: String) throws(HostError) {
        try self.init(parsing: text.utf8.span)
    }

    /// The labels, the leftmost one first.
    public var labels: [Substring] {
        description.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).map(Substring.init)
    }

    /// The name without its leftmost label; nil for a single label.
    public var parent: HostName? {
        guard labelCount > 1, let dot = description.utf8.firstIndex(of: UInt8(ascii: ".")) else { return nil }
        return HostName(validated: String(description[description.utf8.index(after: dot)...]), labels: labelCount - 1)
    }

    /// Whether the name stands below `ancestor`, at a label boundary. A name is not below itself.
    public func isSubdomain(of ancestor: HostName) -> Bool {
        prefixLength(under: ancestor) != nil
    }

    /// The labels that stand left of `ancestor`, without the dot between; nil when the name is not below it.
    public func prefix(under ancestor: HostName) -> Substring? {
        prefixLength(under: ancestor).map { Substring(description.utf8.prefix($0)) }
    }

    private func prefixLength(under ancestor: HostName) -> Int? {
        let own = description.utf8.span
        let other = ancestor.description.utf8.span
        let length = own.count - other.count - 1
        guard length > 0, own[length] == UInt8(ascii: ".") else { return nil }
        for index in other.indices where own[length + 1 + index] != other[index] { return nil }
        return length
    }

    private init(validated text: String, labels: Int) {
        description = text
        labelCount = labels
    }

    private static func checkEncodedLabels(_ text: String) throws(HostError) {
        for label in text.utf8.split(separator: UInt8(ascii: ".")) where label.starts(with: "xn--".utf8) {
            guard Punycode.isEncodedLabel(label.dropFirst(4)) else { throw .badPunycode }
        }
    }
}

/// Lowers an ASCII letter and leaves every other byte.
@inline(__always)
func lowered(_ byte: UInt8) -> UInt8 {
    byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
}
