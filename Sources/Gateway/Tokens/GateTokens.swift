// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AuditTree
internal import Decision
internal import Identity
internal import IdentityPlane
internal import Storage
internal import Synchronization
internal import Telemetry
internal import Transport
internal import YettConfiguration

/// A tool server for which tokens are given, with the place that decisions are made about.
struct TokenTarget: Sendable {
    let resource: TokenResource
    let destination: Destination
}

/// The tool servers for which tokens are given; they change with a reload.
final class TokenTargets: Sendable {
    private let servers: Mutex<[TokenTarget]>

    init(_ servers: [TokenTarget]) { self.servers = Mutex(servers) }

    /// Those that the configuration in force names.
    var all: [TokenTarget] { servers.withLock { $0 } }

    /// Takes over another configuration.
    func replace(with servers: [TokenTarget]) { self.servers.withLock { $0 = servers } }
}

extension TokenTarget {
    /// Who a service is in tokens.
    static func resource(of service: ServiceConfiguration, issuer: String) -> TokenResource {
        TokenResource(
            identifier: "\(issuer)/\(service.protocolName.rawValue)/\(service.name)", server: service.name,
            id: service.spiffeID)
    }

    /// The services of a configuration that can verify a token: those that speak HTTP.
    static func all(of configuration: GateConfiguration, issuer: String) -> [TokenTarget] {
        configuration.services.compactMap { service -> TokenTarget? in
            switch service.protocolName {
            case .postgres, .tcp: return nil
            case .http, .llm, .mcp, .a2a: break
            }
            return TokenTarget(
                resource: resource(of: service, issuer: issuer),
                destination: Destination(host: service.host, port: service.port, scheme: .https))
        } + publicOnes(of: configuration)
    }

    /// The same services under the names by which clients of the service proxy know them.
    private static func publicOnes(of configuration: GateConfiguration) -> [TokenTarget] {
        guard let url = configuration.serviceProxy?.url, url.isSecure else { return [] }
        return configuration.services.filter(\.protocolName.isHTTP).map { service in
            TokenTarget(
                resource: TokenResource(
                    identifier: publicIdentifier(of: service, at: url), server: service.name, id: service.spiffeID),
                destination: Destination(host: service.host, port: service.port, scheme: .https))
        }
    }

    /// The resource identifier of a service behind the service proxy.
    static func publicIdentifier(of service: ServiceConfiguration, at url: ProviderURL) -> String {
        "\(url.origin)/s/\(service.name)"
    }
}

/// What the token endpoints need, from the gate's tasks, grants and identities.
final class GateTokens: TokenAuthority {
    let keys: ToolKeyRing
    let authorizer: Authorizer
    let database: StateDatabase
    /// Where decisions and tokens are recorded.
    let log: AuditLog
    let servers: TokenTargets
    /// How `txn` begins where there is no task.
    static let noTask = "x-"

    /// Where JWT-SVIDs are verified; without one they are refused.
    let identities: (any IdentitySource)?
    /// The audience of JWT-SVIDs for the gate.
    let issuer: String
    let clock: Clock
    /// Where the ID tokens of front ends are verified; without it they are refused.
    let people: PeopleService?
    /// Told of each token that a client revokes, and until when that matters.
    private let listener = Mutex<(@Sendable (_ token: String, _ until: Int64) -> Void)?>(nil)
    /// Names the decisions.
    private let decisions = Mutex(DecisionIDSequence(prefix: .random(in: .min ... .max)))

    init(
        keys: ToolKeyRing, authorizer: Authorizer, database: StateDatabase, log: AuditLog, servers: TokenTargets,
        identities: (any IdentitySource)?, issuer: String, clock: Clock, people: PeopleService? = nil
    ) {
        self.keys = keys
        self.authorizer = authorizer
        self.database = database
        self.log = log
        self.servers = servers
        self.identities = identities
        self.issuer = issuer
        self.clock = clock
        self.people = people
    }

