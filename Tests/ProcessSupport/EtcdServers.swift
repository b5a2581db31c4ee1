// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Glibc

/// Real members of etcd on loopback addresses, in directories of their own.
package final class EtcdServers: @unchecked Sendable {
    // Unchecked: used by one test at a time.

    /// One member.
    private struct Member {
        let name: String
        let clientPort: UInt16
        let peerPort: UInt16
        var process: ChildProcess?
    }

    /// The files of TLS towards clients: the authority, and the members' own certificate and key.
    package struct Certificates: Sendable {
        /// PEM files.
        package var authority: String
        package var certificate: String
        package var key: String
        /// Whether the certificates name addresses; those with SPIFFE IDs do not.
        package var hasNames: Bool

        package init(authority: String, certificate: String, key: String, hasNames: Bool = true) {
            self.authority = authority
            self.certificate = certificate
            self.key = key
            self.hasNames = hasNames
        }
    }

    /// The directory of everything.
    package let directory: String
    private var members: [Member]
    private let certificates: Certificates?
    private var generation = 0

    /// Where each member answers clients.
    package var ports: [UInt16] { members.map(\.clientPort) }

    /// Starts members that know of each other, and waits until they answer.
    ///
    /// - Parameter areStarted: Whether they are started now, or one by one by the test.
    package init(_ count: Int = 1, certificates: Certificates? = nil, areStarted: Bool = true) throws {
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/etcd"),
            FileManager.default.isExecutableFile(atPath: "/usr/bin/etcdctl")
        else { throw MissingPeer(remedy: "apt-get install -y etcd-server etcd-client") }
        directory = "/tmp/yett-etcd-" + String(UInt64.random(in: .min ... .max), radix: 36)
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        self.certificates = certificates
        let ports = try Self.freePorts(2 * count)
        members = (0..<count).map { number in
            Member(name: "m\(number)", clientPort: ports[2 * number], peerPort: ports[2 * number + 1])
        }
        guard areStarted else { return }
        for number in members.indices { try start(number) }
        try waitUntilHealthy()
    }

    deinit {
        for number in members.indices { kill(number) }
        try? FileManager.default.removeItem(atPath: directory)
    }

    // MARK: What befalls members

    /// Starts a member again.
    package func start(_ number: Int, isNew: Bool = true) throws {
        let member = members[number]
        let process = ChildProcess()
        process.executableURL = URL(filePath: "/usr/bin/etcd")
        let scheme = certificates == nil ? "http" : "https"
        var arguments = [
            "--name", member.name, "--data-dir", "\(directory)/\(member.name)-\(generation)",
            "--listen-client-urls", "\(scheme)://127.0.0.1:\(member.clientPort)",
            "--advertise-client-urls", "\(scheme)://127.0.0.1:\(member.clientPort)",
            "--listen-peer-urls", "http://127.0.0.1:\(member.peerPort)",
            "--initial-advertise-peer-urls", "http://127.0.0.1:\(member.peerPort)",
            "--initial-cluster", members.map { "\($0.name)=http://127.0.0.1:\($0.peerPort)" }.joined(separator: ","),
            "--initial-cluster-token", "yett-\(generation)", "--initial-cluster-state", isNew ? "new" : "existing",
            "--heartbeat-interval", "50", "--election-timeout", "500", "--log-level", "error",
        ]
        if let certificates {
            arguments += [
                "--cert-file", certificates.certificate, "--key-file", certificates.key,
                "--trusted-ca-file", certificates.authority, "--client-cert-auth",
            ]
        }
        process.arguments = arguments
        let log = "\(directory)/\(member.name).log"
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        let handle = FileHandle(forWritingAtPath: log)
        process.standardOutput = handle
        process.standardError = handle
        try process.run()
        members[number].process = process
    }

    /// Ends a member as a crash does.
    package func kill(_ number: Int) {
        guard let process = members[number].process else { return }
        signal(number, SIGCONT)
        signal(number, SIGKILL)
        process.waitUntilExit()
        members[number].process = nil
    }

    /// Stops a member in its tracks, as a machine that hangs; `resume` lets it go on.
    package func suspend(_ number: Int) { signal(number, SIGSTOP) }

    /// Lets a member go on.
    package func resume(_ number: Int) { signal(number, SIGCONT) }

    private func signal(_ number: Int, _ signal: Int32) {
        guard let process = members[number].process, process.processIdentifier > 0 else { return }
        _ = Glibc.kill(process.processIdentifier, signal)
    }

    /// Replaces a member by an empty one of the same name, while the others go on.
    package func wipe(_ number: Int) throws {
        let others = members.indices.filter { $0 != number }.map { members[$0].clientPort }
        let list = try control(["member", "list"], ports: others)
        guard
            let id = list.split(separator: "\n").first(where: { $0.contains(members[number].name) })?.split(
                separator: ","
            ).first
        else { throw MissingPeer(remedy: "no member \(number) in: \(list)") }
        kill(number)
        try FileManager.default.removeItem(atPath: "\(directory)/\(members[number].name)-\(generation)")
        let address = "http://127.0.0.1:\(members[number].peerPort)"
        // Members that have met only just now, or choose a leader, refuse it for a moment.
        try retrying("no member can be removed") {
            _ = try? control(["member", "remove", String(id)], ports: others)
            return try !control(["member", "list"], ports: others).contains(address)
        }
        try retrying("no member can be added") {
            _ = try? control(["member", "add", members[number].name, "--peer-urls=\(address)"], ports: others)
            return try control(["member", "list"], ports: others).contains(address)
        }
        try start(number, isNew: false)
        try waitUntilHealthy()
    }

    private func retrying(_ failure: String, _ isDone: () throws -> Bool) throws {
        let deadline = ContinuousClock.now + .seconds(20)
        while !((try? isDone()) ?? false) {
            guard ContinuousClock.now < deadline else { throw MissingPeer(remedy: failure) }
        }
    }

    /// Replaces all members by empty ones at the same places.
    package func wipeAll() throws {
        for number in members.indices { kill(number) }
        generation += 1
        for number in members.indices { try start(number) }
        try waitUntilHealthy()
    }

    /// The member that leads at present.
    package func leader() throws -> Int {
        for number in members.indices {
            let status = try control(["endpoint", "status", "-w", "json"], ports: [members[number].clientPort])
            guard let member = Self.number(after: "\"member_id\":", in: status),
                let leader = Self.number(after: "\"leader\":", in: status)
            else { continue }
            if member == leader { return number }
        }
        throw MissingPeer(remedy: "no member leads")
    }

    private static func number(after name: String, in text: String) -> Substring? {
        text.range(of: name).map { text[$0.upperBound...].prefix { $0.isNumber } }
    }

    /// Drops the history before the present revision.
    package func compact() throws {
        let status = try control(["endpoint", "status", "-w", "json"], ports: [ports[0]])
        guard let revision = Self.number(after: "\"revision\":", in: status) else { return }
        _ = try control(["compact", String(revision)], ports: [ports[0]])
    }

    /// Writes an entry.
    package func put(_ key: String, _ value: String) throws { _ = try control(["put", key, value], ports: ports) }

    /// Removes entries.
    package func remove(prefix: String) throws { _ = try control(["del", "--prefix", prefix], ports: ports) }

    /// The keys and values with a prefix, alternating.
    package func get(prefix: String) throws -> [String] {
        try control(["get", "--prefix", prefix], ports: ports).split(separator: "\n").map(String.init)
    }

    /// Runs etcdctl and gives back what it wrote.
    package func control(_ arguments: [String], ports: [UInt16]) throws -> String {
        let process = ChildProcess()
        process.executableURL = URL(filePath: "/usr/bin/etcdctl")
        var words = ["--endpoints", ports.map { "127.0.0.1:\($0)" }.joined(separator: ",")]
        if let certificates {
            words += certificates.hasNames ? ["--cacert", certificates.authority] : ["--insecure-skip-tls-verify"]
            words += ["--cert", certificates.certificate, "--key", certificates.key]
        }
        process.arguments = words + ["--command-timeout", "5s"] + arguments
        var environment = ProcessInfo.processInfo.environment
        environment["ETCDCTL_API"] = "3"
        process.environment = environment
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw MissingPeer(remedy: "etcdctl \(arguments): \(text)") }
        return text
    }

    /// Waits until each member answers for the majority.
    package func waitUntilHealthy() throws {
        let deadline = ContinuousClock.now + .seconds(20)
        for number in members.indices where members[number].process != nil {
            while (try? control(["endpoint", "health"], ports: [members[number].clientPort])) == nil {
                guard ContinuousClock.now < deadline else {
                    throw MissingPeer(remedy: "etcd does not start; see \(directory)")
                }
            }
        }
    }

    /// Ports that were free a moment ago, below those that connections get.
    private static func freePorts(_ count: Int) throws -> [UInt16] {
        var ports: Set<UInt16> = []
        while ports.count < count {
            let port = UInt16.random(in: 20_000..<32_000)
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(descriptor) }
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
            let result = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            if result == 0 { ports.insert(port) }
        }
        return Array(ports)
    }
}

/// A program that a test needs is not there, or does not do what it should.
package struct MissingPeer: Error, CustomStringConvertible {
    package let remedy: String

    package init(remedy: String) { self.remedy = remedy }

    package var description: String { remedy }
}
