// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import IdentityPlane
internal import ServiceLifecycle
internal import Synchronization
internal import YettConfiguration

/// The way in for people, as far as the configuration asks for it.
struct PeopleServices {
    private let gate: Gate
    private let people: GatePeople?
    private let configuration: PeopleConfiguration?

    init(_ gate: Gate, _ configuration: GateConfiguration) {
        self.gate = gate
        people = gate.people
        self.configuration = configuration.people
    }

    /// How many listeners there are.
    var count: Int { people == nil ? 0 : 1 }

    /// What runs.
    ///
    /// - Parameter readiness: Told of the listener.
    func services(_ readiness: Readiness) -> [any Service] {
        guard let people, let configuration else { return [] }
        let listener = PeopleListener(
            people.service, host: "\(configuration.address)", port: Int(configuration.port), tls: people.tls,
            logger: gate.logger
        ) { [gate] port in
            gate.state.withLock { $0.peopleListener = (configuration.address, UInt16(clamping: port)) }
            if configuration.url == nil { people.service.serves(on: port) }
            readiness.arrive()
        }
        let place = "people.address: \(Host.address(configuration.address)):\(configuration.port)"
        return [ListeningService(service: listener, place: place), PeopleWatchService(gate: gate, people: people)]
    }
}

/// Every few seconds, looks after those on whose behalf something acts.
private struct PeopleWatchService: Service {
    let gate: Gate
    let people: GatePeople

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while true {
                try await Task.sleep(for: .seconds(2))
                await people.service.maintain()
                gate.forgetEndedTasks(of: people)
            }
        }
    }
}
