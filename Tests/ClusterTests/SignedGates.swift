// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Cluster
import Identity
import Testing

/// The gates `a` and `b` of one trust domain, and others.
enum SignedGates {
    /// The key of a gate.
    static func key(_ name: String, _ seed: UInt8) throws -> NoteSigningKey {
        let name = try #require(NoteName(name))
        return try #require(NoteSigningKey(name: name, seed: Array(repeating: seed, count: 32)))
    }

    /// Both gates, as the gate of a key sees them.
    static func members(_ own: NoteSigningKey, domain: String = "gate.test") throws -> ClusterMembers {
        try ClusterMembers(
            own: own, named: [try key("a", 1).verifier.text, try key("b", 2).verifier.text],
            trustDomain: try TrustDomain(parsing: domain))
    }

    /// One gate that only it itself names.
    static func stranger(_ name: String, _ seed: UInt8) throws -> ClusterMembers {
        let key = try key(name, seed)
        return try ClusterMembers(
            own: key, named: [key.verifier.text], trustDomain: try TrustDomain(parsing: "gate.test"))
    }

    /// What nobody believes of a payload, by what is wrong with it.
    static func forgeries(_ payload: [UInt8], at key: ClusterKey, other: ClusterKey) throws -> [String: [UInt8]] {
        let a = try members(try Self.key("a", 1))
        let signed = String(decoding: try a.value(payload, at: key), as: UTF8.self)
        return [
            "unsigned": payload,
            "of a key that is not named": try stranger("a", 9).value(payload, at: key),
            "of a gate that is not named": try stranger("c", 3).value(payload, at: key),
            "in another's name": Array(signed.replacing(#""gate":"a","payload""#, with: #""gate":"b","payload""#).utf8),
            "for another entry": try a.value(payload, at: other),
            "for another trust domain": try members(try Self.key("a", 1), domain: "other.test").value(payload, at: key),
            "changed": Array(signed.replacing(#"uid:0"#, with: #"uid:1"#).utf8),
        ]
    }
}
