// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Protocols

/// A gate that is there: its entry lives with a lease.
public struct MemberEntry: Sendable, Hashable {
    /// The name of the gate.
    public var gate: String
    /// A random name of this run of it; two at the same time mean two gates of one name.
    public var run: String
    /// What its clock said when it wrote this, in microseconds since 1970.
    public var time: Int64
    /// The version of the program.
    public var program: String
    /// The revision up to which it had taken over every change when it wrote this.
    public var seen: Int64

    private static let members: Set<String> = ["run", "time", "program", "seen"]

    /// Describes a gate.
    public init(gate: String, run: String, time: Int64, program: String, seen: Int64) {
        self.gate = gate
        self.run = run
        self.time = time
        self.program = program
        self.seen = seen
    }

    /// Where a gate's entry is.
    public var key: ClusterKey { ClusterKey(.member, gate) }

    /// The value.
    public var value: [UInt8] {
        EntryDocument.text([
            ("run", .string(run)), ("time", .integer(time)), ("program", .string(program)), ("seen", .integer(seen)),
        ])
    }

    /// Reads an entry.
    public init(_ key: ClusterKey, _ value: [UInt8]) throws(EntryFault) {
        guard key.kind == .member, key.names.count == 1, let gate = key.names.first else { throw .mismatch }
        let document = try EntryDocument(value, members: Self.members)
        self.gate = gate
        run = try document.required("run") { $0.string }
        time = try document.required("time") { $0.integer }
        program = try document.required("program") { $0.string }
        seen = try document.required("seen") { $0.integer }
    }
}