    /// Says who is told of tokens that clients revoke.
    func tell(_ receiver: @escaping @Sendable (_ token: String, _ until: Int64) -> Void) {
        listener.withLock { $0 = receiver }
    }

    func identityKeys() -> JSONWebKeySet {
        guard let bundle = try? identities?.current().ownBundle else { return JSONWebKeySet([]) }
        let keys = bundle.jwt.authorities.map { key in
            var key = key.jsonWebKey
            key.use = "sig"
            return key
        }
        return JSONWebKeySet(keys)
    }

    func resources() -> [TokenResource] { servers.all.map(\.resource) }

    func time() -> Int64 { clock.wall() }

    private var now: Int64 { time() / 1_000_000 }

    func subject(of request: ExchangeRequest, client: ExchangeClient) async throws(OAuthError) -> ExchangeSubject {
        switch request.subjectType {
        case .taskHandle: return try subject(handle: request.subjectToken, client: client)
        case .jwt:
            // An agent for itself: a JWT-SVID says nothing about who may act for its owner.
            let (id, expiry) = try await verified(request.subjectToken)
            guard id == client.id else { throw .unauthorizedClient }
            var generator = SystemRandomNumberGenerator()
            return ExchangeSubject(
                subject: id.description, transaction: Self.noTask + ToolToken.identifier(using: &generator),
                expiry: expiry)
        case .idToken: return try await subject(idToken: request.subjectToken)
        case .accessToken: throw .invalidRequest
        }
    }

    /// A person who signed in at one of our front ends, and handed the front end's ID token on.
    private func subject(idToken text: String) async throws(OAuthError) -> ExchangeSubject {
        guard let people else { throw .invalidRequest }
        let (claims, expiry): (PersonClaims, Int64)
        do throws(ProviderError) {
            (claims, expiry) = try await people.person(idToken: Array(text.utf8))
        } catch {
            throw error.isTemporary ? .temporarilyUnavailable : .invalidGrant
        }
        let issued = ProofBasis(tokenIssuedAt: claims.issuedAt ?? .min, tokenID: nil, keyID: nil).since ?? .min
        guard authorizer.snapshot.revocations.refusal(of: Person(claims), since: issued) == nil else {
            throw .invalidGrant
        }
        var generator = SystemRandomNumberGenerator()
        var subject = ExchangeSubject(
            subject: PersonSubject.text(issuer: claims.person.issuer, subject: claims.person.subject),
            transaction: Self.noTask + ToolToken.identifier(using: &generator), expiry: expiry)
        subject.person = claims
        subject.authenticationTime = claims.authenticationTime
        subject.authenticationContext = claims.authenticationContext
        return subject
    }

    private func subject(handle text: String, client: ExchangeClient) throws(OAuthError) -> ExchangeSubject {
        let tasks = authorizer.snapshot.tasks
        guard let handle = TaskHandle(text), let task = tasks.task(handleDigest: handle.digest),
            case .open(let links) = tasks.state(of: task.id, at: now), task.agent == client.id
        else { throw .invalidGrant }
        let subject = task.person.map { PersonSubject.text(issuer: $0.issuer, subject: $0.subject) }
        var result = ExchangeSubject(
            subject: subject ?? task.agent.description, actors: AgentTask.chain(links),
            transaction: task.id.description, expiry: task.expires)
        result.authenticationTime = task.person.flatMap { $0.authenticationTime > 0 ? $0.authenticationTime : nil }
        return result
    }

    func actor(of token: String) async throws(OAuthError) -> SPIFFEID { try await verified(token).id }

    private func verified(_ token: String) async throws(OAuthError) -> (id: SPIFFEID, expiry: Int64) {
        guard let identities,
            let verified = try? await identities.verify(jwtSVID: Array(token.utf8), audience: issuer, now: now)
        else { throw .invalidRequest }
        let shown = VerifiedIdentity(proved: verified.id, by: .token, basis: verified.basis)
        guard authorizer.snapshot.revocations.refusal(of: shown) == nil else { throw .invalidGrant }
        return (verified.id, verified.expiry)
    }

