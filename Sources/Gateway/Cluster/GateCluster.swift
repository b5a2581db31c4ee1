// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AuditTree
internal import Cluster
internal import Decision
internal import Identity
internal import Logging
internal import NIOSSL
internal import PKI
internal import Storage
internal import Synchronization
internal import Telemetry
internal import Transport
internal import YettConfiguration

/// What a gate shares with others, and its link to etcd.
final class GateCluster: Sendable {
    /// The link.
    let link: ClusterLink
    /// What etcd has.
    let memory = Mutex(SharedMemory())
    let database: StateDatabase
    let budgets: SharedBudgets
    /// The gate's own key, for the configurations of the others.
    let memberKey: NoteVerifierKey
    /// The gates whose word counts; `nil` where none are named.
    let members: ClusterMembers?
    /// Watches the audit trees of the other gates; `nil` where none are named.
    let trees: TreeWatch?
    /// Whether decisions may rest on what is known.
    let standing: SharedStanding
    private let receiver: Receiver
    private let wakes: (stream: AsyncStream<Void>, continuation: AsyncStream<Void>.Continuation) =
        AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))

    /// Prepares the link that the configuration describes; nothing is opened yet.
    ///
    /// - Returns: `nil` for a gate alone.
    init?(
        _ configuration: GateConfiguration, standing: SharedStanding?, identity: GateIdentity?, ledger: Ledger,
        database: StateDatabase, version: String, clock: Clock, logger: Logger
    ) throws(GatewayError) {
        guard let cluster = configuration.cluster, let standing else { return nil }
        (memberKey, members) = try Self.members(configuration, cluster)
        let terms = ClusterTerms(
            gate: cluster.gate, trustDomain: configuration.trustDomain, program: version,
            endpoints: cluster.endpoints.map { EtcdEndpoint(host: $0.host, port: $0.port) },
            protection: try Self.protection(cluster, identity),
            graceMilliseconds: Int64(cluster.grace.wholeMilliseconds),
            clockSkew: cluster.maximumClockSkew.wholeNanoseconds / 1_000, members: members)
        trees = try members.map { _ throws(GatewayError) in try Self.trees(configuration, cluster, database) }
        let receiver = Receiver(logger: logger, wake: wakes.continuation)
        link = ClusterLink(
            terms, clock: ClusterClock(wall: { clock.wall() }, monotonic: { clock.monotonic() }), follower: receiver)
        budgets = SharedBudgets(link: link, ledger: ledger, blocks: cluster.budgetBlocks, logger: logger)
        standing.attach(link)
        self.standing = standing
        self.receiver = receiver
        self.database = database
        do throws(StateDatabaseError) {
            try database.forgetForeignTasks()
            let quarantines = try database.sharedQuarantines()
            let foreign = try database.foreignTasks()
            let statements = try database.statementTimes()
            memory.withLock { memory in
                for entry in quarantines {
                    guard let agent = try? SPIFFEID(parsing: entry.agent) else { continue }
                    memory.marks[agent] = QuarantineMark(kept: entry.number)
                }
                for statement in statements {
                    if let key = ClusterKey(statement.entry) { memory.statementTimes[key] = statement.time }
                }
                memory.foreign = Set(foreign.compactMap { TaskID($0) })
            }
        } catch {
            throw GatewayError(["\(error)"], remedy: "see who owns the file, and whether the disk is full")
        }
    }

    /// Whether the gates that a configuration names can be told by their keys.
    static func check(_ configuration: GateConfiguration) throws(GatewayError) {
        do throws(ClusterMembersFault) {
            _ = try ClusterMembers.keys(configuration.cluster?.members ?? [])
        } catch {
            throw GatewayError(["cluster.members: \(error)"], isConfiguration: true)
        }
    }

    /// Brings what others do to a gate.
    func attach(_ gate: Gate) { receiver.attach(gate) }

    /// Something may have to be delivered.
    func wake() { wakes.continuation.yield() }

    /// Follows the others and delivers what the gate does, until the task is cancelled.
    func run(_ gate: Gate) async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.link.follow() }
            group.addTask { await self.deliver(gate) }
            group.addTask { await self.budgets.run() }
            group.addTask { await self.announce(gate) }
        }
    }

    /// Delivers what waits whenever something may: after each change, and each time etcd is there again.
    private func deliver(_ gate: Gate) async {
        for await _ in wakes.stream {
            while !Task.isCancelled {
                let pending = gate.pendingShares()
                guard !pending.isEmpty else { break }
                var isFailed = false
                for share in pending where !Task.isCancelled {
                    do throws(ClusterError) {
                        try await gate.deliver(share)
                    } catch {
                        isFailed = true
                        // What one entry cannot have, others may.
                        if case .unreachable = error { break }
                    }
                }
                // What failed waits for the next attempt; meanwhile it holds here.
                if isFailed { try? await Task.sleep(for: .milliseconds(200)) }
            }
        }
    }

    /// Tells the others what they have to know in good time.
    private func announce(_ gate: Gate) async {
        while !Task.isCancelled {
            await gate.announceKeys()
            await gate.announceAuthority()
            await gate.shareQuestions()
            await gate.shareHeads()
            try? await Task.sleep(for: .milliseconds(200))
        }
    }

    private static func open(
        _ key: MemberKey, _ configuration: GateConfiguration, _ cluster: ClusterConfiguration
    ) throws(GatewayError) -> NoteSigningKey {
        guard let name = NoteName(cluster.gate) else {
            throw GatewayError(["cluster.gate: \(cluster.gate) is no name of a key"], isConfiguration: true)
        }
        do throws(AuditLogError) {
            return try key.open(directory: configuration.audit.directory, gate: name)
        } catch {
            throw GatewayError(
                ["\(error)"], remedy: "remove the file for a new key, and name its public half where the old one stood")
        }
    }

    private static func trees(
        _ configuration: GateConfiguration, _ cluster: ClusterConfiguration, _ database: StateDatabase
    ) throws(GatewayError) -> TreeWatch {
        let key = try open(.sightings, configuration, cluster)
        do throws(StateDatabaseError) {
            return try TreeWatch(key: key, database: database)
        } catch {
            throw GatewayError(["\(error)"], remedy: "see who owns the file, and whether the disk is full")
        }
    }

    private static func members(
        _ configuration: GateConfiguration, _ cluster: ClusterConfiguration
    ) throws(GatewayError) -> (NoteVerifierKey, ClusterMembers?) {
        let own = try open(.statements, configuration, cluster)
        guard !cluster.members.isEmpty else { return (own.verifier, nil) }
        do throws(ClusterMembersFault) {
            return (
                own.verifier,
                try ClusterMembers(own: own, named: cluster.members, trustDomain: configuration.trustDomain)
            )
        } catch {
            throw GatewayError(["cluster.members: \(error)"], isConfiguration: true)
        }
    }

    private static func protection(
        _ cluster: ClusterConfiguration, _ identity: GateIdentity?
    ) throws(GatewayError) -> EtcdProtection {
        switch cluster.tls {
        case nil: return .none
        case .identities(let servers)?:
            guard let source = identity?.source else {
                throw GatewayError(
                    ["cluster.tls.servers: the gate has no identity to show"], remedy: "set identity.source",
                    isConfiguration: true)
            }
            return .identities(SVIDClientTLS(source: source, expected: Set(servers), protocols: ["h2"]))
        case .files(let authority, let certificate, let key)?:
            do {
                var own: (certificate: [UInt8], key: [UInt8])?
                if let certificate, let key {
                    own = (try SecretReader.read(certificate), try SecretReader.read(key))
                }
                var configuration = try TLSContextFactory.client(
                    authorities: try SecretReader.read(authority), identity: own)
                configuration.applicationProtocols = ["h2"]
                return .names(try NIOSSLContext(configuration: configuration))
            } catch {
                throw GatewayError(["cluster.tls: \(error)"], isConfiguration: true)
            }
        }
    }

    /// Brings what the link hears to the gate.
    private final class Receiver: ClusterFollower {
        private struct Holder {
            weak var gate: Gate?
        }

        private let holder = Mutex(Holder())
        private let logger: Logger
        private let wake: AsyncStream<Void>.Continuation

        init(logger: Logger, wake: AsyncStream<Void>.Continuation) {
            self.logger = logger
            self.wake = wake
        }

        func attach(_ gate: Gate) { holder.withLock { $0.gate = gate } }

        func read(_ entries: [SharedEntry]) async {
            await holder.withLock { $0.gate }?.takeAll(entries)
            wake.yield()
        }

        func changed(_ entries: [SharedEntry]) async {
            guard let gate = holder.withLock({ $0.gate }) else { return }
            for entry in entries { await gate.take(entry) }
            wake.yield()
        }

        func heard(_ news: ClusterNews) {
            switch news {
            case .connected:
                logger.notice("\(news)")
                wake.yield()
            case .readAnew: logger.notice("\(news)")
            case .lost, .clocksApart: logger.warning("\(news)")
            case .refused, .sameName: logger.error("\(news)")
            }
        }
    }
}
