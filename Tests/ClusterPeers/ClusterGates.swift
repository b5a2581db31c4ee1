// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Foundation
import GateSupport
import GatewaySupport
import ProcessSupport
import Synchronization
import Transport

/// Several whole gates that share their state in real etcd members.
struct ClusterGates: Sendable {
    /// The gates `a`, `b` and so on, each with an echo behind `web.test`.
    let gates: [RunningGate]
    /// The members.
    let servers: EtcdServers
    /// The port of the echo.
    let port: UInt16

    /// One agent with a tunnel to the echo, and one that is only there.
    static func tunnels(budget: String = "") -> @Sendable (_ port: UInt16) -> String {
        { port in
            """
            agents:
              bot:
                attest: [{launch: true}, {source: [127.0.0.1]}]
                grants: [{name: web, hosts: [web.test], ports: [\(port)], tls: any\(budget)}]
              other:
                attest: [{launch: true}]
                grants: [{name: web, hosts: [web.test], ports: [\(port)], tls: any}]
            egress:
              listeners: [{address: "127.0.0.1:0", identify: [source]}]
              resolver: {hosts: {web.test: [127.0.0.1]}}
              exceptions: [{host: web.test, port: \(port), cidr: 127.0.0.1/32}]
            """
        }
    }

    /// Runs gates for as long as `body` runs.
    ///
    /// - Parameters:
    ///   - isSigned: Whether the gates sign what they say to each other.
    ///   - clocks: Those of gates whose clock is not the machine's.
    ///   - sections: The configuration, without what makes a cluster of the gates.
    static func run(
        _ count: Int = 3, members: Int = 3, grace: String = "10s", certificates: EtcdCertificates? = nil,
        isSigned: Bool = false, clocks: [Int: Clock] = [:], upstream: UpstreamServer = UpstreamServer.echo(),
        prepare: @escaping @Sendable (String) throws -> Void = { _ in },
        sections: @escaping @Sendable (_ port: UInt16) -> String = tunnels(),
        _ body: @escaping @Sendable (ClusterGates) throws -> Void
    ) async throws {
        let servers = try EtcdServers(members, certificates: certificates?.ofServers)
        defer { upstream.stop() }
        let port = upstream.port
        let tls = certificates.map { ", tls: \($0.text)" } ?? ""
        let names = (0..<count).map { String(UnicodeScalar(UInt8(ascii: "a") + UInt8($0))) }
        let keys = isSigned ? try names.map { try Self.key(of: $0).verifier.text } : []
        let signed = keys.isEmpty ? "" : ", members: [\(keys.map { "\"\($0)\"" }.joined(separator: ", "))]"
        let endpoints = servers.ports.map { "\"127.0.0.1:\($0)\"" }.joined(separator: ", ")
        let started = StartedGates()
        let (ready, done) = (Latch(), Latch())
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<count {
                let name = names[number]
                let text =
                    sections(port)
                        + """

                        cluster: {gate: \(name), endpoints: [\(endpoints)], grace: \(grace), budget_blocks: 5\(tls)\(signed)}
                        """
                group.addTask {
                    defer { ready.open() }
                    try await RunningGate.run(
                        text, clock: clocks[number] ?? .system,
                        prepare: { directory in
                            if isSigned { try write(Self.key(of: name), in: directory) }
                            try prepare(directory)
                        }
                    ) { gate in
                        if started.add(gate, number) == count { ready.open() }
                        done.wait(within: 300)
                    }
                }
            }
            group.addTask {
                defer { done.open() }
                try await onOwnThread {
                    ready.wait()
                    let gates = started.all
                    guard gates.count == count else { throw MissingPeer(remedy: "a gate does not start") }
                    let cluster = ClusterGates(gates: gates, servers: servers, port: port)
                    try cluster.wait("the gates know each other") { gate in
                        try gate.status().cluster.map { $0.isFresh && $0.members.count == count } ?? false
                    }
                    try body(cluster)
                }
            }
            try await group.waitForAll()
        }
    }

    /// The key with which a gate of a test signs.
    static func key(of gate: String) throws -> NoteSigningKey {
        guard let name = NoteName(gate),
            let key = NoteSigningKey(name: name, seed: Array(repeating: name.byte, count: 32))
        else { throw MissingPeer(remedy: "no key can be made") }
        return key
    }

    private static func write(_ key: NoteSigningKey, in directory: String) throws {
        try FileManager.default.createDirectory(
            atPath: "\(directory)/audit", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let path = "\(directory)/audit/cluster-key"
        try "\(key.secretText())\n".write(toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    }

    /// Waits until something is true of every gate.
    func wait(
        _ what: String, within seconds: Double = 30, of chosen: [Int]? = nil, _ condition: (RunningGate) throws -> Bool
    ) throws {
        let deadline = Deadline(seconds)
        for (number, gate) in gates.enumerated() where chosen?.contains(number) ?? true {
            while !(try condition(gate)) {
                guard deadline.secondsLeft > 0 else {
                    throw MissingPeer(remedy: "never true of gate \(number): \(what)")
                }
                usleep(2_000)
            }
        }
    }

    /// Why a gate cannot use etcd, once it has tried.
    static func problem(of gate: RunningGate) throws -> String {
        let deadline = Deadline(20)
        while deadline.secondsLeft > 0 {
            if let problem = try gate.status().cluster?.problem { return problem }
            usleep(5_000)
        }
        return ""
    }

    /// What a gate answers to whoever asks whether it is well.
    func health(_ gate: RunningGate) throws -> Int {
        let connection = try RawSocket.connect(unix: gate.socket)
        try connection.write("GET /health?cluster HTTP/1.1\r\nHost: gate\r\nConnection: close\r\n\r\n")
        return try HTTPText.readResponse(from: connection).status
    }

    /// A tunnel through each gate.
    func tunnels() throws -> [RawSocket] { try gates.map { try $0.tunnel(to: "web.test", port) } }

    /// Why a gate refuses a tunnel; `nil` when it does not. What is cut while it is being opened gets no answer.
    func refusal(_ gate: RunningGate) throws -> String? {
        let connection = try RawSocket.connect(port: gate.port)
        guard let answer = try? gate.connect(connection, to: "web.test", port) else { return "cut" }
        return answer.status == 200 ? nil : answer["yett-reason"]
    }
}

extension NoteName {
    /// A byte that tells gates of a test apart.
    fileprivate var byte: UInt8 { description.utf8.first ?? 0 }
}

/// The gates that have started.
private final class StartedGates: Sendable {
    private let gates = Mutex<[Int: RunningGate]>([:])

    /// By number.
    var all: [RunningGate] { gates.withLock { $0.sorted { $0.key < $1.key }.map(\.value) } }

    /// Adds one, and says how many there are.
    func add(_ gate: RunningGate, _ number: Int) -> Int {
        gates.withLock { gates in
            gates[number] = gate
            return gates.count
        }
    }
}
