// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AdminPlane
internal import Decision
internal import EgressPlane
internal import Glibc
internal import Identity
public import Logging
internal import MeshPlane
public import Resolver
internal import SandboxPlane
internal import ServiceLifecycle
internal import ServicePlane
internal import Storage
internal import Synchronization
public import Telemetry
public import Transport
internal import UnixSignals
internal import YettConfiguration

/// The whole gate: reads the configuration, makes the planes out of it, and keeps them until it is told to stop.
public struct Gateway: Sendable {
    /// Where the gate is ready to serve.
    public struct Ready: Sendable {
        /// Addresses and socket paths on which agents are served.
        public var listeners: [String]
        /// The operators' socket.
        public var adminSocket: String
        /// The socket of the Workload API; absent without it.
        public var workloadSocket: String?
        /// The URL of the token endpoints; absent without them.
        public var tokenEndpoints: String?
        /// The port of the token endpoints; absent without them.
        public var tokenPort: Int?
        /// The port to which security events are pushed; absent without it.
        public var signalPort: Int?
        /// The port of the dashboard; absent without it.
        public var dashboardPort: Int?
        /// Stops the gate in order, as SIGTERM does.
        public var stop: @Sendable () async -> Void
    }

    private let configurationPath: String
    private let version: String
    private let logger: Logger
    private let resolver: (any NameResolver)?
    private let dialer: Dialer
    private let clock: Clock
    private let tap: LogTap?
    private let handlesSignals: Bool
    private let watchesFiles: Bool
    private let supervision: Supervision

    /// Describes a gate.
    ///
    /// - Parameters:
    ///   - configurationPath: The YAML file, absolute.
    ///   - version: The program's version, for status and records.
    ///   - resolver: Looks names up in the place of the configured name servers.
    ///   - dialer: Opens the connections to judged addresses.
    ///   - clock: Where time comes from.
    ///   - tap: Where the logger's lines can be had once more, for a collector.
    ///   - handlesSignals: Whether SIGTERM and SIGINT stop the gate and SIGHUP reloads it.
    ///   - watchesFiles: Whether the gate reloads by itself when a file that it reads was replaced.
    ///   - supervision: What was given by the process that started this one.
    public init(
        configurationPath: String, version: String, logger: Logger, resolver: (any NameResolver)? = nil,
        dialer: Dialer = Dialer(), clock: Clock = .system, tap: LogTap? = nil, handlesSignals: Bool = true,
        watchesFiles: Bool = true, supervision: Supervision = .none
    ) {
        self.configurationPath = configurationPath
        self.version = version
        self.logger = logger
        self.resolver = resolver
        self.dialer = dialer
        self.clock = clock
        self.tap = tap
        self.handlesSignals = handlesSignals
        self.watchesFiles = watchesFiles
        self.supervision = supervision
    }

    /// Runs the gate until it is stopped.
    ///
    /// - Parameter onReady: Called once, when agents and operators are served.
    /// - Throws: ``GatewayError`` when it cannot start.
    public func run(onReady: @escaping @Sendable (Ready) -> Void = { _ in }) async throws {
        let loaded = try LoadedConfiguration(path: configurationPath, now: clock.wall() / 1_000_000)
        for warning in loaded.warnings {
            logger.warning("the configuration has a doubtful entry", metadata: [LogField.diagnostic: .string(warning)])
        }
        OpenFileLimit.raise(to: loaded.configuration.limits.openFiles)
        let baselines = Baselines(logDirectory: loaded.configuration.audit.directory)
        let watch = try baselines.watch(loaded.configuration.watch.mode)
        let counter = RecordCounter()
        counter.admit(loaded.configuration)
        let log = try AuditLog.open(
            loaded.configuration.audit,
            follower: AuditFollowers([counter] + (watch.map { [$0] as [any AuditFollower] } ?? [])))
        defer { log.close() }
        for note in log.openingNotes { logger.notice("the audit log was repaired: \(note)") }
        let lookup = try NameLookup(loaded.configuration.egress, replacement: resolver)
        defer { lookup.shutDown() }
        let loops = LoopGroup(
            workers: Self.workers(loaded.configuration.limits), log: log, clock: clock,
            tracing: TracingSettings(loaded.configuration.telemetry))
        do {
            try await serve(
                loaded, watch: watch, counter: counter, log: log, loops: loops, names: lookup.names, onReady: onReady)
        } catch {
            try? await loops.shutdown()
            throw error
        }
        try await loops.shutdown()
    }

