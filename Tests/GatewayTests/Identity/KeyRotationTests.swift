// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Foundation
import GateSupport
import GatewaySupport
import Glibc
import Identity
import Protocols
import Synchronization
import Testing

/// Keys and bundles that change while clients work.
@Suite struct KeyRotationTests {
    private static func move(_ gate: IdentityGate, _ action: String, _ kind: String, _ id: String? = nil) throws
        -> [KeyReport]
    {
        let key = id.map { #","id":"\#($0)""# } ?? ""
        let answer = try gate.gate.ask("POST", "keys", body: #"{"action":"\#(action)","kind":"\#(kind)"\#(key)}"#)
        try #require(answer.status == 200, "\(answer.text)")
        return try AdminJSON.decoder.decode(KeyList.self, from: Data(answer.body)).keys.filter { $0.kind == kind }
    }

    private static func id(_ keys: [KeyReport], _ stage: String) throws -> String {
        try #require(keys.last { $0.stage == stage }?.id)
    }

    @Test(.timeLimit(.minutes(5)))
    func `Root, token keys and bundles change under traffic without a failed request`() async throws {
        try await IdentityGate.run { gate throws in
            let first = try gate.fetch()
            try gate.write("old", first.svid, first)
            let task = try gate.startTask()
            let failures = Mutex<[String]>([])
            let count = Atomic<Int>(0)
            let isOver = Atomic<Bool>(false)
            // A client that takes its identity from the socket each time, as the libraries do when it changes.
            let traffic = Thread {
                while !isOver.load(ordering: .acquiring) {
                    do {
                        let state = try gate.fetch()
                        let answer = try gate.exchange("search", handle: task.handle)
                        if answer.code != 200 { failures.withLock { $0.append(answer.text) } }
                        let tokens = try IdentityGate.waiting { () -> Bool in
                            let source = try gate.source()
                            return try await source.verifies(audience: "https://tool.test")
                        }
                        if !tokens || state.svids.count != 2 { failures.withLock { $0.append("identity") } }
                    } catch {
                        failures.withLock { $0.append("\(error)") }
                    }
                    count.add(1, ordering: .relaxed)
                }
                isOver.store(false, ordering: .releasing)
            }
            traffic.start()
            func waitForTraffic() {
                let start = count.load(ordering: .relaxed)
                #expect(comesTrue(within: 60) { count.load(ordering: .relaxed) >= start + 2 })
            }
            waitForTraffic()
            let revoked = try Self.id(
                try gate.gate.ask("GET", "keys", for: KeyList.self).keys.filter { $0.kind == "x509" }, "active")
            for kind in ["x509", "jwt"] {
                let present = try Self.id(
                    try gate.gate.ask("GET", "keys", for: KeyList.self).keys.filter { $0.kind == kind }, "active")
                let prepared = try Self.id(try Self.move(gate, "prepare", kind), "prepared")
                waitForTraffic()
                _ = try Self.move(gate, "activate", kind, prepared)
                waitForTraffic()
                #expect(try gate.exchange("search", handle: task.handle, as: "old").code == 200 || kind == "jwt")
                _ = try Self.move(gate, "taint", kind, present)
                waitForTraffic()
                _ = try Self.move(gate, "revoke", kind, present)
                waitForTraffic()
            }
            isOver.store(true, ordering: .releasing)
            #expect(comesTrue(within: 60) { !isOver.load(ordering: .acquiring) })
            #expect(failures.withLock { $0 }.isEmpty)
            #expect(count.load(ordering: .relaxed) >= 10)
            // What the revoked root vouches for is refused in the handshake, at once.
            #expect(try gate.exchange("search", handle: task.handle, as: "old").code == 0)
            let pem = try gate.gate.ask("GET", "trust-bundle", for: TrustBundleReport.self).pem
            #expect(!pem.isEmpty && first.ownBundle?.x509.authorities.count == 1)
            #expect(try gate.gate.records("kind=revocation").contains { $0.text("detail")?.contains(revoked) == true })
        }
    }

    @Test func `A step out of order is refused and says what comes first`() async throws {
        try await IdentityGate.run { gate throws in
            let active = try Self.id(
                try gate.gate.ask("GET", "keys", for: KeyList.self).keys.filter { $0.kind == "x509" }, "active")
            for body in [
                #"{"action":"taint","kind":"x509","id":"\#(active)"}"#,
                #"{"action":"revoke","kind":"x509","id":"\#(active)"}"#,
                #"{"action":"activate","kind":"x509","id":"nobody"}"#, #"{"action":"activate","kind":"x509"}"#,
                #"{"action":"prepare","kind":"rsa"}"#, #"{"action":"prepare","kind":"jwt","id":"x"}"#,
            ] {
                let answer = try gate.gate.ask("POST", "keys", body: body)
                #expect((400..<500).contains(answer.status), "\(body): \(answer.status) \(answer.text)")
            }
            #expect(try gate.fetch().svids.count == 2)
        }
    }
}
