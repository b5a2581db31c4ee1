// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Foundation
import Storage
import Testing

@Suite struct WitnessTests {
    struct Pair {
        let workspace: Workspace
        let log: AuditLog
        let witness: Witness

        init() throws {
            workspace = try Workspace()
            log = try AuditLog.open(try workspace.configuration())
            try log.fill(0..<300)
            witness = try Self.witness(workspace, [log.verifierKey])
        }

        static func witness(_ workspace: Workspace, _ logs: [NoteVerifierKey]) throws -> Witness {
            try Witness(
                directory: workspace.path + "/witness", name: try #require(NoteName("witness.example/w1")), logs: logs)
        }

        func request(old: UInt64, proofFrom: UInt64? = nil) throws -> WitnessRequest {
            let reader = try log.reader()
            return WitnessRequest(
                oldSize: old, proof: try reader.consistencyProof(from: proofFrom ?? old),
                checkpoint: reader.head.note.bytes)
        }

        func ask(_ request: WitnessRequest) -> WitnessState.Answer {
            witness.answer(request.bytes, time: 1_790_000_000)
        }
    }

    @Test func `a verification demands each witness that is named, and finds a log that was set back behind them`()
        throws
    {
        let pair = try Pair()
        let reader = try pair.log.reader()
        let older = try Data(contentsOf: URL(filePath: pair.workspace.directory + "/checkpoint"))
        try pair.log.fill(300..<400)
        let head = try pair.log.reader()
        let answer = pair.ask(try pair.request(old: 0))
        let signatures = try #require(SignedNote.signatures(answer.body))
        func report(_ witnesses: [NoteVerifierKey]) throws -> VerificationReport {
            try AuditVerifier.verify(
                directory: pair.workspace.directory, key: pair.log.verifierKey, witnesses: witnesses)
        }
        let witness = pair.witness.verifierKey
        #expect(try !report([witness]).isIntact)
        try pair.log.store(cosignatures: signatures, of: head.head, as: .members)
        pair.log.close()
        #expect(try report([]).isIntact)
        let good = try report([witness])
        #expect(good.isIntact)
        #expect(good.notes.contains { $0.contains("has signed that it saw the first \(head.size) records") })
        let stranger = NoteSigningKey(
            name: try #require(NoteName("other")), algorithm: .cosignature, seed: Array(repeating: 1, count: 32))
        #expect(try !report([witness, try #require(stranger?.verifier)]).isIntact)
        // The log's own heads say that there were never more records than these.
        #expect(reader.size < head.size)
        for name in ["checkpoint", "signed-head"] {
            try older.write(to: URL(filePath: pair.workspace.directory + "/" + name))
        }
        #expect(try !report([witness]).isIntact)
    }

    @Test func `a growing log is cosigned again and again, also after the witness restarts`() throws {
        let pair = try Pair()
        defer { pair.log.close() }
        var client = WitnessClient(witness: pair.witness.verifierKey)
        var witness = pair.witness
        for round in 0..<3 {
            let reader = try pair.log.reader()
            let answer = witness.answer(try client.request(for: reader).bytes, time: 1)
            guard case .cosigned = client.take(status: answer.status, body: answer.body, for: reader) else {
                Issue.record("round \(round): \(answer.status) \(String(decoding: answer.body, as: UTF8.self))")
                return
            }
            #expect(client.knownSize == reader.size)
            try pair.log.fill(1000 + round * 100..<1000 + round * 100 + 90)
            witness = try Pair.witness(pair.workspace, [pair.log.verifierKey])
        }
        // A client that has forgotten asks for the size first.
        var forgetful = WitnessClient(witness: witness.verifierKey)
        let reader = try pair.log.reader()
        var answer = witness.answer(try forgetful.request(for: reader).bytes, time: 1)
        #expect(answer.status == 409)
        #expect(answer.contentType == "text/x.tlog.size")
        #expect(forgetful.take(status: 409, body: answer.body, for: reader) == .knowsSize(client.knownSize))
        answer = witness.answer(try forgetful.request(for: reader).bytes, time: 1)
        #expect(answer.status == 200)
    }

    @Test func `each way of lying to a witness has its own refusal and changes nothing`() throws {
        let pair = try Pair()
        defer { pair.log.close() }
        #expect(pair.ask(try pair.request(old: 0)).status == 200)
        let known = try pair.log.reader().size
        try pair.log.fill(300..<400)
        let good = try pair.request(old: known)
        #expect(pair.ask(try pair.request(old: 0)).status == 409)
        #expect(pair.ask(try pair.request(old: 100)).status == 409)
        #expect(pair.ask(try pair.request(old: known, proofFrom: 100)).status == 422)
        let noProof = WitnessRequest(oldSize: known, proof: ConsistencyProof(path: []), checkpoint: good.checkpoint)
        #expect(pair.ask(noProof).status == 422)
        let tooOld = WitnessRequest(oldSize: 1 << 40, proof: good.proof, checkpoint: good.checkpoint)
        #expect(pair.ask(tooOld).status == 400)
        let text = String(decoding: good.checkpoint, as: UTF8.self)
        let unknown = text.replacingOccurrences(of: "gate.example/audit", with: "other.example/audit")
        #expect(
            pair.ask(WitnessRequest(oldSize: known, proof: good.proof, checkpoint: Array(unknown.utf8))).status == 404)
        let note = try SignedNote(good.checkpoint)
        let forged = SignedNote(
            text: note.text.replacingOccurrences(of: "\n4", with: "\n5"), signatures: note.signatures)
        #expect(pair.ask(WitnessRequest(oldSize: known, proof: good.proof, checkpoint: forged.bytes)).status == 403)
        for garbage in ["", "old\n\n", "old 1", "old 01\n\n", "new 1\n\n", String(repeating: "x", count: 70_000)] {
            #expect(pair.witness.answer(Array(garbage.utf8), time: 1).status == 400)
        }
        #expect(pair.ask(good).status == 200)
        #expect(pair.ask(try pair.request(old: try pair.log.reader().size)).status == 200)
    }

