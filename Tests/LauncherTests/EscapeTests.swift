// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Testing

/// Every attempt of `Probes/escapes.py`, from inside a launch by each account.
@Suite struct EscapeTests {
    static let attempts = [
        "direct-tcp", "udp-dns", "resolver", "ipv6-link-local-and-multicast", "broadcast-and-multicast", "raw-socket",
        "packet-socket", "netlink-other-than-route", "netlink-route-changes-nothing", "only-loopback-exists", "vsock",
        "kernel-crypto-and-other-families", "family-with-upper-half-set", "multipath-and-sctp-protocols",
        "abstract-host-socket", "pathname-host-sockets", "mount", "chroot", "new-namespaces", "clone3",
        "join-a-namespace", "trace", "memory-of-the-first-process", "environment-of-the-first-process",
        "canary-in-any-environment-or-command-line", "root-of-the-first-process", "kernel-settings",
        "inherited-descriptors", "terminal-injection", "controlling-terminal", "set-user-id-programs",
        "making-a-set-user-id-file", "file-capabilities", "device-nodes", "system-directories-are-read-only",
        "symbolic-links-out-of-the-working-directory", "hard-links-to-the-system", "rename-over-a-mount",
        "home-directories-are-hidden", "host-processes", "kill-everything-and-still-have-only-the-gate",
        "take-the-relays-port", "kernel-interfaces", "persistent-keyring", "thirty-two-bit-calls", "x32-calls",
        "program-from-memory-stays-confined", "system-v-shared-memory-of-the-host", "raising-limits",
        "core-dump-to-the-hosts-handler",
        "descriptor-passed-through-a-shown-directory", "forged-peer-credentials", "becoming-another-user",
    ]

    private static let reports = [
        Account.root: Task { try await report(.root) }, Account.ordinary: Task { try await report(.ordinary) },
    ]

    @Test("an attempt to escape is stopped", arguments: attempts, Account.available)
    func stops(attempt: String, account: Account) async throws {
        let report = try await #require(Self.reports[account]).value
        let outcome = try #require(report[attempt], "the attempt was not made")
        #expect(outcome.hasPrefix("stopped"), "\(outcome)")
    }

    @Test("every attempt of the probe is named here", arguments: Account.available)
    func namesAll(account: Account) async throws {
        let report = try await #require(Self.reports[account]).value
        #expect(Set(report.keys) == Set(Self.attempts))
    }

    @Test("nothing on the host has changed afterwards", arguments: Account.available)
    func leavesTheHostAlone(account: Account) async throws {
        _ = try await #require(Self.reports[account]).value
        let work = try await Workbench.shared(account).work
        for name in try FileManager.default.contentsOfDirectory(atPath: work) {
            var status = stat()
            try #require(lstat("\(work)/\(name)", &status) == 0)
            #expect(status.st_mode & 0o6000 == 0, "\(name) has a set-id bit")
            #expect(status.st_uid == account.user || status.st_uid == geteuid(), "\(name) changed hands")
        }
    }

    private static func report(_ account: Account) async throws -> [String: String] {
        guard Account.available.contains(account) else { return [:] }
        let bench = try await Workbench.shared(account)
        let secret = bench.root + "/secret"
        try Data("host-secret-canary".utf8).write(to: URL(fileURLWithPath: secret))
        let host = try HostBait(directory: bench.root)
        defer { host.remove() }
        let outcome = try await bench.launch([
            "/usr/bin/python3", "escapes.py", host.address, host.abstractName, secret, "\(getpid())", "\(host.key)",
            bench.gate + "/gate.sock", host.socketPath,
        ])
        try #require(outcome.code == 0, "\(outcome)")
        var report: [String: String] = [:]
        for line in outcome.output.split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 1)
            if parts.count == 2 { report[String(parts[0])] = String(parts[1]) }
        }
        return report
    }
}
