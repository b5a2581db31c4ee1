// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What a witness knows of each log, and the rule by which it cosigns (C2SP tlog-witness, add-checkpoint).
///
/// The state is a value: `answer` returns the state after the request, and the caller stores it durably *before* it
/// sends the answer, one request at a time. Anything else can roll a log back.
public struct WitnessState: Hashable, Sendable {
    /// The newest head of a log that was cosigned.
    public struct Head: Hashable, Sendable {
        /// The number of entries.
        public let size: UInt64
        /// The root over them.
        public let root: TreeHash

        /// A head out of its parts.
        public init(size: UInt64, root: TreeHash) {
            self.size = size
            self.root = root
        }
    }

    /// An HTTP answer.
    public struct Answer: Hashable, Sendable {
        /// The HTTP status.
        public let status: Int
        /// The media type of the body; nil when there is no body.
        public let contentType: String?
        /// The body.
        public let body: [UInt8]

        /// The answer of a witness that cannot store what it saw.
        public static let failure = refusal(500, "the witness cannot store its state")
    }

    /// The newest cosigned head of each log, by origin.
    public private(set) var heads: [String: Head]

    /// A state out of the heads that were stored.
    public init(heads: [String: Head] = [:]) {
        self.heads = heads
    }

    /// Judges a request.
    ///
    /// - Parameters:
    ///   - body: the body of the request.
    ///   - logs: the keys of the logs that are witnessed; the name of a key is the origin of its log.
    ///   - key: the witness's own key, of type `.cosignature`.
    ///   - time: seconds since 1970.
    /// - Returns: the answer; when its status is 200 the state has changed and must be stored before answering.
    public mutating func answer(
        _ body: [UInt8], logs: [NoteVerifierKey], key: NoteSigningKey, time: UInt64
    ) -> Answer {
        guard let request = WitnessRequest(body), let note = try? SignedNote(request.checkpoint),
            let checkpoint = try? Checkpoint(text: note.text)
        else { return Self.refusal(400, "malformed request") }
        let known = logs.filter { $0.name.description.utf8.elementsEqual(checkpoint.origin.utf8) }
        guard !known.isEmpty else { return Self.refusal(404, "unknown log") }
        guard (try? note.verify(with: known)) != nil else { return Self.refusal(403, "no trusted signature") }
        guard request.oldSize <= checkpoint.size else { return Self.refusal(400, "the old size is above the new") }
        let head = heads[checkpoint.origin] ?? Head(size: 0, root: MerkleHash.emptyRoot)
        guard request.oldSize == head.size else { return Self.conflict(head) }
        if head.size == checkpoint.size, head.root != checkpoint.root { return Self.conflict(head) }
        let isConsistent = request.proof.isValid(
            oldSize: head.size, oldRoot: head.root, newSize: checkpoint.size, newRoot: checkpoint.root)
        guard isConsistent else { return Self.refusal(422, "the consistency proof does not hold") }
        guard key.verifier.algorithm == .cosignature,
            let signature = try? Cosignature.sign(text: note.text, with: key, time: time)
        else { return Self.refusal(500, "the witness cannot sign") }
        heads[checkpoint.origin] = Head(size: checkpoint.size, root: checkpoint.root)
        return Answer(
            status: 200, contentType: "text/plain; charset=utf-8", body: Array(SignedNote.line(signature).utf8))
    }

    private static func refusal(_ status: Int, _ reason: String) -> Answer {
        Answer(status: status, contentType: "text/plain; charset=utf-8", body: Array((reason + "\n").utf8))
    }

    private static func conflict(_ head: Head) -> Answer {
        Answer(status: 409, contentType: "text/x.tlog.size", body: Array("\(head.size)\n".utf8))
    }
}

extension WitnessState {
    /// The state as text: a line `size root origin` for each log, sorted by origin.
    public var text: String {
        heads.sorted { $0.key < $1.key }.map { "\($0.value.size) \($0.value.root.base64) \($0.key)\n" }.joined()
    }

    /// Reads what `text` wrote; nil when anything is malformed or a log appears twice.
    public init?(text: String) {
        var heads: [String: Head] = [:]
        for line in text.utf8.split(separator: 0x0a) {
            let parts = line.split(separator: 0x20, maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3, let size = DecimalNumber.parse(parts[0]), let hash = String(parts[1]),
                let root = TreeHash(base64: hash), let origin = String(parts[2]), !origin.isEmpty,
                heads.updateValue(Head(size: size, root: root), forKey: origin) == nil
            else { return nil }
        }
        self.init(heads: heads)
    }
}
