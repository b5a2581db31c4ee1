// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Who makes an admin request: a process, as the kernel names it, or a person who signed in at a provider.
public struct Operator: Sendable, Hashable {
    /// The user of the process; of a person's browser the largest number, which is nobody's.
    public var uid: UInt32
    /// Its process id, in the gate's PID namespace; 0 where no process asks.
    public var pid: Int32
    /// The person: issuer, `#`, subject.
    public var person: String?

    /// Records what the kernel said.
    public init(uid: UInt32, pid: Int32) {
        self.uid = uid
        self.pid = pid
    }

    /// Records who signed in.
    ///
    /// - Parameter person: Issuer, `#`, subject.
    public init(person: String) {
        uid = .max
        pid = 0
        self.person = person
    }

    /// How records name the operator: `uid:` and a user, or `person:` and a person.
    public var name: String { person.map { "person:\($0)" } ?? "uid:\(uid)" }
}