    func authorize(
        _ request: ExchangeRequest, client: ExchangeClient, subject: ExchangeSubject, resource: TokenResource
    ) async throws(OAuthError) -> String {
        guard let server = servers.all.first(where: { $0.resource == resource }) else { throw .invalidTarget }
        guard let identity = authorizer.snapshot.agents.identify(certificate: client.id)?.resting(on: client.basis)
        else { throw .unauthorizedClient }
        var facts = Facts(
            identity: identity, plane: .identity, operation: Operation(.toolCall, tool: request.call.tool),
            destination: server.destination, time: now, source: .unknown)
        facts.service = resource.server
        facts.person = subject.person.map { Person($0) }
        if let id = TaskID(subject.transaction) {
            guard let context = authorizer.snapshot.tasks.context(of: id) else { throw .invalidGrant }
            context.apply(to: &facts)
        }
        let decision = decisions.withLock { $0.next() }
        var judgement = authorizer.authorize(facts, decision: decision)
        var event = AuditEvent(about: facts, kind: .decision, time: time())
        event.describe(judgement.verdict, decision: decision, revision: judgement.revision)
        event.actors = subject.actors.map(\.description)
        event.operation = "token \(request.call.tool)"
        guard (try? log.record(event)) != nil else { throw .temporarilyUnavailable }
        guard judgement.takePermit() != nil else { throw .invalidScope }
        return "\(judgement.revision)/\(decision)"
    }

    /// Whether the task is open, every agent of the chain is still configured, and nothing of it was revoked.
    func stands(_ claims: ToolTokenClaims, keyID: String?) -> Bool {
        let snapshot = authorizer.snapshot
        guard !snapshot.revocations.voids(claims, keyID: keyID, in: snapshot.tasks) else { return false }
        guard claims.actors.allSatisfy({ snapshot.grants[$0] != nil }) else { return false }
        guard !claims.transaction.utf8.starts(with: Self.noTask.utf8) else { return true }
        guard let id = TaskID(claims.transaction), case .open = snapshot.tasks.state(of: id, at: now) else {
            return false
        }
        return true
    }

    func record(_ claims: ToolTokenClaims) throws {
        var event = AuditEvent(kind: .tokenIssue, time: time())
        event.plane = Plane.identity.rawValue
        event.agent = claims.clientID.description
        event.actors = claims.actors.map(\.description)
        event.task = claims.transaction
        event.service = claims.call.server
        event.operation = "token \(claims.call.tool)"
        event.detail = "token \(claims.tokenID) until \(Timestamp.text(seconds: claims.expiry)), for \(claims.subject)"
        try log.record(event)
    }

    func keep(_ revocation: RevocationTable.Entry, until expiry: Int64) throws {
        try database.keep(
            StoredRevocation(kind: revocation.kind.rawValue, value: revocation.value, expires: expiry))
        if revocation.kind == .tokenID { listener.withLock { $0 }?(revocation.value, expiry) }
    }

    /// What was revoked before the last stop. Without it no endpoint may be served.
    ///
    /// - Throws: `StateDatabaseError`, also when an entry cannot be understood.
    static func revocations(
        in database: StateDatabase, now: Int64
    ) throws(StateDatabaseError) -> [(entry: RevocationTable.Entry, expiry: Int64)] {
        var revocations: [(entry: RevocationTable.Entry, expiry: Int64)] = []
        for stored in try database.revocations(now: now) {
            guard let kind = RevocationTable.Kind(rawValue: stored.kind) else {
                throw .failed("it holds a revocation of a kind that this version does not know")
            }
            revocations.append((RevocationTable.Entry(kind, stored.value), stored.expires))
        }
        return revocations
    }
}
