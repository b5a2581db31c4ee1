// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import AuditTree
import Glibc

/// The audit log of one process: an append-only journal and, behind it, a transparency log in C2SP formats.
///
/// Files in the directory: `journal/` (the records until they stand in full bundles), `tile/` (hashes and entries),
/// `checkpoint` (the signed head for readers), `signed-head` (the same for the signer), `key` (0600), `key.pub`,
/// `lock`, and `index.sqlite` (queries only, rebuilt at will).
public final class AuditLog: Sendable {
    /// The configuration it was opened with.
    public let configuration: Configuration

    /// The public key of the log, under whose name its checkpoints are signed.
    public let verifierKey: NoteVerifierKey

    /// What opening found and repaired, for the operator's log.
    public let openingNotes: [String]

    let journal: Journal
    let worker: TreeWorker
    private let syncer: DiskSyncer?
    private let lockFile: OpenFile
    private let control: ControlLane

    /// Opens or makes a log. One process at a time may have it open.
    public static func open(_ configuration: Configuration) throws(AuditLogError) -> AuditLog {
        try Files.secureDirectory(configuration.directory)
        let lockFile = try OpenFile(configuration.directory + "/lock", O_RDWR | O_CREAT)
        guard flock(lockFile.descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw .locked(path: configuration.directory)
        }
        try Files.secureDirectory(configuration.directory + "/journal")
        let (key, head) = try keyAndHead(configuration)
        var recovery = Recovery(directory: configuration.directory, head: head.head.checkpoint)
        let last = try recovery.run()
        let journal = try openJournal(configuration, last: last, size: recovery.builder.size)
        return try AuditLog(configuration, lockFile, key, head, recovery, journal)
    }

    private static func keyAndHead(
        _ configuration: Configuration
    ) throws(AuditLogError) -> (NoteSigningKey, SignedHead) {
        let directory = configuration.directory
        let keyPath = configuration.keyPath ?? directory + "/key"
        let headPath = directory + "/signed-head"
        let hasRecords =
            Files.exists(directory + "/checkpoint") || Files.exists(directory + "/tile")
            || JournalSegment.all(in: directory).contains { (try? OpenFile($0.path, O_RDONLY).status.st_size) != 0 }
        if Files.exists(headPath) || hasRecords {
            let key = try KeyFile.read(keyPath, name: configuration.origin, algorithm: .ed25519)
            guard let head = try SignedHead(path: headPath, key: key.verifier) else {
                throw .tampered(record: nil, decision: nil, reason: "\(headPath) is missing")
            }
            return (key, head)
        }
        let key =
            Files.exists(keyPath)
            ? try KeyFile.read(keyPath, name: configuration.origin, algorithm: .ed25519)
            : try KeyFile.create(keyPath, name: configuration.origin, algorithm: .ed25519)
        let empty = Checkpoint(origin: configuration.origin, size: 0, root: MerkleHash.emptyRoot)
        return (key, try SignedHead(path: headPath, first: empty, key: key))
    }

    private static func openJournal(
        _ configuration: Configuration, last: (segment: JournalSegment, end: Int)?, size: UInt64
    ) throws(AuditLogError) -> Journal {
        let path = last?.segment.path ?? configuration.directory + "/" + JournalSegment.name(first: size)
        let segment = try OpenFile(path, O_WRONLY | O_CREAT)
        let end = last?.end ?? 0
        let (result, code) = SystemCall.retrying { ftruncate(segment.descriptor, off_t(end)) }
        guard result == 0 else { throw .file(path: path, operation: "truncate", code: code) }
        try Files.synchronizeDirectory(of: path)
        return Journal(
            directory: configuration.directory, limits: Limits(configuration), segment: segment, offset: end,
            nextIndex: size)
    }

    private init(
        _ configuration: Configuration, _ lockFile: OpenFile, _ key: NoteSigningKey, _ head: SignedHead,
        _ recovery: Recovery, _ journal: Journal
    ) throws(AuditLogError) {
        self.configuration = configuration
        self.lockFile = lockFile
        self.journal = journal
        verifierKey = key.verifier
        openingNotes = recovery.notes
        control = ControlLane(
            AuditLane(
                journal: journal, isDurable: configuration.durability == .disk,
                notebook: configuration.follower?.makeNotebook()))
        try Files.replace(
            configuration.directory + "/key.pub", with: Array((key.verifier.text + "\n").utf8), isDurable: false)
        let store = TileStore(directory: configuration.directory)
        let grower = TreeGrower(store: store, builder: recovery.builder, bundle: recovery.bundle)
        var signer = HeadSigner(configuration: configuration, key: key, store: store, head: head)
        try signer.sign(grower.snapshot(), journal)
        syncer = configuration.durability == .disk ? try DiskSyncer(journal) : nil
        worker = try TreeWorker(
            grower, signed: recovery.builder.size, journal: journal, limits: Limits(configuration),
            signing: try SigningWorker(signer, journal: journal))
    }

    deinit {
        close()
    }

    /// Whether records are accepted; one atomic load.
    public var isAvailable: Bool { journal.isAvailable }

    /// How many records were refused since the log was opened, those that found the queue to the disk full among them.
    public var refusedRecords: UInt64 { journal.refusedRecords }

    /// Why records are refused; nil while they are accepted.
    public var fault: AuditLogError? { journal.lock.withLock { journal.fault } }

    /// A new lane, for one event loop.
    public func makeLane() -> AuditLane {
        AuditLane(
            journal: journal, isDurable: configuration.durability == .disk,
            notebook: configuration.follower?.makeNotebook())
    }

    /// Records one event from any thread and waits until it is recorded; for what happens rarely.
    public func record(_ event: AuditEvent) throws(AuditLogError) {
        guard control.record(event) else { throw fault ?? .unavailable("the log is closed or its queue is full") }
    }

    /// Waits until all that was recorded so far is in the tree and signed.
    public func synchronize() throws(AuditLogError) {
        try worker.synchronize()
    }

    /// Signs what was recorded, stops the threads and refuses records from now on. May be called again.
    public func close() {
        journal.close()
        syncer?.join()
        worker.join()
        flock(lockFile.descriptor, LOCK_UN)
    }
}