    @Test func `a log that was set back gets no second cosignature`() throws {
        let pair = try Pair()
        let earlier = try pair.request(old: 0)
        try pair.log.fill(300..<310)
        #expect(pair.ask(try pair.request(old: 0)).status == 200)
        pair.log.close()
        #expect(pair.ask(earlier).status == 409)
        let size = try pair.log.reader().size
        let rollback = WitnessRequest(oldSize: size, proof: ConsistencyProof(path: []), checkpoint: earlier.checkpoint)
        #expect(pair.ask(rollback).status == 400)
    }

    @Test func `a witness that lost or cannot store its state does not cosign`() throws {
        let pair = try Pair()
        defer { pair.log.close() }
        let path = pair.workspace.path + "/witness/witness-state"
        try Data("garbage".utf8).write(to: URL(fileURLWithPath: path))
        #expect(throws: AuditLogError.self) { try Pair.witness(pair.workspace, [pair.log.verifierKey]) }
        try FileManager.default.removeItem(atPath: pair.workspace.path + "/witness")
        #expect(pair.ask(try pair.request(old: 0)).status == 500)
        #expect(pair.ask(try pair.request(old: 0)).status == 500)
    }

    @Test func `answers that are not the witness's own are not taken`() throws {
        let pair = try Pair()
        defer { pair.log.close() }
        let reader = try pair.log.reader()
        let client = WitnessClient(witness: pair.witness.verifierKey)
        let good = pair.ask(try client.request(for: reader))
        for (status, body) in [
            (200, []), (200, Array("\u{2014} witness.example/w1 AAAAAAAA\n".utf8)), (200, good.body.dropLast(9)),
            (409, Array("12".utf8)), (409, Array("x\n".utf8)), (500, good.body), (204, good.body),
        ] {
            var copy = client
            guard case .refused = copy.take(status: status, body: body, for: reader) else {
                Issue.record("took \(status) \(String(decoding: body, as: UTF8.self))")
                continue
            }
        }
    }

    @Test func `the state is written as it is read`() throws {
        let text = "5 CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I= a.example/x\n"
        #expect(WitnessState(text: text)?.text == text)
        #expect(WitnessState(text: text + text) == nil)
        for damaged in ["5", "x CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I= a\n", "5 Cs a\n"] {
            #expect(WitnessState(text: damaged) == nil)
        }
    }
}
