// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import SwiftASN1
internal import X509

/// A host name in lower case, taken apart.
struct HostText: Equatable {
    /// The labels from left to right, the wildcard and a leading dot left out.
    let labels: [[UInt8]]
    /// Whether it is a constraint that starts with a dot: hosts below it and not itself.
    let hasDot: Bool
    /// Whether it is a name that starts with `*.`.
    let isWildcard: Bool

    init?(_ text: String, mayStartWithDot: Bool = false, mayBeWildcard: Bool = false) {
        var bytes = text.utf8.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }[...]
        guard (1...253).contains(bytes.count) else { return nil }
        hasDot = mayStartWithDot && bytes.first == UInt8(ascii: ".")
        if hasDot { bytes = bytes.dropFirst() }
        isWildcard = mayBeWildcard && bytes.starts(with: "*.".utf8)
        if isWildcard { bytes = bytes.dropFirst(2) }
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.allSatisfy(Self.isLabel) else { return nil }
        labels = parts.map { Array($0) }
    }

    private static func isLabel(_ label: ArraySlice<UInt8>) -> Bool {
        guard (1...63).contains(label.count), label.first != UInt8(ascii: "-"), label.last != UInt8(ascii: "-") else {
            return false
        }
        return label.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
                UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }

    /// Whether a name is this one with zero or more labels in front, or, after a leading dot, one or more.
    func contains(_ name: HostText) -> Bool {
        let count = name.labels.count &+ (name.isWildcard ? 1 : 0)
        guard name.labels.count >= labels.count, name.labels.suffix(labels.count).elementsEqual(labels) else {
            return false
        }
        return !hasDot || count > labels.count
    }

    /// Whether the label that the wildcard stands for could bring the name into the subtree.
    func mayExpand(into constraint: HostText) -> Bool {
        isWildcard && constraint.labels.count == labels.count &+ 1
            && constraint.labels.dropFirst().elementsEqual(labels)
    }
}

/// The host of a URI with an authority.
enum URIHost {
    /// Nil when there is no authority or its host is an address.
    static func host(of uri: String) -> HostText? {
        guard let start = uri.range(ofText: "://") else { return nil }
        var authority = uri.utf8[start...].prefix { $0 != 0x2f && $0 != 0x3f && $0 != 0x23 }
        if let at = authority.lastIndex(of: UInt8(ascii: "@")) { authority = authority[authority.index(after: at)...] }
        guard authority.first != UInt8(ascii: "[") else { return nil }
        let name = authority.prefix { $0 != UInt8(ascii: ":") }
        guard let host = HostText(String(decoding: name, as: UTF8.self)), let last = host.labels.last else {
            return nil
        }
        // A last label of digits only makes it an address.
        return last.allSatisfy { $0 &- 0x30 < 10 } ? nil : host
    }
}

extension String {
    /// Where the bytes behind the first occurrence of `text` start.
    fileprivate func range(ofText text: String) -> Index? {
        var position = utf8.startIndex
        while position != utf8.endIndex {
            if utf8[position...].starts(with: text.utf8) {
                return utf8.index(position, offsetBy: text.utf8.count, limitedBy: utf8.endIndex)
            }
            position = utf8.index(after: position)
        }
        return nil
    }
}

/// A mailbox, or a constraint on mailboxes.
struct MailText {
    /// Nil for a constraint on hosts.
    let local: [UInt8]?
    let host: HostText

    /// `local@host`.
    init?(mailbox text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        guard parts.count == 2, let local = parts.first, let domain = parts.last, !local.isEmpty, local.count <= 64,
            let host = HostText(String(decoding: domain, as: UTF8.self))
        else { return nil }
        self.init(local: Array(local), host: host)
    }

    /// `local@host`, `host` or `.host`.
    init?(constraint text: String) {
        if text.utf8.contains(UInt8(ascii: "@")) {
            self.init(mailbox: text)
            return
        }
        guard let host = HostText(text, mayStartWithDot: true) else { return nil }
        self.init(local: nil, host: host)
    }

    private init(local: [UInt8]?, host: HostText) {
        self.local = local
        self.host = host
    }

    func contains(_ mailbox: MailText) -> Bool {
        if let local { return local == mailbox.local && host.labels == mailbox.host.labels }
        return host.hasDot ? host.contains(mailbox.host) : host.labels == mailbox.host.labels
    }
}

/// An address and a mask, as constraints have them.
struct AddressRange {
    private let network: [UInt8]
    private let mask: [UInt8]

    init?(_ bytes: ArraySlice<UInt8>) {
        guard bytes.count == 8 || bytes.count == 32 else { return nil }
        network = Array(bytes.prefix(bytes.count / 2))
        mask = Array(bytes.suffix(bytes.count / 2))
        // RFC 4632: ones, then zeros.
        var hasEnded = false
        for byte in mask {
            guard !hasEnded || byte == 0 else { return nil }
            guard (~byte).leadingZeroBitCount &+ byte.trailingZeroBitCount >= 8 || byte == 0xff else { return nil }
            hasEnded = byte != 0xff
        }
    }

    func contains(_ address: ArraySlice<UInt8>) -> Bool {
        address.count == network.count
            && zip(address, zip(network, mask)).allSatisfy { byte, pair in byte & pair.1 == pair.0 & pair.1 }
    }
}

/// How parts of directory names compare: the types, and the texts without regard to case and repeated spaces.
enum DirectoryText {
    static func isEqual(_ left: RelativeDistinguishedName, _ right: RelativeDistinguishedName) -> Bool {
        guard left.count == right.count else { return false }
        return left == right
            || zip(left, right).allSatisfy { left, right in
                guard left.type == right.type, let one = String(left.value), let other = String(right.value) else {
                    return left == right
                }
                return folded(one) == folded(other)
            }
    }

    private static func folded(_ text: String) -> [[UInt8]] {
        text.utf8.split(separator: UInt8(ascii: " ")).map { word in
            word.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
        }
    }
}
