// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Cluster
import Foundation
import Glibc
import Storage
import Testing

@testable import Gateway

/// What a gate makes of the audit trees of the others.
@Suite struct TreeWatchTests {
    /// The audit log of the gate `b`, which is watched, and what watches it.
    private final class Scene {
        let directory = "/tmp/yett-trees-" + String(UInt64.random(in: .min ... .max), radix: 36)
        let log: AuditLog
        let witness: NoteSigningKey
        private var time: Int64 = 0

        init() throws {
            guard mkdir(directory, 0o700) == 0 else { throw POSIXError(.EIO) }
            log = try Self.log(directory + "/b", key: nil)
            let name = try #require(NoteName("b"))
            witness = try #require(
                NoteSigningKey(
                    name: name, algorithm: .cosignature, seed: Array(repeating: 2, count: 32)))
        }

        deinit {
            log.close()
            try? FileManager.default.removeItem(atPath: directory)
        }

        static func log(_ directory: String, key: String?) throws -> AuditLog {
            var configuration = AuditLog.Configuration(
                directory: directory, origin: try #require(NoteName("gate.test/audit")))
            configuration.keyPath = key
            return try AuditLog.open(configuration)
        }

        /// A gate that watches, with what it remembers on the disk.
        func watch() throws -> TreeWatch {
            let own = NoteSigningKey(
                name: try #require(NoteName("a")), algorithm: .cosignature, seed: Array(repeating: 1, count: 32))
            return try TreeWatch(key: try #require(own), database: try StateDatabase(path: directory + "/state.db"))
        }

        /// The head of a log after some records, with proofs from these sizes.
        func head(
            of log: AuditLog? = nil, after records: Int, from sizes: [UInt64] = []
        ) throws -> (shared: SharedHead, size: UInt64) {
            let log = log ?? self.log
            for _ in 0..<records {
                var event = AuditEvent(kind: .adminAction, time: Int64.random(in: 1...1_000_000))
                event.detail = "something"
                try log.record(event)
            }
            try log.synchronize()
            let reader = try log.reader()
            var proofs: [UInt64: ConsistencyProof] = [:]
            for size in sizes { proofs[size] = try reader.consistencyProof(from: size) }
            time += 1
            let head = SharedHead(
                time: time, log: log.verifierKey, witness: witness.verifier, note: reader.head.note.bytes,
                proofs: proofs)
            return (try SharedHead(head.payload), reader.size)
        }
    }

    @Test("a tree that grows is signed head by head, and a gate that missed one says what it knows")
    func grows() throws {
        let scene = try Scene()
        let watch = try scene.watch()
        let first = try scene.head(after: 300)
        #expect(try watch.look(at: first.shared, of: "b", seconds: 7) == nil)
        let sighting = try #require(watch.sightings["b"])
        #expect(sighting.size == first.size)
        let line = try #require(sighting.signature)
        let note = try SignedNote(first.shared.note)
        let signed = SignedNote(text: note.text, signatures: [line])
        #expect(try signed.verify(with: [watch.key.verifier]) == [watch.key.verifier])
        // Without a proof from there, nothing is signed, and nothing is alleged.
        let second = try scene.head(after: 300)
        #expect(try watch.look(at: second.shared, of: "b", seconds: 8) == nil)
        #expect(watch.sightings["b"] == SharedSightings.Sighting(size: first.size, signature: nil))
        let third = try scene.head(after: 0, from: [first.size, 5])
        #expect(try watch.look(at: third.shared, of: "b", seconds: 9) == nil)
        #expect(watch.sightings["b"]?.size == second.size)
        #expect(watch.sightings["b"]?.signature != nil)
        // What was said before is not said again, not by whoever puts an older entry back.
        #expect(throws: EntryFault.self) { try watch.look(at: first.shared, of: "b", seconds: 10) }
    }

    @Test("a tree that is set back, changed or replaced is told once, also after a restart")
    func contradictions() throws {
        let scene = try Scene()
        let small = try scene.head(after: 10)
        let first = try scene.head(after: 50)
        #expect(try scene.watch().look(at: first.shared, of: "b", seconds: 1) == nil)
        let watch = try scene.watch()
        func again(_ head: SharedHead, proofs: [UInt64: ConsistencyProof] = [:]) throws -> SharedHead {
            let later = try scene.head(after: 0)
            return SharedHead(
                time: later.shared.time, log: head.log, witness: head.witness, note: head.note, proofs: proofs)
        }
        let rollback = try watch.look(at: try again(small.shared), of: "b", seconds: 2)
        #expect(rollback?.kind == .rollback)
        #expect(rollback?.detail.contains("\(small.size) records, and had \(first.size)") == true)
        #expect(try watch.look(at: try again(small.shared), of: "b", seconds: 3) == nil)
        // Another history under the same key: as large, and larger with a proof that does not hold.
        let fork = try Scene.log(scene.directory + "/fork", key: scene.directory + "/b/key")
        defer { fork.close() }
        let forked = try scene.head(of: fork, after: 200)
        #expect(forked.size > first.size)
        let other = try again(forked.shared, proofs: [first.size: try fork.reader().consistencyProof(from: first.size)])
        #expect(try watch.look(at: other, of: "b", seconds: 4)?.kind == .fork)
        #expect(watch.sightings["b"]?.size == first.size)
        // Another key: told, and watched from there.
        let new = try Scene.log(scene.directory + "/new", key: nil)
        defer { new.close() }
        let replaced = try scene.head(of: new, after: 3)
        #expect(try watch.look(at: replaced.shared, of: "b", seconds: 5)?.kind == .replaced)
        #expect(watch.sightings["b"]?.size == replaced.size)
        // A head that the key of the tree did not sign says nothing at all.
        let stranger = SharedHead(
            time: .max, log: scene.log.verifierKey, witness: scene.witness.verifier, note: replaced.shared.note,
            proofs: [:])
        #expect(throws: EntryFault.self) { try watch.look(at: stranger, of: "b", seconds: 6) }
        let wiped = try again(first.shared)
        #expect(try watch.look(at: wiped, of: "c", seconds: 6) == nil)
    }

    @Test(
        "statements about trees that are not exactly right are refused",
        arguments: [
            #""proofs":[{"from":-1,"path":[]}]"#, #""proofs":[{"from":1,"path":["x"]}]"#, #""proofs":[1]"#,
            #""proofs":[{"from":1,"path":[],"more":1}]"#, #""proofs":{}"#, #""log":"gate.test/audit+00000000+AQ==""#,
            #""witness":1"#, #""note":"\#(String(repeating: "x", count: 5_000))""#, #""time":"1""#,
        ])
    func refuses(_ member: String) throws {
        let scene = try Scene()
        let text = String(decoding: try scene.head(after: 1).shared.payload, as: UTF8.self)
        let value = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let change = try #require(try JSONSerialization.jsonObject(with: Data("{\(member)}".utf8)) as? [String: Any])
        let changed = try JSONSerialization.data(withJSONObject: value.merging(change) { $1 })
        #expect(throws: EntryFault.self) { try SharedHead(Array(changed)) }
    }
}
