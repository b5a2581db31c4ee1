// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import AdminPlane
internal import AuditTree
internal import Decision
internal import EgressPlane
internal import Glibc
internal import Identity
internal import Logging
internal import MeshPlane
internal import NIOCore
internal import PKI
internal import SandboxPlane
internal import ServicePlane
internal import Storage
internal import Synchronization
internal import Telemetry
internal import Transport
internal import YettConfiguration

/// The running gate: what the planes share, and what operators may do to it.
final class Gate: GateControl {
    /// What changes while the gate runs.
    struct State {
        /// What the file in force says.
        var configuration: GateConfiguration {
            didSet { hasTimeLimits = Self.hasTimeLimits(configuration) }
        }
        /// Whether any grant ends or pauses by the clock.
        private(set) var hasTimeLimits: Bool
        /// When the configuration came into force, in microseconds since 1970.
        var loadedAt: Int64
        var lastReload: ReloadReport?
        /// The files of the policy in force.
        var builder: PolicyBuilder
        /// SHA-256 of the configuration in force.
        var fileDigest: String
        /// The files as the last reload found them, whoever asked for that.
        var files: WatchedFiles
        var listeners: [BoundListener] = []
        /// Where the people's listener is, once it is open.
        var peopleListener: (address: IPAddress, port: UInt16)?
        /// Where security events are pushed to, once that is open.
        var signalListener: (address: IPAddress, port: UInt16)?
        /// Where the dashboard is, once it is open.
        var dashboardListener: (address: IPAddress, port: UInt16)?
        /// The port of the token endpoints.
        var tokenPort: Int?
        /// TLS of the listeners that have it, by ``YettConfiguration/GateConfiguration/namedListeners``.
        var security: [String: SVIDServerTLS] = [:]
        var quarantined: [SPIFFEID: Quarantine] = [:]
        var isDraining = false
        /// How many records the log has said that it refused.
        var toldRefused: UInt64 = 0
        /// Whether what gates share was too old when the clock last looked; at the start nothing is known.
        var isCutOff = true
        /// Until when every live permit is judged again each second, in nanoseconds of the monotonic clock.
        var watchedUntil: Int64 = 0

        init(
            configuration: GateConfiguration, builder: PolicyBuilder, fileDigest: String, files: WatchedFiles,
            loadedAt: Int64
        ) {
            self.configuration = configuration
            self.builder = builder
            self.fileDigest = fileDigest
            self.files = files
            self.loadedAt = loadedAt
            hasTimeLimits = Self.hasTimeLimits(configuration)
        }

        private static func hasTimeLimits(_ configuration: GateConfiguration) -> Bool {
            configuration.agents.contains { agent in
                agent.grants.contains { $0.grant.expires != nil || $0.grant.window != nil }
            }
        }
    }

    let authorizer: Authorizer
    let registry: Registry
    let plane: EgressPlane
    let services: ServicePlane
    /// Where generated code runs; `nil` where it does not.
    let sandbox: SandboxPlane?
    /// Decides for Envoys; `nil` where none ask.
    let mesh: MeshPlane?
    /// How agents behave; `nil` where nobody watches them.
    let watch: Watch?
    /// What agents must not send.
    let leaks: LeakInspector
    /// What was planted for intruders to find.
    let canaryKeeper: CanaryKeeper
    /// Counts what is recorded.
    let counter: RecordCounter
    /// Counts what is brought to a collector.
    let telemetry = TelemetryCounts()
    /// The event loops of the data planes.
    let loops: LoopGroup
    let fixedNames: FixedNamesResolver
    let log: AuditLog
    let keeper: TaskKeeper
    /// Brings revocations and quarantines through a restart.
    let revocationKeeper: RevocationKeeper
    /// Who the gate is; `nil` without a source of identities.
    let identity: GateIdentity?
    /// The token endpoints; `nil` without them.
    let tokens: GateTokenService?
    /// Where tokens for services come from.
    let sources: CredentialSources
    /// Who signs in; `nil` where nobody does.
    let people: GatePeople?
    /// Security events of others and for others; `nil` without any.
    let signals: GateSignals?
    /// What several gates share; `nil` for a gate alone.
    let cluster: GateCluster?
    /// Judges the signed tokens of agents.
    let access: AccessTokens
    /// The authorization servers whose tokens count.
    let issuers: TokenIssuers
    let decisions: DecisionLog?
    /// Calls that wait for people.
    let questions: Approvals
    let bundles: PolicyBundles
    /// What trying another policy shows.
    let comparisons: PolicyComparisons
    /// Who started the gate.
    let supervision: Supervision
    let clock: Clock
    let logger: Logger
    let configurationPath: String
    let version: String
    let startedAt: Int64
    let launches: Launches
    let state: Mutex<State>
    /// Held while a reload is under way, so that two never mix.
    let reloading = Mutex<Void>(())

