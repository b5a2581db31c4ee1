// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Glibc
import Identity
import ProcessSupport
import Testing
import X509

@testable import Authority

/// The program `authority-torture`, which stands beside the test bundle.
private struct Torture {
    private static let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appendingPathComponent("authority-torture")

    private let process = ChildProcess()
    private let output = Pipe()

    init(_ directory: String, round: Int) throws {
        process.executableURL = Self.program
        process.arguments = [directory, "\(round)"]
        process.standardOutput = output
        try process.run()
    }

    /// Reads a number of acknowledged changes, kills the program, and reads the rest.
    func kill(after count: Int) throws -> [[String]] {
        let file = output.fileHandleForReading
        var bytes: [UInt8] = []
        while bytes.count(where: { $0 == 0x0a }) < count {
            let part = file.availableData
            try #require(!part.isEmpty, "authority-torture ended")
            bytes += part
        }
        Glibc.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        bytes += (try file.readToEnd()).map(Array.init) ?? []
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map {
            $0.split(separator: " ").map(String.init)
        }
    }
}

@Suite(.serialized) struct KillTests {
    @Test func `killing the process at any moment loses no acknowledged change and brings nothing back`() async throws {
        for round in 0..<25 {
            let workspace = try Workspace(now: Int64(Date().timeIntervalSince1970))
            let changes = try Torture(workspace.state, round: round).kill(after: 3 + round * 4)
            func all(_ what: String) -> [[String]] { changes.filter { $0.first == what } }
            let authority = try workspace.authority()
            for kind in KeyKind.allCases {
                #expect(authority.keys.filter { $0.kind == kind && $0.stage == .active }.count == 1)
                #expect(authority.keys.filter { $0.kind == kind && $0.stage == .prepared }.count <= 1)
            }
            for change in all("revoked") {
                #expect(!authority.keys.contains { $0.id == change[2] && $0.stage != .revoked })
            }
            for change in all("active") {
                #expect(authority.keys.contains { $0.id == change[2] && $0.stage != .prepared })
            }
            let sequence = all("sequence").compactMap { UInt64($0[1]) }.max() ?? 0
            #expect(authority.state.bundle.sequence ?? 0 >= sequence)
            let entries = Set(authority.entries.map(\.spiffeID.description))
            let removed = Set(all("removed").map { $0[1] })
            let added = all("entry").map { $0[1] }
            // The last one may have been removed without having been able to say so.
            for id in added.dropLast() where !removed.contains(id) { #expect(entries.contains(id)) }
            #expect(entries.isDisjoint(with: removed))
            let key = SigningKey.generate().publicKey
            for token in all("used") {
                await #expect(throws: AuthorityError.self) {
                    try await authority.redeem(joinToken: token[1], publicKey: key)
                }
            }
            try await authority.add(entry("/agent/after", ["unix:uid:77"]))
            let issued = try #require(try authority.x509SVIDs(for: caller("unix:uid:77")).first)
            _ = try X509SVIDVerifier.verify(
                issued.svid.chain.map(\.der), bundles: authority.state.bundles, purpose: .clientAuthentication,
                now: workspace.clock.now)
        }
    }
}
