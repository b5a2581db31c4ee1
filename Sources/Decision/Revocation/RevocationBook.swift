// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Identity

/// Every revocation that decisions know. Bounded: when it is full, a new one is refused, so that whoever revokes knows;
/// none is forgotten before its time.
public struct RevocationBook: Sendable {
    private var entries: [Revocation.Target: Revocation] = [:]
    /// People as they are named in the gate's own tokens.
    private var subjects: [Revocation.ExactText: Revocation.Target] = [:]
    /// The earliest end of any entry.
    private var nextExpiry = Int64.max
    private let capacity: Int

    /// The most entries.
    public static let largestCount = 16_384

    /// Nothing is revoked.
    public static let empty = RevocationBook()

    /// A book without entries.
    public init(capacity: Int = largestCount) { self.capacity = max(capacity, 1) }

    /// Whether nothing is revoked.
    public var isEmpty: Bool { entries.isEmpty }

    /// How many entries there are.
    public var count: Int { entries.count }

    /// Every entry, the newest first.
    public var all: [Revocation] {
        entries.values.sorted { ($0.time, $0.target.text) > ($1.time, $1.target.text) }
    }

    /// What is revoked of a target.
    public subscript(target: Revocation.Target) -> Revocation? { entries[target] }

    /// Adds a revocation; of two about the same, each part that voids more stays.
    ///
    /// - Returns: What holds now; `nil` when there is no room.
    public mutating func insert(_ revocation: Revocation) -> Revocation? {
        var revocation = revocation
        if let known = entries[revocation.target] {
            revocation.time = max(known.time, revocation.time)
            revocation.certificatesFrom = max(known.certificatesFrom, revocation.certificatesFrom)
            revocation.tokenDigests.formUnion(known.tokenDigests)
            revocation.expires = Self.later(known.expires, revocation.expires)
        } else if entries.count >= capacity {
            return nil
        }
        entries[revocation.target] = revocation
        if case .person(let person) = revocation.target { subjects[person.tokenSubject] = revocation.target }
        nextExpiry = min(nextExpiry, revocation.expires ?? .max)
        return revocation
    }

    private static func later(_ left: Int64?, _ right: Int64?) -> Int64? {
        guard let left, let right else { return nil }
        return max(left, right)
    }

    /// Whether there is something to forget.
    public func isDue(at time: Int64) -> Bool { nextExpiry <= time }

    /// Forgets what voids nothing any more.
    ///
    /// - Parameter time: Unix seconds.
    /// - Returns: What was forgotten.
    public mutating func purge(at time: Int64) -> [Revocation.Target] {
        guard isDue(at: time) else { return [] }
        let over = entries.values.filter { $0.expires.map { $0 <= time } ?? false }.map(\.target)
        for target in over {
            entries[target] = nil
            if case .person(let person) = target { subjects[person.tokenSubject] = nil }
        }
        nextExpiry = entries.values.compactMap(\.expires).min() ?? .max
        return over
    }

    /// The revocation about a person as the gate's own tokens name people.
    func person(tokenSubject: String) -> Revocation? {
        subjects[Revocation.ExactText(tokenSubject)].flatMap { entries[$0] }
    }
}
