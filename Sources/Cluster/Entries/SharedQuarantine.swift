// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity
internal import Protocols

/// A quarantine of an agent, or its end, as gates share it.
///
/// The end stays as an entry: an entry that is missing says nothing, since an etcd that was emptied has none. Each
/// quarantine of the same agent has a higher number than the one before, and its end has the same.
public struct SharedQuarantine: Sendable, Hashable {
    /// Whether it is the end.
    public var isOver: Bool
    /// Which quarantine of the agent it is, from 1.
    public var number: Int64
    /// Since when, in microseconds since 1970.
    public var since: Int64
    /// When it ends by itself, in microseconds since 1970.
    public var ends: Int64?
    /// Why.
    public var why: String
    /// Who wanted it.
    public var origin: String

    private static let members: Set<String> = ["over", "number", "since", "ends", "why", "origin"]

    /// Describes a quarantine.
    public init(isOver: Bool = false, number: Int64, since: Int64, ends: Int64?, why: String, origin: String) {
        self.isOver = isOver
        self.number = number
        self.since = since
        self.ends = ends
        self.why = why
        self.origin = origin
    }

    /// What is to be written where another entry stands already, so that all who know that one take this one over.
    ///
    /// - Parameter known: What stands there, as far as it is believed.
    public func after(_ known: SharedQuarantine?) -> SharedQuarantine {
        guard let known else { return self }
        var next = self
        if isOver {
            // Later than what it ends, whatever the clocks of other gates say.
            next.number = max(number, known.number)
            next.since = max(since, min(known.since, .max - 1) + 1)
        } else {
            // A gate's own is a later one than one that is over.
            next.number = max(number, known.isOver ? known.number &+ 1 : known.number)
            if !known.isOver { next.ends = known.ends.flatMap { end in ends.map { max(end, $0) } } }
        }
        return next
    }

    /// Where the quarantine of an agent is kept.
    public static func key(_ agent: SPIFFEID) -> ClusterKey { ClusterKey(.quarantine, agent.description) }

    /// Whom a key is about.
    public static func agent(_ key: ClusterKey) -> SPIFFEID? {
        guard key.kind == .quarantine, key.names.count == 1, let text = key.names.first,
            let id = try? SPIFFEID(parsing: text), id.description.utf8.elementsEqual(text.utf8)
        else { return nil }
        return id
    }

    /// The value.
    public var value: [UInt8] {
        EntryDocument.text([
            ("over", .bool(isOver)), ("number", .integer(number)), ("since", .integer(since)),
            ("ends", ends.map { .integer($0) }), ("why", .string(why)), ("origin", .string(origin)),
        ])
    }

    /// Reads a value.
    public init(_ value: [UInt8]) throws(EntryFault) {
        let document = try EntryDocument(value, members: Self.members)
        isOver = try document.required("over") { $0.bool }
        number = try document.required("number") { json in
            json.integer.flatMap { (1...Int64.max / 2).contains($0) ? $0 : nil }
        }
        since = try document.required("since") { $0.integer }
        ends = try document.optional("ends") { $0.integer }
        why = try document.required("why") { $0.string }
        origin = try document.required("origin") { $0.string }
    }
}
