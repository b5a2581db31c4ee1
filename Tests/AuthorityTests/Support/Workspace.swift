// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Identity
import ProcessSupport
import Synchronization

@testable import Authority

/// A clock that only tests move.
final class ManualClock: Sendable {
    private let time: Mutex<(wall: Int64, monotonic: Int64)>

    init(_ wall: Int64 = 1_800_000_000) { time = Mutex((wall, 1000)) }

    var now: Int64 { time.withLock { $0.wall } }

    /// Lets time pass.
    func advance(_ seconds: Int64) {
        time.withLock { time in
            time.wall += seconds
            time.monotonic += seconds
        }
    }

    /// Sets the wall clock.
    func step(_ seconds: Int64) { time.withLock { $0.wall += seconds } }

    var authorityClock: AuthorityClock {
        AuthorityClock(wall: { self.time.withLock { $0.wall } }, monotonic: { self.time.withLock { $0.monotonic } })
    }
}

/// A directory that goes with the test, and authorities in it.
final class Workspace: Sendable {
    let directory: String
    let clock: ManualClock

    init(now: Int64 = 1_800_000_000) throws {
        let path = FileManager.default.temporaryDirectory.path + "/authority-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        directory = path
        clock = ManualClock(now)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    static let domain = "example.test"

    var state: String { directory + "/authority" }

    func configuration(_ change: (inout AuthorityConfiguration) -> Void = { _ in }) throws -> AuthorityConfiguration {
        var configuration = AuthorityConfiguration(
            trustDomain: try TrustDomain(parsing: Self.domain), directory: state)
        change(&configuration)
        return configuration
    }

    func authority(_ change: (inout AuthorityConfiguration) -> Void = { _ in }) throws -> Authority {
        try Authority(configuration(change), clock: clock.authorityClock, jitter: { 0 })
    }

    func write(_ bytes: [UInt8], to name: String, mode: Int = 0o600) throws -> String {
        let path = directory + "/" + name
        guard FileManager.default.createFile(atPath: path, contents: Data(bytes), attributes: [.posixPermissions: mode])
        else { throw CocoaError(.fileWriteUnknown) }
        return path
    }
}

/// Runs a program and collects what it prints.
enum Shell {
    static func run(_ arguments: [String]) -> (status: Int32, output: String) {
        let process = ChildProcess()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.standardOutput = pipe
        process.standardError = pipe
        do {
            try process.run()
        } catch {
            return (-1, "\(arguments) cannot be started: \(error)")
        }
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }
}

/// A caller with these selectors, for entries.
func caller(_ selectors: String...) throws -> AttestedCaller {
    AttestedCaller(selectors: Set(try selectors.map { try Selector(parsing: $0) }), isUnchanged: { true })
}

/// An entry of an operator for a path of the tests' trust domain.
func entry(
    _ path: String, _ selectors: [String], x509Lifetime: Int64? = nil, jwtLifetime: Int64? = nil, hint: String = "",
    dnsNames: [String] = [], federatesWith: [String] = [], expires: Int64? = nil,
    origin: RegistrationEntry.Origin = .operator
) throws -> RegistrationEntry {
    try RegistrationEntry(
        spiffeID: SPIFFEID(parsing: "spiffe://\(Workspace.domain)\(path)"),
        parentID: LocalNode.id(in: TrustDomain(parsing: Workspace.domain)),
        selectors: selectors.map { try Selector(parsing: $0) }, x509Lifetime: x509Lifetime, jwtLifetime: jwtLifetime,
        hint: hint, dnsNames: dnsNames, federatesWith: federatesWith.map { try TrustDomain(parsing: $0) },
        expires: expires, origin: origin)
}