    private func serve(
        _ loaded: LoadedConfiguration, watch: Watch?, counter: RecordCounter, log: AuditLog, loops: LoopGroup,
        names: FixedNamesResolver, onReady: @escaping @Sendable (Ready) -> Void
    ) async throws {
        let configuration = loaded.configuration
        try BundleDirectory.prepare(for: configuration.policy)
        let bundles = try PolicyBundles(configuration.policy, path: configurationPath, clock: clock, logger: logger)
        bundles.restore()
        let builder = try loaded.policyBuilder(bundles)
        let policy = try bundles.firstPolicy(of: builder, configuration: loaded.digest)
        let snapshot = try SnapshotBuilder(configuration: configuration, listeners: [], policy: policy)
            .build(revision: 1)
        let decisions = configuration.decisionLog.isOn ? DecisionLog(limit: configuration.decisionLog.buffer) : nil
        let comparisons = PolicyComparisons(log: log, clock: clock)
        let standing = configuration.cluster.map { SharedStanding(trustsAnyClock: $0.clockSkewMode == .warn) }
        let authorizer = Authorizer(
            snapshot: snapshot, risks: watch, shared: standing, observer: decisions.map { Self.observer($0, clock) },
            comparer: comparisons.note)
        watch?.attach { authorizer.quarantine($0, why: $1) }
        let keeper = try keeper(configuration, authorizer)
        let revocations = RevocationKeeper(keeper.database)
        let quarantined = try Self.kept(revocations, authorizer)
        let tools = ToolKeeper(database: keeper.database)
        let canaries = try Self.canaries(keeper.database)
        let identity = try await GateIdentity(configuration, clock: clock, logger: logger)
        let cluster = try GateCluster(
            configuration, standing: standing, identity: identity, ledger: authorizer.ledger, database: keeper.database,
            version: version,
            clock: clock, logger: logger)
        let people = try GatePeople(configuration, names: names, clock: clock)
        let tokens = try GateTokenService(
            configuration, identity: identity, authorizer: authorizer, database: keeper.database, log: log,
            clock: clock, people: people?.service, isShared: cluster?.members != nil)
        let listeners = KnownListeners()
        let sources = CredentialSources(
            names: names, vault: try CredentialVault(configuration, keeper.database), own: tokens.map { OwnTokens($0) },
            logger: logger, listeners: { listeners.all }, now: { [clock] in clock.wall() / 1_000_000 })
        let signals = try GateSignals(
            configuration, names: names, tokens: tokens, database: keeper.database, clock: clock, logger: logger
        ) { listeners.all }
        let registry = Registry(shards: loops.count)
        let leaks = LeakInspector()
        let plane = EgressPlane(
            loops: loops, authorizer: authorizer, registry: registry, resolver: names, dialer: dialer,
            settings: EgressSettings(configuration.egress.limits), isAuditAvailable: { log.isAvailable }, leaks: leaks)
        let notices = configuration.approvals.webhook.map { _ in ApprovalNotices(limit: configuration.approvals.total) }
        let questions = Approvals(limits: ApprovalLimits(configuration.approvals)) { notices?.offer($0) }
        let access = AccessTokens(own: tokens, people: configuration.people, authorizer: authorizer)
        let services = ServicePlane(
            loops: loops, authorizer: authorizer, registry: registry, resolver: names, dialer: dialer,
            settings: ServiceSettings(configuration), approvals: questions,
            now: { [clock] in clock.wall() / 1_000_000 }, tools: try Self.kept(tools), keeper: tools,
            isAuditAvailable: { log.isAvailable },
            signer: tokens?.signer, judge: access, leaks: leaks)
        let mesh = configuration.mesh.map { _ in
            MeshPlane(
                loops: loops, authorizer: authorizer, registry: registry, settings: MeshSettings(),
                services: services.carried, leaks: leaks
            ) { log.isAvailable }
        }
        let sandbox = try SandboxPlane.make(configuration.sandbox)
        let gate = Gate(
            loaded: loaded, builder: builder, bundles: bundles, comparisons: comparisons,
            configurationPath: configurationPath, version: version, authorizer: authorizer, registry: registry,
            plane: plane, services: services,
            mesh: mesh, sandbox: sandbox, watch: watch, leaks: leaks, canaries: canaries, counter: counter,
            loops: loops, fixedNames: names, log: log, keeper: keeper,
            revocations: revocations, quarantined: quarantined, identity: identity, tokens: tokens,
            sources: sources,
            people: people, signals: signals, cluster: cluster,
            access: access, issuers: TokenIssuers(names: names) { listeners.all },
            decisions: decisions, questions: questions, supervision: supervision, clock: clock, logger: logger)
        gate.read(builder.paths)
        cluster?.attach(gate)
        people?.tell { [weak gate] in gate?.received($0) }
        tokens?.authority.tell { [weak gate] in gate?.clientRevoked(token: $0, until: $1) }
        people?.avoid { [weak gate] in gate?.openListeners ?? [] }
        listeners.set { [weak gate] in gate?.openListeners ?? [] }
        let witnesses = try WitnessService(configuration.audit.witnesses, log: log, logger: logger)
        let decisionLog = try decisions.map { log throws(GatewayError) in
            try DecisionLogService(configuration.decisionLog, log: log, version: version, logger: logger)
        }
        var webhooks: [any Service] = []
        if let notices, let webhook = configuration.approvals.webhook {
            webhooks.append(try ApprovalWebhook(webhook, notices: notices, names: names, gate: gate))
        }
        if let collector = configuration.telemetry.otlp {
            webhooks.append(try TelemetryService(collector, tap: tap, names: names, gate: gate))
        }
        if let cluster { webhooks.append(ClusterService(cluster: cluster, gate: gate)) }
        let stopper = Stopper()
        let identities = IdentityServices(gate, configuration)
        let federation = try FederationServices(gate, configuration)
        let peopleServices = PeopleServices(gate, configuration)
        let signalServices = SignalServices(gate, configuration)
        let counts = [
            identities.count, federation.count, peopleServices.count, signalServices.count,
            configuration.dashboard == nil ? 0 : 1,
        ]
        let readiness = Readiness(of: counts.reduce(1, +)) {
            let (listeners, port, signals, dashboard) = gate.state.withLock { state in
                (
                    state.listeners.map(\.address), state.tokenPort, state.signalListener.map { Int($0.port) },
                    state.dashboardListener.map { Int($0.port) }
                )
            }
            gate.tellReady()
            logger.notice("the gate serves", metadata: [LogField.listener: .array(listeners.map { .string($0) })])
            onReady(
                Ready(
                    listeners: listeners, adminSocket: configuration.admin.socket,
                    workloadSocket: identities.workloadSocket,
                    tokenEndpoints: identities.tokenEndpoints, tokenPort: port, signalPort: signals,
                    dashboardPort: dashboard, stop: stopper.stop))
        }
        let dashboard = try GateDashboard(gate, configuration, readiness)
        let admin = try AdminPlane(
            gate: gate, socketPath: configuration.admin.socket, users: configuration.admin.uids,
            dashboard: dashboard.dashboard, logger: logger, onListening: readiness.arrive)
        try gate.recordStart()
        gate.endTasksOfForgottenSessions()
        do {
            try await gate.listen(loaded)
            try await gate.settleListeners()
            loops.start()
            let group = ServiceGroup(
                configuration: serviceConfiguration(
                    identities.services(readiness) + federation.services(readiness)
                        + peopleServices.services(readiness) + signalServices.services(readiness) + webhooks
                        + dashboard.services + [admin], witnesses,
                    decisionLog, gate, configuration.limits))
            stopper.group.withLock { $0 = group }
            try await group.run()
        } catch {
            await gate.drain(grace: .zero)
            gate.recordStop(cause: "\(error)")
            throw error
        }
        gate.recordStop(cause: "asked to stop")
        logger.notice("the gate has stopped")
    }

