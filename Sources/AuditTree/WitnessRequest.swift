// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The body of `POST <prefix>/add-checkpoint` (C2SP tlog-witness): the size the witness knows, a proof, a checkpoint.
public struct WitnessRequest: Hashable, Sendable {
    /// The most bytes of a request.
    public static let largest = 64 * 1024

    /// The size of the checkpoint that the witness cosigned last, 0 for none.
    public let oldSize: UInt64

    /// The proof from that size to the checkpoint's.
    public let proof: ConsistencyProof

    /// The checkpoint with its signatures.
    public let checkpoint: [UInt8]

    /// A request out of its parts.
    public init(oldSize: UInt64, proof: ConsistencyProof, checkpoint: [UInt8]) {
        self.oldSize = oldSize
        self.proof = proof
        self.checkpoint = checkpoint
    }

    /// The body.
    public var bytes: [UInt8] {
        var text = "old \(oldSize)\n"
        for hash in proof.path { text += hash.base64 + "\n" }
        return Array(text.utf8) + [0x0a] + checkpoint
    }

    /// Parses a body strictly; nil when it is none.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count <= Self.largest else { return nil }
        var rest = bytes[...]
        func line() -> ArraySlice<UInt8>? {
            guard let end = rest.firstIndex(of: 0x0a) else { return nil }
            defer { rest = rest[(end + 1)...] }
            return rest[..<end]
        }
        guard let first = line(), first.starts(with: "old ".utf8),
            let oldSize = DecimalNumber.parse(first.dropFirst(4))
        else { return nil }
        var path: [TreeHash] = []
        while let current = line() {
            if current.isEmpty {
                self.init(oldSize: oldSize, proof: ConsistencyProof(path: path), checkpoint: Array(rest))
                return
            }
            guard path.count < ConsistencyProof.longestPath,
                let hash = TreeHash(base64: String(decoding: current, as: UTF8.self))
            else { return nil }
            path.append(hash)
        }
        return nil
    }
}
