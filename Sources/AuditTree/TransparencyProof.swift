// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A `.tlog-proof` file (C2SP tlog-proof): all that is needed to check, offline, that a record is in a log.
public struct TransparencyProof: Hashable, Sendable {
    /// The first line of the file.
    public static let firstLine = "c2sp.org/tlog-proof@v1"

    /// Why a proof is refused.
    public enum Fault: Error, Equatable {
        /// The bytes are no proof; the string says what is wrong.
        case malformed(String)
        /// The checkpoint is not signed as demanded.
        case checkpoint(SignedNote.Fault)
        /// The record is not at that index of the tree that the checkpoint names.
        case notIncluded(index: UInt64)
    }

    /// Data beside the proof that nothing authenticates; here the record itself, so that the file is self-contained.
    public let extra: [UInt8]?

    /// The index and the sibling hashes.
    public let inclusion: InclusionProof

    /// The checkpoint with its signatures, verbatim.
    public let checkpoint: [UInt8]

    /// A proof out of its parts.
    public init(extra: [UInt8]?, inclusion: InclusionProof, checkpoint: [UInt8]) {
        self.extra = extra
        self.inclusion = inclusion
        self.checkpoint = checkpoint
    }

    /// The file.
    public var bytes: [UInt8] {
        var text = Self.firstLine + "\n"
        if let extra { text += "extra \(Base64.encode(extra))\n" }
        text += "index \(inclusion.index)\n"
        for hash in inclusion.path { text += hash.base64 + "\n" }
        return Array(text.utf8) + [0x0a] + checkpoint
    }

    /// Parses a file strictly.
    public init(_ bytes: [UInt8]) throws(Fault) {
        guard bytes.count <= 2 * SignedNote.largest else { throw .malformed("it is too large") }
        var rest = bytes[...]
        func line() throws(Fault) -> ArraySlice<UInt8> {
            guard let end = rest.firstIndex(of: 0x0a) else { throw .malformed("it ends too early") }
            defer { rest = rest[(end + 1)...] }
            return rest[..<end]
        }
        guard try line().elementsEqual(Self.firstLine.utf8) else {
            throw .malformed("the first line is not \(Self.firstLine)")
        }
        var current = try line()
        var extra: [UInt8]?
        if current.starts(with: "extra ".utf8) {
            guard let decoded = Base64.decode(current.dropFirst(6)) else { throw .malformed("extra is not base64") }
            extra = decoded
            current = try line()
        }
        guard current.starts(with: "index ".utf8), let index = DecimalNumber.parse(current.dropFirst(6)) else {
            throw .malformed("the index line is missing or malformed")
        }
        var path: [TreeHash] = []
        current = try line()
        while !current.isEmpty {
            guard path.count < InclusionProof.longestPath else { throw .malformed("the path is too long") }
            guard let hash = TreeHash(base64: String(decoding: current, as: UTF8.self)) else {
                throw .malformed("a hash of the path is malformed")
            }
            path.append(hash)
            current = try line()
        }
        self.init(extra: extra, inclusion: InclusionProof(index: index, path: path), checkpoint: Array(rest))
    }

    /// Checks that a record is in the log, with nothing but keys.
    ///
    /// - Parameters:
    ///   - record: the bytes of the record; without them those in `extra` are taken.
    ///   - key: the log's key.
    ///   - witnesses: keys of witnesses.
    ///   - quorum: how many of the witnesses must have cosigned.
    /// - Returns: the record that is proven and the checkpoint that it is part of.
    public func verify(
        record: [UInt8]? = nil, key: NoteVerifierKey, witnesses: [NoteVerifierKey] = [], quorum: Int = 0
    ) throws(Fault) -> (record: [UInt8], checkpoint: VerifiedCheckpoint) {
        guard let record = record ?? extra else { throw .malformed("it holds no record and none was given") }
        let head: VerifiedCheckpoint
        do {
            head = try VerifiedCheckpoint(checkpoint, key: key, witnesses: witnesses)
        } catch {
            throw .checkpoint(error)
        }
        guard head.signers.count(where: { $0 != key }) >= quorum else { throw .checkpoint(.noKnownSignature) }
        let isIncluded = inclusion.isValid(
            leaf: MerkleHash.leaf(record), size: head.checkpoint.size, root: head.checkpoint.root)
        guard isIncluded else { throw .notIncluded(index: inclusion.index) }
        return (record, head)
    }
}