    /// What was planted in earlier runs.
    private static func canaries(_ database: StateDatabase) throws(GatewayError) -> CanaryKeeper {
        do throws(StateDatabaseError) {
            return try CanaryKeeper(database)
        } catch {
            throw GatewayError(["\(error)"], remedy: "see who owns the file, and whether the disk is full")
        }
    }

    /// Opens the gate's state and takes over the tasks of the last run, before anybody is served.
    private func keeper(
        _ configuration: GateConfiguration, _ authorizer: Authorizer
    ) throws(GatewayError) -> TaskKeeper {
        do throws(StateDatabaseError) {
            let path = "\(configuration.audit.directory)/\(StateDatabase.fileName)"
            let keeper = TaskKeeper(try StateDatabase(path: path))
            let unreadable = try keeper.load(into: authorizer)
            if unreadable > 0 { logger.error("\(unreadable) tasks could not be read and are over") }
            return keeper
        } catch {
            throw GatewayError(["\(error)"], remedy: "see who owns the file, and whether the disk is full")
        }
    }

    /// What was revoked and who was in quarantine when the last run ended. Without it nothing is served: what somebody
    /// stopped would go on.
    private static func kept(
        _ revocations: RevocationKeeper, _ authorizer: Authorizer
    ) throws(GatewayError) -> [SPIFFEID: Quarantine] {
        do throws(StateDatabaseError) {
            return try revocations.load(into: authorizer)
        } catch {
            throw GatewayError(
                ["revocations and quarantines cannot be read: \(error)"],
                remedy: "restore the file from a backup, or run the version that wrote it")
        }
    }

