// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AuditTree
public import Decision
internal import Protocols

/// A revocation as gates share it. Of two about the same, each part that voids more counts.
public enum SharedRevocation {
    private static let members: Set<String> = [
        "time", "certificates_from", "digests", "expires", "why", "origin",
    ]
    private static let mostDigests = 1024

    /// Where the revocation of a target is kept.
    public static func key(_ target: Revocation.Target) -> ClusterKey {
        ClusterKey(.revocation, target.kind.rawValue, target.text)
    }

    /// What a key is about.
    public static func target(_ key: ClusterKey) -> Revocation.Target? {
        guard key.kind == .revocation, key.names.count == 2, let kind = key.names.first, let text = key.names.last,
            let kind = Revocation.Target.Kind(rawValue: kind), let target = Revocation.Target(kind, text),
            target.text.utf8.elementsEqual(text.utf8)
        else { return nil }
        return target
    }

    /// Writes a value.
    public static func value(_ revocation: Revocation) -> [UInt8] {
        EntryDocument.text([
            ("time", .integer(revocation.time)), ("certificates_from", .integer(revocation.certificatesFrom)),
            ("digests", .array(revocation.tokenDigests.map { Hexadecimal.encode($0) }.sorted().map { .string($0) })),
            ("expires", revocation.expires.map { .integer($0) }), ("why", revocation.why.map { .string($0) }),
            ("origin", .string(revocation.origin)),
        ])
    }

    /// Reads a value.
    public static func read(_ target: Revocation.Target, _ value: [UInt8]) throws(EntryFault) -> Revocation {
        let document = try EntryDocument(value, members: members)
        let digests = try document.required("digests") { json -> Set<[UInt8]>? in
            guard let texts = json.array, texts.count <= mostDigests else { return nil }
            let digests = texts.compactMap { $0.string.flatMap { Hexadecimal.decode($0.utf8) } }
            return digests.count == texts.count && digests.allSatisfy { $0.count == 32 } ? Set(digests) : nil
        }
        return Revocation(
            target, time: try document.required("time") { $0.integer },
            certificatesFrom: try document.required("certificates_from") { $0.integer }, tokenDigests: digests,
            expires: try document.optional("expires") { $0.integer }, why: try document.optional("why") { $0.string },
            origin: try document.required("origin") { $0.string })
    }

    /// What both void together.
    public static func merged(_ left: Revocation, _ right: Revocation) -> Revocation {
        var book = RevocationBook(capacity: 1)
        _ = book.insert(left)
        return book.insert(right) ?? right
    }

    /// Whether everything that `right` voids is void by `left`, too, and for as long.
    public static func covers(_ left: Revocation, _ right: Revocation) -> Bool {
        left.time >= right.time && left.certificatesFrom >= right.certificatesFrom
            && left.tokenDigests.isSuperset(of: right.tokenDigests)
            && left.expires ?? .max >= right.expires ?? .max
    }
}
