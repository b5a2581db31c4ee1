// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Identity

/// All keys of the authority with their halves: what is stored, and a draft of what will be.
struct KeyBook: Sendable {
    private struct Halves: Sendable {
        var publicBytes: [UInt8]
        var sealed: [UInt8]?
    }

    private(set) var sequence: Int64
    private(set) var x509: KeyRing
    private(set) var jwt: KeyRing
    private var halves: [KeyKind: [String: Halves]] = [:]

    init(_ stored: AuthorityStore.Keys, roots: KeySchedule, jwtKeys: KeySchedule) {
        sequence = stored.sequence
        x509 = KeyRing(kind: .x509, schedule: roots, keys: stored.keys.map(\.key).filter { $0.kind == .x509 })
        jwt = KeyRing(kind: .jwt, schedule: jwtKeys, keys: stored.keys.map(\.key).filter { $0.kind == .jwt })
        for key in stored.keys {
            halves[key.key.kind, default: [:]][key.key.id] = Halves(publicBytes: key.publicBytes, sealed: key.sealed)
        }
    }

    /// Both rings' keys.
    var keys: [AuthorityKey] { x509.keys + jwt.keys }

    /// As it is stored. Keys that sign no more have lost their private half.
    var stored: AuthorityStore.Keys {
        AuthorityStore.Keys(
            sequence: sequence,
            keys: keys.map { key in
                let halves = halves[key.kind]?[key.id]
                let maySign = key.stage == .active || key.stage == .prepared
                return StoredKey(
                    key: key, publicBytes: halves?.publicBytes ?? [], sealed: maySign ? halves?.sealed : nil)
            })
    }

    subscript(kind: KeyKind) -> KeyRing { kind == .x509 ? x509 : jwt }

    /// The public half of a key.
    func publicBytes(of key: AuthorityKey) -> [UInt8]? { halves[key.kind]?[key.id]?.publicBytes }

    /// The private half of a key under seal.
    func sealed(_ key: AuthorityKey) -> [UInt8]? { halves[key.kind]?[key.id]?.sealed }

    /// Adds a key.
    mutating func insert(_ key: StoredKey) {
        halves[key.key.kind, default: [:]][key.key.id] = Halves(publicBytes: key.publicBytes, sealed: key.sealed)
        change(key.key.kind) { $0.insert(key.key) }
    }

    /// Changes one ring, and drops what is not needed any more.
    mutating func change<Failure: Error>(
        _ kind: KeyKind, _ body: (inout KeyRing) throws(Failure) -> Void
    ) throws(Failure) {
        if kind == .x509 { try body(&x509) } else { try body(&jwt) }
        for key in self[kind].keys where key.stage == .old || key.stage == .revoked {
            halves[kind]?[key.id]?.sealed = nil
        }
        let known = Set(self[kind].keys.map(\.id))
        halves[kind] = halves[kind]?.filter { known.contains($0.key) }
    }

    /// Counts a change of what is published: past the time, so that a state that was lost is overtaken.
    mutating func advance(now: Int64) { sequence = max(sequence &+ 1, now) }
}