    /// What the last run left of the tools of MCP servers. Without it nothing is served: a server's next word would be
    /// taken for its first.
    private static func kept(_ tools: ToolKeeper) throws(GatewayError) -> [String: [MCPToolRecord]] {
        do throws(StateDatabaseError) {
            return try tools.load()
        } catch {
            throw GatewayError(["\(error)"], remedy: "restore the file from a backup")
        }
    }

    private func serviceConfiguration(
        _ first: [any Service], _ witnesses: WitnessService, _ decisions: DecisionLogService?, _ gate: Gate,
        _ limits: ProcessLimits
    ) -> ServiceGroupConfiguration {
        // Shut down in reverse order: operators can watch while the data planes drain.
        var services: [any Service] = []
        // The first one is there until all others have ended.
        if let time = supervision.supervisor?.watchdog { services.append(WatchdogService(gate: gate, time: time)) }
        services += first + [ClockService(gate: gate)]
        if watchesFiles { services.append(FileWatchService(gate: gate)) }
        if let decisions { services.append(decisions) }
        if let watch = gate.watch { services.append(WatchService(watch: watch, gate: gate)) }
        if let sandbox = gate.sandbox { services.append(SandboxService(plane: sandbox)) }
        if !gate.bundles.remote.isEmpty { services.append(BundleDownloadService(gate: gate)) }
        if !witnesses.isEmpty { services.append(witnesses) }
        if handlesSignals { services.append(SignalReloadService(gate: gate)) }
        services.append(EgressService(gate: gate, grace: limits.shutdownGrace))
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        var configuration = ServiceGroupConfiguration(
            services: services, gracefulShutdownSignals: handlesSignals ? [.sigterm, .sigint] : [], logger: quiet)
        configuration.maximumGracefulShutdownDuration = limits.shutdownGrace + .seconds(5)
        return configuration
    }

    /// Brings each decision to the decision log.
    private static func observer(_ log: DecisionLog, _ clock: Clock) -> @Sendable (DecidedRequest) -> Void {
        { request in
            log.offer(
                DecisionLogEvent(
                    subject: .request(request), decision: request.decision.description, time: clock.wall()))
        }
    }

    private static func workers(_ limits: ProcessLimits) -> Int {
        limits.workers > 0 ? limits.workers : max(1, Int(sysconf(CInt(_SC_NPROCESSORS_ONLN))))
    }
}

extension TracingSettings {
    /// How a configuration has exchanges traced; `nil` where none are.
    init?(_ telemetry: TelemetryConfiguration) {
        guard let traces = telemetry.otlp?.traces, traces.perMillion > 0 else { return nil }
        self.init(perMillion: traces.perMillion, continuesTraces: traces.continuesTraces, queue: traces.queue)
    }
}
