// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import AuditTree
internal import Protocols

/// The head of a gate's audit tree, as it tells the other gates: a statement that the gate signs.
public struct SharedHead: Sendable, Hashable {
    /// When the gate said so, in microseconds since 1970; later than anything that it said before.
    public let time: Int64
    /// The key of the tree.
    public let log: NoteVerifierKey
    /// The key with which the gate signs what it has seen of other gates' trees.
    public let witness: NoteVerifierKey
    /// The checkpoint, signed with the key of the tree.
    public let note: [UInt8]
    /// Proofs that the tree extends older ones, by the size of these.
    public let proofs: [UInt64: ConsistencyProof]

    /// The most proofs: gates that follow have signed one of the last heads.
    public static let mostProofs = 8
    private static let largestNote = 4_096

    /// Describes a head.
    public init(
        time: Int64, log: NoteVerifierKey, witness: NoteVerifierKey, note: [UInt8], proofs: [UInt64: ConsistencyProof]
    ) {
        self.time = time
        self.log = log
        self.witness = witness
        self.note = note
        self.proofs = proofs
    }

    /// Where the head of a gate is kept.
    public static func key(_ gate: String) -> ClusterKey { ClusterKey(.head, gate) }

    /// The statement.
    public var payload: [UInt8] {
        let list = proofs.sorted { $0.key < $1.key }.map { entry -> JSONValue in
            var object = JSONObject()
            object["from"] = .integer(Int64(clamping: entry.key))
            object["path"] = .array(entry.value.path.map { .string($0.base64) })
            return .object(object)
        }
        return EntryDocument.text([
            ("time", .integer(time)), ("log", .string(log.text)), ("witness", .string(witness.text)),
            ("note", .string(String(decoding: note, as: UTF8.self))), ("proofs", .array(list)),
        ])
    }

    /// Reads a statement. Whether the checkpoint is signed, and whether a proof holds, is for others to find out.
    public init(_ payload: [UInt8]) throws(EntryFault) {
        let document = try EntryDocument(payload, members: ["time", "log", "witness", "note", "proofs"])
        time = try document.required("time") { $0.integer }
        log = try document.required("log") { Self.key($0, .ed25519) }
        witness = try document.required("witness") { Self.key($0, .cosignature) }
        note = try document.required("note") { json in
            json.string.flatMap { $0.utf8.count <= Self.largestNote ? Array($0.utf8) : nil }
        }
        let list = try document.required("proofs") { json in
            json.array.flatMap { $0.count <= Self.mostProofs ? $0 : nil }
        }
        var proofs: [UInt64: ConsistencyProof] = [:]
        for element in list {
            guard let object = element.object, object.names.count == 2,
                let size = object["from"]?.integer.flatMap({ UInt64(exactly: $0) }), let path = object["path"]?.array,
                path.count <= ConsistencyProof.longestPath
            else { throw .malformed("a proof is wrong") }
            let hashes = path.compactMap { $0.string.flatMap { TreeHash(base64: $0) } }
            guard hashes.count == path.count else { throw .malformed("a proof is wrong") }
            proofs[size] = ConsistencyProof(path: hashes)
        }
        self.proofs = proofs
    }

    private static func key(_ json: JSONValue, _ algorithm: NoteVerifierKey.Algorithm) -> NoteVerifierKey? {
        json.string.flatMap { NoteVerifierKey($0) }.flatMap { $0.algorithm == algorithm ? $0 : nil }
    }
}

/// What a gate has seen of the other gates' audit trees: a statement that the gate signs.
public struct SharedSightings: Sendable, Hashable {
    /// What was seen of one tree.
    public struct Sighting: Sendable, Hashable {
        /// The size of the largest head that was found to extend the ones before; 0 for none.
        public let size: UInt64
        /// The signature of that head; `nil` where the gate has none at hand.
        public let signature: SignedNote.Signature?

        /// Describes what was seen.
        public init(size: UInt64, signature: SignedNote.Signature?) {
            self.size = size
            self.signature = signature
        }
    }

    /// When the gate said so, in microseconds since 1970.
    public let time: Int64
    /// What it has seen, by gate.
    public let sightings: [String: Sighting]

    /// Describes what was seen.
    public init(time: Int64, sightings: [String: Sighting]) {
        self.time = time
        self.sightings = sightings
    }

    /// Where the sightings of a gate are kept.
    public static func key(_ gate: String) -> ClusterKey { ClusterKey(.sightings, gate) }

    /// The statement.
    public var payload: [UInt8] {
        let list = sightings.sorted { $0.key < $1.key }.map { entry -> JSONValue in
            var object = JSONObject()
            object["gate"] = .string(entry.key)
            object["size"] = .integer(Int64(clamping: entry.value.size))
            object["signature"] = entry.value.signature.map { .string(SignedNote.line($0)) }
            return .object(object)
        }
        return EntryDocument.text([("time", .integer(time)), ("gates", .array(list))])
    }

    /// Reads a statement. Whether a signature is good is for others to find out.
    public init(_ payload: [UInt8]) throws(EntryFault) {
        let document = try EntryDocument(payload, members: ["time", "gates"])
        time = try document.required("time") { $0.integer }
        var sightings: [String: Sighting] = [:]
        for element in try document.required("gates", { $0.array }) {
            guard let object = element.object, let gate = object["gate"]?.string,
                let size = object["size"]?.integer.flatMap({ UInt64(exactly: $0) })
            else { throw .malformed("'gates' is wrong") }
            var signature: SignedNote.Signature?
            if let json = object["signature"] {
                signature = json.string.flatMap { SignedNote.signatures(Array($0.utf8)) }?.first
                guard signature != nil else { throw .malformed("'signature' is wrong") }
            }
            sightings[gate] = Sighting(size: size, signature: signature)
        }
        self.sightings = sightings
    }
}
