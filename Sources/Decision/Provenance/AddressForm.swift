// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The forms in which values are compared: as bytes, after a fold that no receiver undoes.
///
/// ASCII letters lose their case where receivers ignore it (mail addresses, hosts, schemes, account numbers, words), never
/// in paths of links. Account numbers lose spaces and hyphens between groups. Nothing else is folded: percent-encoding
/// stays, and characters outside of ASCII are their bytes, so two that look alike are two.
enum AddressForm {
    /// What a key stands for; its first byte, so that no value of one kind answers for one of another.
    enum Kind: UInt8, Sendable {
        case email = 1
        case link
        case host
        case account
        case opaque
    }

    /// The key of a mail address, or nil.
    static func email(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        guard bytes.count <= 320, let at = bytes.lastIndex(of: UInt8(ascii: "@")), at > bytes.startIndex else {
            return nil
        }
        let domain = bytes[(at &+ 1)...]
        guard bytes[..<at].allSatisfy({ ByteClass.isMailLocal($0) }), ByteClass.isDomain(domain, labels: 1) else {
            return nil
        }
        return folded(.email, bytes)
    }

    /// The key of a host name with a dot, or nil.
    static func host(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        ByteClass.isDomain(bytes, labels: 2) ? folded(.host, bytes) : nil
    }

    /// The parts of a link.
    struct Link: Sendable {
        /// In small letters; empty when none is written.
        let scheme: [UInt8]
        /// In small letters, with a port that is not the scheme's own.
        let authority: [UInt8]
        /// From the first slash, at least one.
        let rest: [UInt8]

        /// The key under which it is recorded.
        var key: [UInt8] { key(scheme) }

        /// The keys that vouch for it: itself, written without a scheme, and a host alone for its first page.
        var vouchers: [[UInt8]] {
            var keys = [key]
            if scheme.isEmpty {
                keys.append(key(Array("https".utf8)))
                keys.append(key(Array("http".utf8)))
            } else if isWeb {
                keys.append(key([]))
            }
            if rest.elementsEqual("/".utf8), scheme.isEmpty || isWeb { keys.append(hostKey) }
            return keys
        }

        /// The key of its host alone.
        var hostKey: [UInt8] { [Kind.host.rawValue] + authority }

        /// Whether it is one of the web.
        var isWeb: Bool { scheme.elementsEqual("https".utf8) || scheme.elementsEqual("http".utf8) }

        private func key(_ scheme: [UInt8]) -> [UInt8] {
            [Kind.link.rawValue] + scheme + Array("//".utf8) + authority + rest
        }
    }

    /// Reads a link with a scheme, or one that starts with two slashes or a host and goes on behind it.
    static func link(_ bytes: ArraySlice<UInt8>) -> Link? {
        let slashes = ByteClass.doubleSlash(in: bytes)
        if slashes == bytes.startIndex { return bareLink(bytes.dropFirst(2), isMarked: true) }
        let marked = slashes.flatMap { bytes[$0 &- 1] == UInt8(ascii: ":") ? $0 : nil }
        let marks = [marked, ByteClass.webScheme(in: bytes)]
        guard let end = marks.compactMap({ $0 }).min() else { return bareLink(bytes) }
        let scheme = bytes[..<(end &- 1)].map(ByteClass.lowered)
        guard !scheme.isEmpty, scheme.allSatisfy(ByteClass.isScheme) else { return nil }
        // However many slashes there are, a browser goes to the host behind them.
        var (authority, rest) = split(bytes[end...].drop { $0 == UInt8(ascii: "/") })
        guard !authority.isEmpty else { return nil }
        for (owner, port) in [("https", ":443"), ("http", ":80")]
        where scheme.elementsEqual(owner.utf8) && authority.suffix(port.utf8.count).elementsEqual(port.utf8) {
            authority.removeLast(port.utf8.count)
        }
        return Link(scheme: scheme, authority: authority, rest: rest)
    }

    /// Reads a link without a scheme: a host, and something behind it unless it is marked as a link.
    static func bareLink(_ bytes: ArraySlice<UInt8>, isMarked: Bool = false) -> Link? {
        guard ByteClass.startsWithHost(bytes, goesOn: !isMarked) else { return nil }
        let (authority, rest) = split(bytes)
        return Link(scheme: [], authority: authority, rest: rest)
    }

    private static func split(_ bytes: ArraySlice<UInt8>) -> (authority: [UInt8], rest: [UInt8]) {
        let end = bytes.firstIndex(where: ByteClass.endsAuthority) ?? bytes.endIndex
        let rest = Array(bytes[end...])
        let slash = UInt8(ascii: "/")
        return (bytes[..<end].map(ByteClass.lowered), rest.first == slash ? rest : [slash] + rest)
    }

    /// The key of an account number, or nil: two letters and two digits as in an IBAN, or six digits and more, in groups
    /// or not.
    static func account(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        guard bytes.count <= 64 else { return nil }
        var key = [Kind.account.rawValue]
        var digits = 0
        for (index, byte) in zip(bytes.indices, bytes) {
            if ByteClass.isGroupBreak(byte) {
                let isInside = index > bytes.startIndex && index &+ 1 < bytes.endIndex
                guard isInside, ByteClass.isAlphanumeric(bytes[index &+ 1]) else { return nil }
                continue
            }
            guard ByteClass.isAlphanumeric(byte) else { return nil }
            if ByteClass.isDigit(byte) { digits &+= 1 }
            key.append(ByteClass.raised(byte))
        }
        let body = key.dropFirst()
        if digits == body.count { return digits >= 6 ? key : nil }
        return isLikeIBAN(body) ? key : nil
    }

    /// Whether letters and digits are arranged as in an IBAN. The check digits are not looked at: who made up a number
    /// does not get past by a wrong one.
    static func isLikeIBAN(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard (15...34).contains(bytes.count) else { return false }
        let head = bytes.prefix(4)
        return head.prefix(2).allSatisfy(ByteClass.isLetter) && head.suffix(2).allSatisfy(ByteClass.isDigit)
            && bytes.allSatisfy(ByteClass.isAlphanumeric)
            && bytes.reduce(0) { $0 &+ (ByteClass.isDigit($1) ? 1 : 0) } >= 8
    }

    /// The key of a value that is compared as a whole: white space in one, letters small.
    static func opaque(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var key = [Kind.opaque.rawValue]
        key.reserveCapacity(bytes.count &+ 1)
        ByteClass.appendSpaced(bytes, to: &key)
        for index in key.indices.dropFirst() { key[index] = ByteClass.lowered(key[index]) }
        return key
    }

    private static func folded(_ kind: Kind, _ bytes: ArraySlice<UInt8>) -> [UInt8] {
        [kind.rawValue] + bytes.map(ByteClass.lowered)
    }
}
