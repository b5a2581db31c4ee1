// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Decision
internal import Identity
internal import IdentityPlane
internal import NIOSSL
internal import PKI
internal import Resolver
internal import Synchronization
internal import Transport
internal import YettConfiguration

/// The people of a gate: the relying party, and which tasks rest on whose sign-in.
final class GatePeople: Sendable {
    /// The relying party.
    let service: PeopleService
    /// The listener's certificate; `nil` in the clear.
    let tls: TLSConfiguration?
    private let tasks = Mutex<[SignInID: Set<TaskID>]>([:])
    private let events: PeopleEvents
    private let places: ListenerPlaces

    /// Makes what the configuration asks for.
    ///
    /// - Returns: `nil` when it asks for nobody.
    /// - Throws: ``GatewayError`` when a secret or a certificate cannot be used.
    init?(_ configuration: GateConfiguration, names: any NameResolver, clock: Clock) throws(GatewayError) {
        guard let people = configuration.people else { return nil }
        let now: @Sendable () -> Int64 = { clock.wall() / 1_000_000 }
        let material = try Material(people)
        let places = ListenerPlaces([(people.address, people.port)])
        self.places = places
        var providers: [ProviderClient] = []
        for (provider, secret) in zip(people.providers, material.secrets) {
            do {
                let fetcher = try GuardedFetcher(provider, names: names) { places.all }
                providers.append(ProviderClient(provider.provider, secret: secret, fetcher: fetcher, now: now))
            } catch {
                throw GatewayError(["people.providers.\(provider.provider.name): \(error)"], isConfiguration: true)
            }
        }
        guard let url = people.url ?? people.ownURL else {
            throw GatewayError(["people.address: it makes no URL; write one in people.url"], isConfiguration: true)
        }
        tls = material.tls
        let events = PeopleEvents()
        self.events = events
        service = PeopleService(PeopleSettings(people, url: url), providers: providers, now: now) { events.tell($0) }
    }

    /// Says who is told of what happens.
    func tell(_ receiver: @escaping @Sendable (PeopleEvent) -> Void) { events.set(receiver) }

    /// Says where the gate listens, so that no provider leads there.
    func avoid(_ listeners: @escaping @Sendable () -> [(IPAddress, UInt16)]) { places.set(listeners) }

    // MARK: What rests on a sign-in

    /// Notes that a task rests on a sign-in, which is asked about for as long as the task may last.
    ///
    /// - Returns: Whether the sign-in is still there.
    func attach(_ task: TaskID, until end: Int64, to signIn: SignInID) -> Bool {
        // First the note, so that an end in between is not missed; both at once, so that no release comes in between.
        tasks.withLock { tasks in
            tasks[signIn, default: []].insert(task)
            return service.hold(signIn, until: end)
        }
    }

    /// The tasks that rest on a sign-in.
    func tasks(of signIn: SignInID) -> Set<TaskID> { tasks.withLock { $0[signIn] ?? [] } }

    /// Forgets tasks that are over. Of a person without tasks the provider is asked no more.
    ///
    /// - Parameter isOver: Asked while no task can be attached.
    func forget(where isOver: (TaskID) -> Bool) {
        tasks.withLock { tasks in
            for (signIn, ids) in tasks {
                let open = ids.filter { !isOver($0) }
                tasks[signIn] = open.isEmpty ? nil : open
                if open.isEmpty { service.release(signIn) }
            }
        }
    }
}

extension GatePeople {
    /// What the configuration refers to: secrets, certificates, keys.
    struct Material {
        /// The secret of each provider, in their order.
        var secrets: [[UInt8]?] = []
        /// The listener's certificate; `nil` in the clear.
        var tls: TLSConfiguration?

        /// Reads all of it.
        ///
        /// - Throws: ``GatewayError`` that names everything that cannot be used.
        init(_ people: PeopleConfiguration) throws(GatewayError) {
            var problems: [String] = []
            for provider in people.providers {
                do {
                    secrets.append(try provider.secret.map { try SecretReader.read($0) })
                    _ = try GuardedFetcher.trust(provider)
                } catch {
                    problems.append("people.providers.\(provider.provider.name): \(error)")
                }
            }
            do {
                tls = try people.tls.map { tls in
                    try TLSContextFactory.pages(
                        certificate: try SecretReader.read(tls.certificate), key: try SecretReader.read(tls.key))
                }
            } catch {
                problems.append("people.tls: \(error)")
            }
            guard problems.isEmpty else { throw GatewayError(problems, isConfiguration: true) }
        }
    }
}

/// Passes on what happens among the people, once there is somebody to tell.
private final class PeopleEvents: Sendable {
    private let receiver = Mutex<(@Sendable (PeopleEvent) -> Void)?>(nil)

    func set(_ receiver: @escaping @Sendable (PeopleEvent) -> Void) { self.receiver.withLock { $0 = receiver } }
    func tell(_ event: PeopleEvent) { receiver.withLock { $0 }?(event) }
}

/// Where the gate listens, once that is known.
private final class ListenerPlaces: Sendable {
    private let configured: [(IPAddress, UInt16)]
    private let known = Mutex<(@Sendable () -> [(IPAddress, UInt16)])?>(nil)

    init(_ configured: [(IPAddress, UInt16)]) { self.configured = configured }

    var all: [(IPAddress, UInt16)] { known.withLock { $0 }?() ?? configured }
    func set(_ listeners: @escaping @Sendable () -> [(IPAddress, UInt16)]) { known.withLock { $0 = listeners } }
}

extension PeopleConfiguration {
    /// Where a listener without a name of its own is found.
    fileprivate var ownURL: ProviderURL? {
        let listener = ListenerConfiguration.Address.tcp(address, port: max(port, 1))
        return ProviderURL("http://\(listener)", allowsLoopback: true)
    }
}

extension PeopleSettings {
    fileprivate init(_ people: PeopleConfiguration, url: ProviderURL) {
        self.init(url: url)
        idle = people.idle.components.seconds
        longest = people.session.components.seconds
        refresh = people.refresh.components.seconds
    }
}
