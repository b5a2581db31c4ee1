// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The record of every decision.
public struct AuditConfiguration: Sendable, Hashable {
    /// `directory`: where journal, tiles, checkpoints and index are kept.
    public var directory = "/var/lib/yett/audit"
    /// `durability`: when a record counts as written.
    public var durability: Durability = .process
    /// `origin`: the log's name in its checkpoints; by default `<trust domain>/audit`.
    public var origin = ""
    /// `key`: the Ed25519 key that signs checkpoints; by default one is made in the directory.
    public var key: SecretReference?
    /// `checkpoint.interval`.
    public var checkpointInterval: Duration = .seconds(1)
    /// `checkpoint.records`.
    public var checkpointRecords = 10_000
    /// `witnesses`: who cosigns the checkpoints.
    public var witnesses: [WitnessConfiguration] = []

    /// The defaults.
    public init() {}

    /// When a record counts as written.
    public enum Durability: String, Sendable, Hashable, CaseIterable {
        /// In the kernel's hands: survives the end of the process.
        case process
        /// On the disk: survives a power loss.
        case disk
    }

    /// Every limit with its name, its range and what it bounds.
    public static let checkpointFields: [LimitField<AuditConfiguration>] = [
        .time(
            "interval", \.checkpointInterval, 100...3_600_000, "the longest time from a record to a checkpoint over it"),
        .count("records", \.checkpointRecords, 1...1_000_000, "records after which a checkpoint is made at once"),
    ]
}

/// Somebody outside who cosigns checkpoints (C2SP tlog-witness).
public struct WitnessConfiguration: Sendable, Hashable {
    /// `url`: where `add-checkpoint` is found.
    public var url: String
    /// `key`: the verifier key in signed-note form, `name+hash+key`.
    public var key: String
    /// Where it stands in the file.
    public var place = Place.start

    /// Names a witness.
    public init(url: String, key: String) {
        self.url = url
        self.key = key
    }
}

/// The operators' socket. Its mode is always 0600.
public struct AdminConfiguration: Sendable, Hashable {
    /// `socket`.
    public var socket = "/run/yett/admin.sock"
    /// `uids`: who may use it besides the gate's own user.
    public var uids: [UInt32] = [0]

    /// The defaults.
    public init() {}
}
