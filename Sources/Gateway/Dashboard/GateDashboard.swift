// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import AdminPlane
internal import Identity
internal import IdentityPlane
internal import Logging
internal import NIOSSL
internal import PKI
internal import ServiceLifecycle
internal import Synchronization
internal import Transport
internal import YettConfiguration

/// The dashboard, as far as the configuration asks for it.
struct GateDashboard {
    let dashboard: Dashboard?
    private let configuration: DashboardConfiguration?

    /// Makes it; nothing is opened yet.
    ///
    /// - Throws: ``GatewayError`` when a certificate cannot be used.
    init(_ gate: Gate, _ configuration: GateConfiguration, _ readiness: Readiness) throws(GatewayError) {
        self.configuration = configuration.dashboard
        guard let section = configuration.dashboard else {
            dashboard = nil
            return
        }
        var settings = DashboardSettings(host: "\(section.address)", port: Int(section.port))
        settings.url = section.url
        settings.tls = try Self.tls(section)
        settings.longest = section.session.components.seconds
        settings.idle = section.idle.components.seconds
        dashboard = Dashboard(
            gate: gate, settings: settings, people: gate.people.map { SignInService(people: $0) },
            roles: { [weak gate] in
                DashboardRoles(gate?.state.withLock({ $0.configuration.dashboard }) ?? section)
            }, now: { [clock = gate.clock] in clock.wall() / 1_000_000 }, logger: gate.logger
        ) { [weak gate] port in
            gate?.state.withLock { $0.dashboardListener = (section.address, UInt16(clamping: port)) }
            readiness.arrive()
        }
        guard dashboard != nil else {
            throw GatewayError(
                ["dashboard.address: it makes no URL; write one in dashboard.url"], isConfiguration: true)
        }
    }

    /// What runs.
    var services: [any Service] {
        guard let dashboard, let configuration else { return [] }
        let place = "dashboard.address: \(Host.address(configuration.address)):\(configuration.port)"
        return [ListeningService(service: dashboard, place: place)]
    }

    /// The listener's certificate; `nil` in the clear.
    static func tls(_ section: DashboardConfiguration) throws(GatewayError) -> TLSConfiguration? {
        guard let tls = section.tls else { return nil }
        do {
            return try TLSContextFactory.pages(
                certificate: try SecretReader.read(tls.certificate), key: try SecretReader.read(tls.key))
        } catch {
            throw GatewayError(["dashboard.tls: \(error)"], isConfiguration: true)
        }
    }
}

extension DashboardRoles {
    /// The roles of the configuration.
    init(_ section: DashboardConfiguration) {
        func members(_ members: DashboardConfiguration.Members) -> Members {
            Members(groups: members.groups, people: members.people)
        }
        self.init([
            .viewer: members(section.viewers), .operator: members(section.operators), .admin: members(section.admins),
        ])
    }
}

/// Sign-ins of the dashboard at the providers of the people's pages.
private struct SignInService: DashboardPeople {
    let people: GatePeople

    var providers: [String] { people.service.providerNames }

    func begin(at provider: String, redirect: String) async throws -> DashboardSignIn {
        let signIn: ForeignSignIn?
        do throws(ProviderError) {
            signIn = try await people.service.begin(at: provider, redirect: redirect)
        } catch {
            throw AdminError(.unavailable, "your provider cannot be used: \(error)")
        }
        guard let signIn else { throw AdminError(.unknown, "there is no such provider") }
        return DashboardSignIn(location: signIn.location, state: signIn)
    }

    func finish(_ signIn: DashboardSignIn, query: String) async throws -> String {
        guard let state = signIn.state as? ForeignSignIn else {
            throw AdminError(.forbidden, "no sign-in is under way")
        }
        let secret: String?
        do {
            secret = try await people.service.finish(state, query: query, place: "dashboard")
        } catch {
            let isTemporary = (error as? ProviderError)?.isTemporary ?? false
            throw AdminError(isTemporary ? .unavailable : .forbidden, "not signed in: \(error)")
        }
        guard let secret else { throw AdminError(.tooMany, "too many people are signed in") }
        return secret
    }

    func person(session: String) async throws -> DashboardPerson {
        do throws(PeopleError) {
            let claims = try await people.service.person(session: session).claims
            return DashboardPerson(name: claims.person.description, groups: claims.groups ?? [])
        } catch {
            var kind = AdminError.Kind.forbidden
            if case .unavailable = error { kind = .unavailable }
            throw AdminError(kind, error.description, remedy: error.remedy)
        }
    }

    func end(session: String) { people.service.end(session: session) }
}
