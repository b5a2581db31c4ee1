// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Glibc
import Identity
import Testing

@testable import Authority

@Suite struct StateTests {
    private let workspace: Workspace

    init() throws { workspace = try Workspace() }

    private func mode(_ path: String) throws -> Int {
        try #require(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }

    @Test func `everything on disk is ours alone`() throws {
        let authority = try workspace.authority()
        #expect(try mode(workspace.state) == 0o700)
        let files = try FileManager.default.contentsOfDirectory(atPath: workspace.state)
        #expect(files.contains("authority.db") && files.contains("seal.key"))
        for file in files { #expect(try mode(workspace.state + "/" + file) == 0o600) }
        withExtendedLifetime(authority) {}
    }

    @Test func `no private key is on disk in the clear`() async throws {
        let authority = try workspace.authority()
        try await authority.prepare(.x509)
        let stored = try authority.store.keys()
        let active = try #require(stored.keys.first { $0.key.stage == .active && $0.key.kind == .jwt })
        let sealer = authority.changes.factory.sealer
        let secret = try sealer.open(
            try #require(active.sealed), purpose: "\(Workspace.domain) jwt \(active.key.id)")
        let scalar = try SigningKey(pkcs8: secret).secretPKCS8()
        for file in try FileManager.default.contentsOfDirectory(atPath: workspace.state) {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: workspace.state + "/" + file))
            #expect(bytes.range(of: Data(scalar[36..<68])) == nil)
        }
    }

    @Test func `a key that signs no more has lost its private half`() async throws {
        let authority = try workspace.authority()
        try await authority.activate(.x509, authority.prepare(.x509).id)
        let keys = try authority.store.keys().keys.filter { $0.key.kind == .x509 }
        #expect(keys.map { $0.sealed == nil } == keys.map { $0.key.stage == .old })
    }

    @Test func `two authorities never share a state`() throws {
        let first = try workspace.authority()
        #expect(throws: AuthorityError.self) { try workspace.authority() }
        withExtendedLifetime(first) {}
    }

    @Test func `a state belongs to one trust domain`() throws {
        let other = try TrustDomain(parsing: "other.test")
        _ = try workspace.authority()
        #expect(throws: AuthorityError.self) {
            try workspace.authority { $0.trustDomain = other }
        }
    }

    @Test func `a directory or a file that others may read is refused`() throws {
        _ = try workspace.authority()
        chmod(workspace.state, 0o755)
        #expect(throws: AuthorityError.self) { try workspace.authority() }
        chmod(workspace.state, 0o700)
        for file in ["authority.db", "seal.key"] {
            chmod(workspace.state + "/" + file, 0o640)
            #expect(throws: AuthorityError.self) { try workspace.authority() }
            chmod(workspace.state + "/" + file, 0o600)
        }
        _ = try workspace.authority()
    }

    @Test func `a link in the place of the directory or the key file is not followed`() throws {
        let other = workspace.directory + "/other"
        try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: false)
        try FileManager.default.createSymbolicLink(atPath: workspace.state, withDestinationPath: other)
        #expect(throws: AuthorityError.self) { try workspace.authority() }
    }

    @Test func `a damaged database is an error and not a new authority`() throws {
        _ = try workspace.authority()
        let path = workspace.state + "/authority.db"
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        for index in 0..<bytes.count where index % 97 == 3 { bytes[index] ^= 0xff }
        try bytes.write(to: URL(fileURLWithPath: path))
        chmod(path, 0o600)
        for name in ["authority.db-wal", "authority.db-shm"] { unlink(workspace.state + "/" + name) }
        #expect(throws: AuthorityError.self) { try workspace.authority() }
    }

    // MARK: Sealing

    @Test func `without its key file the state is not opened, and no other file is made`() throws {
        _ = try workspace.authority()
        unlink(workspace.state + "/seal.key")
        #expect(throws: AuthorityError.self) { try workspace.authority() }
        #expect(!FileManager.default.fileExists(atPath: workspace.state + "/seal.key"))
    }

    @Test func `another key file or passphrase does not open the state`() throws {
        let file = try workspace.write([UInt8](repeating: 7, count: 32), to: "k")
        let other = try workspace.write([UInt8](repeating: 8, count: 32), to: "o")
        let phrase = try workspace.write(Array("correct horse battery staple\n".utf8), to: "p")
        _ = try workspace.authority { $0.sealing = .file(file) }
        for source in [SealingKey.file(other), .passphrase(file: phrase)] {
            #expect(throws: AuthorityError.self) { try workspace.authority { $0.sealing = source } }
        }
        _ = try workspace.authority { $0.sealing = .file(file) }
    }

    @Test func `a passphrase seals and opens`() throws {
        let phrase = try workspace.write(Array("correct horse battery staple\n".utf8), to: "p")
        let keys = try workspace.authority { $0.sealing = .passphrase(file: phrase) }.keys
        #expect(try workspace.authority { $0.sealing = .passphrase(file: phrase) }.keys == keys)
    }

    @Test(arguments: [("short", 31, 0o600), ("open", 32, 0o604), ("large", 5000, 0o600)])
    func `a key file that is no good is refused`(name: String, count: Int, mode: Int) throws {
        let file = try workspace.write([UInt8](repeating: 7, count: count), to: name, mode: mode)
        chmod(file, mode_t(mode))
        #expect(throws: AuthorityError.self) { try workspace.authority { $0.sealing = .file(file) } }
    }

    @Test func `a sealed key cannot be put in another one's place`() throws {
        let sealer = Sealer(source: .besideState, directory: try StateDirectory(workspace.state))
        try sealer.createIfBesideState()
        let sealed = try sealer.seal([1, 2, 3], purpose: "a")
        #expect(try sealer.open(sealed, purpose: "a") == [1, 2, 3])
        #expect(throws: AuthorityError.self) { try sealer.open(sealed, purpose: "b") }
        for index in sealed.indices {
            var changed = sealed
            changed[index] ^= 1
            #expect(throws: AuthorityError.self) { try sealer.open(changed, purpose: "a") }
        }
        #expect(throws: AuthorityError.self) { try sealer.open(Array(sealed.prefix(17)), purpose: "a") }
    }

    @Test func `a secret that is gone at rotation leaves what signs in place`() async throws {
        let file = try workspace.write([UInt8](repeating: 7, count: 32), to: "k")
        let authority = try workspace.authority { $0.sealing = .file(file) }
        try await authority.add(entry("/agent/a", ["unix:uid:7"]))
        let before = authority.keys
        unlink(file)
        workspace.clock.advance(43_200)
        await #expect(throws: AuthorityError.self) { try await authority.maintain() }
        #expect(authority.keys == before)
        _ = try authority.x509SVIDs(for: caller("unix:uid:7"))
        _ = try authority.jwtSVIDs(for: caller("unix:uid:7"), audience: ["tool"])
    }
}
