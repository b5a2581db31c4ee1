// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import AuditTree
public import Identity
internal import Protocols

/// The gates whose word counts, each known by a key that the operators named.
///
/// etcd carries what gates say to each other, and is not believed: whoever can write there can take an entry away or put
/// an older one back, but cannot make one.
public struct ClusterMembers: Sendable {
    /// What this gate signs with.
    private let own: NoteSigningKey
    /// The public keys of all gates; the name of a key is that of its gate.
    private let keys: [NoteVerifierKey]
    private let trustDomain: TrustDomain

    /// The most keys that may be named.
    public static let most = 1_024

    /// Takes what the operators named.
    ///
    /// - Throws: ``ClusterMembersFault``.
    public init(
        own: NoteSigningKey, named texts: [String], trustDomain: TrustDomain
    ) throws(ClusterMembersFault) {
        let keys = try Self.keys(texts)
        guard keys.contains(own.verifier) else { throw .ownIsMissing(own.verifier.text) }
        self.own = own
        self.keys = keys
        self.trustDomain = trustDomain
    }

    /// The keys that texts name.
    ///
    /// - Throws: ``ClusterMembersFault`` when one of them is no key of a gate.
    public static func keys(_ texts: [String]) throws(ClusterMembersFault) -> [NoteVerifierKey] {
        guard texts.count <= most else { throw .tooMany }
        var keys: [NoteVerifierKey] = []
        for text in texts {
            guard let key = NoteVerifierKey(text), key.algorithm == .ed25519 else { throw .malformed(text) }
            guard !keys.contains(key) else { throw .twice(text) }
            keys.append(key)
        }
        return keys
    }

    /// The name of this gate.
    public var gate: String { own.verifier.name.description }

    /// Whether a gate is one of those that are named.
    public func names(_ gate: String) -> Bool { !keys(of: gate).isEmpty }

    private func keys(of gate: String) -> [NoteVerifierKey] {
        keys.filter { $0.name.description.utf8.elementsEqual(gate.utf8) }
    }

    // MARK: Statements

    /// The value of an entry that says something in this gate's name: the text of a JSON document with a signature that
    /// is good for this entry of this trust domain and no other.
    public func value(_ payload: [UInt8], at key: ClusterKey) throws(ClusterError) -> [UInt8] {
        let payload = String(decoding: payload, as: UTF8.self)
        let signature: SignedNote.Signature?
        do {
            signature = try SignedNote(signing: text(payload, key), with: own).signatures.first
        } catch {
            throw .refused("the gate's key cannot sign: \(error)")
        }
        guard let signature else { throw .refused("the gate's key cannot sign") }
        return EntryDocument.text([
            ("gate", .string(gate)), ("payload", .string(payload)),
            ("signature", .string(Base64.encode(signature.bytes))),
        ])
    }

    /// What a gate said, and which gate that is.
    ///
    /// - Throws: ``EntryFault/untrusted(_:)`` unless a gate that is named signed exactly this for this entry.
    public func read(_ value: [UInt8], at key: ClusterKey) throws(EntryFault) -> (gate: String, payload: [UInt8]) {
        let envelope = try StatementEnvelope(value)
        try check(envelope, at: key)
        return (envelope.gate, Array(envelope.payload.utf8))
    }

    /// What an entry says, and what speaks against believing it. Whether it restricts, and so counts all the same, is for
    /// others to judge.
    public func claim(_ value: [UInt8], at key: ClusterKey) -> EntryClaim {
        guard let envelope = try? StatementEnvelope(value) else {
            return EntryClaim(payload: value, signer: nil, fault: .untrusted("no gate has signed it"))
        }
        let payload = Array(envelope.payload.utf8)
        do throws(EntryFault) {
            try check(envelope, at: key)
            return EntryClaim(payload: payload, signer: envelope.gate, fault: nil)
        } catch {
            return EntryClaim(payload: payload, signer: nil, fault: error)
        }
    }

    private func check(_ envelope: StatementEnvelope, at key: ClusterKey) throws(EntryFault) {
        let gate = envelope.gate
        let keys = keys(of: gate)
        guard !keys.isEmpty else { throw .untrusted("cluster.members names no gate of this name: \(gate)") }
        let isSigned = keys.contains { named in
            let line = SignedNote.Signature(
                name: named.name, identifier: named.identifier, bytes: envelope.signature)
            let note = SignedNote(text: text(envelope.payload, key), signatures: [line])
            return (try? note.verify(with: [named])) != nil
        }
        guard isSigned else { throw .untrusted("it is not signed with the key that cluster.members names for \(gate)") }
    }

    /// When a statement was made, in microseconds since 1970, where it says so.
    public static func time(of payload: [UInt8]) -> Int64? {
        (try? JSONValue(parsing: payload, limits: EntryDocument.limits))?["time"]?.integer
    }

    /// What is signed. Neither a trust domain nor a key holds a newline, so that no two statements have the same text; and
    /// no head of an audit log begins like this.
    private func text(_ payload: String, _ key: ClusterKey) -> String {
        "yett cluster statement v1\n\(trustDomain.name)\n\(key)\n\(payload)\n"
    }
}

/// Why keys of gates cannot be used.
public enum ClusterMembersFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// A text is no key.
    case malformed(String)
    /// One key stands there twice.
    case twice(String)
    /// The gate itself is not named, or with another key.
    case ownIsMissing(String)
    /// There are more than ``ClusterMembers/most``.
    case tooMany

    /// What is wrong, and what to do.
    public var description: String {
        switch self {
        case .malformed(let text): "\(text) is no key of a gate; yett cluster shows it"
        case .twice(let text): "\(text) stands there twice"
        case .ownIsMissing(let text): "this gate's own key is missing: \(text)"
        case .tooMany: "there are more than \(ClusterMembers.most) keys"
        }
    }
}