    init(
        loaded: LoadedConfiguration, builder: PolicyBuilder, bundles: PolicyBundles,
        comparisons: PolicyComparisons, configurationPath: String, version: String, authorizer: Authorizer,
        registry: Registry, plane: EgressPlane,
        services: ServicePlane, mesh: MeshPlane?, sandbox: SandboxPlane?, watch: Watch?, leaks: LeakInspector,
        canaries: CanaryKeeper, counter: RecordCounter, loops: LoopGroup,
        fixedNames: FixedNamesResolver, log: AuditLog,
        keeper: TaskKeeper, revocations: RevocationKeeper, quarantined: [SPIFFEID: Quarantine],
        identity: GateIdentity?,
        tokens: GateTokenService?, sources: CredentialSources, people: GatePeople?, signals: GateSignals?,
        cluster: GateCluster?, access: AccessTokens,
        issuers: TokenIssuers, decisions: DecisionLog?,
        questions: Approvals,
        supervision: Supervision, clock: Clock, logger: Logger
    ) {
        self.authorizer = authorizer
        self.registry = registry
        self.plane = plane
        self.services = services
        self.mesh = mesh
        self.sandbox = sandbox
        self.watch = watch
        self.leaks = leaks
        canaryKeeper = canaries
        self.counter = counter
        self.loops = loops
        self.fixedNames = fixedNames
        self.log = log
        self.keeper = keeper
        self.revocationKeeper = revocations
        self.identity = identity
        self.tokens = tokens
        self.sources = sources
        self.people = people
        self.signals = signals
        self.cluster = cluster
        self.access = access
        self.issuers = issuers
        self.decisions = decisions
        self.questions = questions
        self.bundles = bundles
        self.comparisons = comparisons
        self.supervision = supervision
        self.clock = clock
        self.logger = logger
        self.configurationPath = configurationPath
        self.version = version
        startedAt = clock.monotonic()
        state = Mutex(
            State(
                configuration: loaded.configuration, builder: builder, fileDigest: loaded.digest,
                files: WatchedFiles(configuration: configurationPath), loadedAt: clock.wall()))
        state.withLock { $0.quarantined = quarantined }
        launches = Launches(directory: SocketDirectory.parent(of: loaded.configuration.admin.socket)) { end in
            Self.launchEnded(end, registry: registry, log: log, clock: clock, logger: logger)
        }
    }

    /// Seconds since 1970.
    var now: Int64 { clock.wall() / 1_000_000 }

    /// Where the gate listens for agents, people and operators at present: nothing that it fetches or forwards may lead there.
    var openListeners: [(IPAddress, UInt16)] {
        state.withLock { state in
            let agents = state.listeners.compactMap { $0.channel.localAddress?.endpoint }
            return agents.map { ($0.address, $0.port) }
                + [state.peopleListener, state.signalListener, state.dashboardListener].compactMap { $0 }
                .map { ($0.address, $0.port) }
        }
    }

    /// Writes a record; when that fails, the gate denies everything by itself, and the log says so.
    func record(_ event: AuditEvent) { Self.record(event, log: log, logger: logger) }

    /// A record of this moment.
    func event(_ kind: AuditKind, by caller: Operator? = nil) -> AuditEvent {
        var event = AuditEvent(kind: kind, time: clock.wall())
        event.plane = Plane.admin.rawValue
        event.revision = String(authorizer.snapshot.revision)
        if let caller {
            event.source = caller.name
            event.person = caller.person
        }
        return event
    }

    private static func record(_ event: AuditEvent, log: AuditLog, logger: Logger) {
        do {
            try log.record(event)
        } catch {
            logger.error(
                "a record could not be written; everything is denied until it can",
                metadata: [LogField.error: .string("\(error)")])
        }
    }

    private static func launchEnded(
        _ end: Launches.End, registry: Registry, log: AuditLog, clock: Clock, logger: Logger
    ) {
        let reason = CutReason(.closed, detail: end.cause)
        registry.cut(where: { $0.facts.identity == end.identity }, reason)
        var event = AuditEvent(kind: .launchEnd, time: clock.wall())
        event.plane = Plane.admin.rawValue
        event.agent = end.identity.id.description
        event.proof = end.identity.proof.description
        event.source = "uid:\(end.caller.uid)"
        event.cause = end.cause
        event.detail = "launch \(end.launch)"
        record(event, log: log, logger: logger)
        logger.info(
            "a launched agent ended",
            metadata: [
                LogField.agent: .string(end.identity.id.description), LogField.launch: .string(end.launch),
                LogField.reason: .string(end.cause),
            ])
    }
}
