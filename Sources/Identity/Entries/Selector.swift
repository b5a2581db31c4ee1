// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Something that attestation saw of a caller, such as `unix:uid:1001`.
public struct Selector: Hashable, Sendable, CustomStringConvertible {
    /// What a selector is about.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The caller's user, by number.
        case uid = "unix:uid"
        /// The caller's user, by name.
        case user = "unix:user"
        /// The caller's group, by number.
        case gid = "unix:gid"
        /// The caller's group, by name.
        case group = "unix:group"
        /// One of the caller's further groups, by number.
        case supplementaryGID = "unix:supplementary_gid"
        /// One of the caller's further groups, by name.
        case supplementaryGroup = "unix:supplementary_group"
        /// The absolute path of the program that the caller runs.
        case path = "unix:path"
        /// The SHA-256 of the program that the caller runs, in hexadecimal.
        case sha256 = "unix:sha256"
        /// The unit of the system's service manager that the caller belongs to.
        case systemd = "systemd:id"
        /// The container that the caller runs in, by its 64 hexadecimal digits.
        case container = "container:id"
        /// The agent as which `yett exec` launched the caller.
        case agent = "yett:agent"
        /// The launch in which `yett exec` started the caller.
        case launch = "yett:launch"

        /// Whether it only says which program was started, which whoever may start programs can bring about.
        var isProgram: Bool { self == .path || self == .sha256 }
    }

    /// What it is about.
    public let kind: Kind
    /// What was seen.
    public let value: String

    /// The longest value, in bytes.
    public static let maximumBytes = 4096

    /// Records what attestation saw.
    package init(_ kind: Kind, _ value: String) {
        self.kind = kind
        self.value = value
    }

    /// Reads a selector as an entry has it.
    ///
    /// - Throws: ``EntryError`` for an unknown kind, and for a value that attestation never gives and that would
    ///   therefore never match.
    public init(parsing text: String) throws(EntryError) {
        for kind in Kind.allCases {
            let prefix = kind.rawValue + ":"
            guard text.utf8.starts(with: prefix.utf8) else { continue }
            let value = String(text.utf8.dropFirst(prefix.utf8.count)) ?? ""
            guard Self.isPossible(value, kind) else { throw .selectorValue(kind) }
            self.init(kind, value)
            return
        }
        throw .selectorKind
    }

    /// The selector as text.
    public var description: String { "\(kind.rawValue):\(value)" }

    private static func isPossible(_ value: String, _ kind: Kind) -> Bool {
        let bytes = value.utf8
        guard !bytes.isEmpty, bytes.count <= maximumBytes, !bytes.contains(where: { $0 < 0x20 || $0 == 0x7f }) else {
            return false
        }
        switch kind {
        case .uid, .gid, .supplementaryGID:
            // Written as the kernel's number is written, so that there is one spelling.
            return UInt32(value).map { "\($0)".utf8.elementsEqual(bytes) && $0 != .max } ?? false
        case .sha256, .container:
            return bytes.count == 64 && bytes.allSatisfy(isLowerHexadecimal)
        case .path:
            let parts = bytes.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            return bytes.first == UInt8(ascii: "/")
                && parts.allSatisfy { !$0.isEmpty && !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8) }
        case .user, .group, .supplementaryGroup, .systemd, .agent, .launch:
            return !bytes.contains(UInt8(ascii: "/")) && !bytes.contains(UInt8(ascii: " "))
        }
    }

    private static func isLowerHexadecimal(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }

    /// Whether both are the same, byte for byte.
    public static func == (left: Selector, right: Selector) -> Bool {
        left.kind == right.kind && left.value.utf8.elementsEqual(right.value.utf8)
    }

    /// Feeds the bytes.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(kind)
        for byte in value.utf8 { hasher.combine(byte) }
    }
}

extension Selector: Comparable {
    /// Orders by the bytes of the text.
    public static func < (left: Selector, right: Selector) -> Bool {
        left.description.utf8.lexicographicallyPrecedes(right.description.utf8)
    }
}
