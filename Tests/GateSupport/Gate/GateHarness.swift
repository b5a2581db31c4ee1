// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
package import AuditTree
import Crypto
package import Decision
package import EgressPlane
import Foundation
import Identity
import NIOCore
import NIOPosix
package import Resolver
package import ServicePlane
package import Storage
import Synchronization
package import Transport

/// A gate on loopback with a scripted name service and a recording dialer. Made and ended by ``withGate(_:_:)``.
package final class GateHarness: Sendable {
    /// The plane under test.
    package let plane: EgressPlane
    /// The service proxy, where services were asked for.
    package let services: ServicePlane?
    /// The port of the service proxy.
    package let servicePort: UInt16
    /// The event loops.
    package let loops: LoopGroup
    /// The audit log in a directory of its own.
    package let log: AuditLog
    /// Decides.
    package let authorizer: Authorizer
    /// What is open.
    package let registry: Registry
    /// The name service.
    package let resolver: any NameResolver
    /// Every dial.
    package let dials: DialRecorder
    /// Time.
    package let clock: ManualClock
    /// The directory of this gate; the audit log is in `audit` there.
    package let directory: String
    private let sweepInterval: TimeAmount
    /// The port of the TCP listener.
    package let port: UInt16
    /// The path of the Unix socket, where one was asked for.
    package let unixPath: String?

    private init(_ options: GateOptions) async throws {
        directory = try Self.makeDirectory()
        guard let origin = NoteName("gate.test/audit") else { throw HarnessError.setup("origin") }
        var configuration = AuditLog.Configuration(directory: directory + "/audit", origin: origin)
        configuration.durability = options.durability
        configuration.retryMilliseconds = 20
        log = try AuditLog.open(configuration)
        clock = ManualClock()
        loops = LoopGroup(workers: options.workers, log: log, clock: clock.clock)
        let trustDomain = try TrustDomain(parsing: "gate.test")
        let first = try Self.snapshot(options, trustDomain, ownPort: nil, revision: 1)
        authorizer = Authorizer(snapshot: first)
        registry = Registry(shards: loops.count)
        resolver = options.resolver
        dials = DialRecorder(options.route)
        plane = EgressPlane(
            loops: loops, authorizer: authorizer, registry: registry, resolver: options.resolver,
            dialer: dials.dialer, settings: options.settings, isAuditAvailable: { [log] in log.isAvailable })
        var servicePort: UInt16 = 0
        if options.services.isEmpty {
            services = nil
        } else {
            let services = ServicePlane(
                loops: loops, authorizer: authorizer, registry: registry, resolver: options.resolver,
                dialer: dials.dialer, settings: options.serviceSettings,
                now: { [clock] in clock.clock.wall() / 1_000_000 }, isAuditAvailable: { [log] in log.isAvailable },
                signer: options.signer)
            services.serve(options.services)
            let listener = try await services.listen(
                on: ListenerSpecification(
                    address: .tcp(try SocketAddress(ipAddress: "127.0.0.1", port: 0)),
                    identification: options.identification, protocols: .http, tls: options.serviceTLS))
            servicePort = listener.port ?? 0
            self.services = services
        }
        self.servicePort = servicePort
        let specification = ListenerSpecification(
            address: .tcp(try SocketAddress(ipAddress: "127.0.0.1", port: 0)),
            identification: options.identification, protocols: options.protocols, tls: options.tls)
        let listener = try await plane.listen(on: specification)
        guard let port = listener.port else { throw HarnessError.setup("port") }
        self.port = port
        if let identification = options.unixIdentification {
            let path = directory + "/gate.sock"
            let unix = ListenerSpecification(
                address: .unix(path: path, mode: 0o600), identification: identification, protocols: options.protocols)
            _ = try await plane.listen(on: unix)
            unixPath = path
        } else {
            unixPath = nil
        }
        authorizer.replace(with: try Self.snapshot(options, trustDomain, ownPort: port, revision: 1))
        sweepInterval = options.sweepInterval
        loops.start(sweepInterval: options.sweepInterval)
    }

    fileprivate static func start(_ options: GateOptions) async throws -> GateHarness {
        try await GateHarness(options)
    }

    fileprivate func stop() async {
        await plane.drain(grace: .zero)
        await services?.drain(grace: .zero)
        try? await loops.shutdown()
        log.close()
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// Makes these agents the configuration, as a reload does.
    package func reload(_ options: GateOptions, revision: UInt64 = 2) throws {
        let trustDomain = authorizer.snapshot.trustDomain
        authorizer.replace(with: try Self.snapshot(options, trustDomain, ownPort: port, revision: revision))
    }

    /// Opens a connection to the TCP listener.
    package func connect(receiveBuffer: Int32? = nil) throws -> RawSocket {
        try RawSocket.connect(port: port, receiveBuffer: receiveBuffer)
    }

    /// Opens a connection to the service proxy.
    package func connectToServices() throws -> RawSocket { try RawSocket.connect(port: servicePort) }

    /// Opens a connection to the Unix socket.
    package func connectUnix() throws -> RawSocket {
        guard let unixPath else { throw HarnessError.setup("no Unix socket was asked for") }
        return try RawSocket.connect(unix: unixPath)
    }

    /// The scripted name service.
    package var script: ScriptedResolver {
        get throws {
            guard let script = resolver as? ScriptedResolver else { throw HarnessError.setup("another resolver") }
            return script
        }
    }

    /// Waits until every loop has looked at its deadlines once more, so that activity before this counts as such.
    package func passSweep() async throws {
        for loop in loops.group.makeIterator() {
            try await loop.scheduleTask(in: sweepInterval * 2) {}.futureResult.get()
        }
    }

    /// Leaps forward in time once every loop has done what it was doing: an answer may be read while the loop that sent it
    /// has yet to set the deadline of what comes next.
    package func advance(seconds: Int64) async throws {
        try await passSweep()
        clock.advance(seconds: seconds)
    }

    /// Every record of the plane so far, oldest first, as it stands in the signed tree.
    package func records() async throws -> [AuditRecord] {
        // A denial is recorded in the turn after its answer.
        for loop in loops.group.makeIterator() { try await loop.submit {}.get() }
        try log.synchronize()
        var records: [AuditRecord] = []
        try log.reader().forEachRecord(in: 0..<UInt64.max) { _, bytes in
            if let record = AuditRecord(bytes), record.text("plane") == "egress" || record.text("plane") == "service" {
                records.append(record)
            }
        }
        return records
    }

    /// The decision records so far.
    package func decisions() async throws -> [AuditRecord] {
        try await records().filter { $0.text("kind") == "decision" }
    }

    /// The records of ends so far.
    package func ends() async throws -> [AuditRecord] {
        try await records().filter { $0.text("kind") == "connection_end" }
    }

    /// Waits until no connection is open and nothing is registered.
    package func becomesIdle(within seconds: Double = RawSocket.patience) async -> Bool {
        await eventually(within: seconds) {
            plane.openConnections == 0 && services?.openConnections ?? 0 == 0 && registry.count == 0
        }
    }

    private static func makeDirectory() throws -> String {
        // Short, because the path of a Unix socket is.
        let path = "/tmp/yett-test-" + String(UInt32.random(in: .min ... .max), radix: 36)
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        return path
    }

    private static func snapshot(
        _ options: GateOptions, _ trustDomain: TrustDomain, ownPort: UInt16?, revision: UInt64
    ) throws -> Snapshot {
        var agents: [AgentDirectory.Agent] = []
        var grants: [SPIFFEID: GrantIndex] = [:]
        for setup in options.agents {
            let id = try SPIFFEID(agent: setup.name, in: trustDomain)
            agents.append(
                AgentDirectory.Agent(
                    id: id, sources: setup.sources,
                    tokenDigests: setup.tokens.map { Array(SHA256.hash(data: Array($0.utf8))) },
                    processes: setup.processes, allowsLaunch: setup.allowsLaunch,
                    allowsCertificate: setup.allowsCertificate))
            if setup.hasGrants { grants[id] = GrantIndex(agent: setup.name, grants: setup.grants) }
        }
        let own = ownPort.map { [(IPAddress.v4(IPv4Address(rawValue: 0x7f00_0001)), $0)] } ?? []
        return Snapshot(
            revision: revision, digest: String(repeating: "0", count: 64), trustDomain: trustDomain,
            agents: AgentDirectory(agents: agents), grants: grants,
            addressGuard: AddressGuard(exceptions: options.exceptions, ownListeners: own),
            policy: options.policy)
    }
}

/// Why a test's gate could not be set up.
package enum HarnessError: Error {
    /// A part of the test's own making is wrong.
    case setup(String)
}

/// Runs `body` with a gate, and stops the gate afterwards.
package func withGate<Result>(
    _ options: GateOptions, _ body: (GateHarness) async throws -> Result
) async throws -> Result {
    await GateSlots.shared.enter(alone: options.isAlone)
    do {
        let gate = try await GateHarness.start(options)
        do {
            let result = try await body(gate)
            await gate.stop()
            await GateSlots.shared.leave(alone: options.isAlone)
            return result
        } catch {
            await gate.stop()
            throw error
        }
    } catch {
        await GateSlots.shared.leave(alone: options.isAlone)
        throw error
    }
}
