// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import YettConfiguration

/// Settings that are read once, at start.
enum RestartSettings {
    /// The names of those that differ.
    static func changed(from old: GateConfiguration, to new: GateConfiguration) -> [String] {
        var names: [String] = []
        if normal(old.egress.listeners) != normal(new.egress.listeners) { names.append("egress.listeners") }
        if normal(old.serviceProxy?.listeners) != normal(new.serviceProxy?.listeners) {
            names.append("service_proxy.listeners")
        }
        if resolver(of: old) != resolver(of: new) { names.append("egress.resolver") }
        if audit(of: old) != audit(of: new) { names.append("audit") }
        if old.policy.bundles != new.policy.bundles { names.append("policy.bundles") }
        if old.policy.keys != new.policy.keys { names.append("policy.keys") }
        if old.policy.persistenceDirectory != new.policy.persistenceDirectory {
            names.append("policy.persistence_directory")
        }
        if old.decisionLog != new.decisionLog { names.append("decision_log") }
        if identity(of: old) != identity(of: new) { names.append("identity") }
        if people(of: old) != people(of: new) { names.append("people") }
        if old.signals != new.signals { names.append("signals") }
        if old.mesh?.address != new.mesh?.address || old.mesh?.port != new.mesh?.port
            || old.mesh?.socket != new.mesh?.socket
        {
            names.append("mesh")
        }
        if old.cluster != new.cluster { names.append("cluster") }
        if dashboard(of: old) != dashboard(of: new) { names.append("dashboard") }
        if sandbox(of: old) != sandbox(of: new) { names.append("sandbox") }
        if old.approvals.webhook != new.approvals.webhook { names.append("approvals.webhook") }
        if (old.watch.mode == .off) != (new.watch.mode == .off) { names.append("watch.mode") }
        if old.telemetry != new.telemetry { names.append("telemetry") }
        if old.admin != new.admin { names.append("admin") }
        if old.limits.workers != new.limits.workers { names.append("limits.workers") }
        if old.limits.openFiles != new.limits.openFiles { names.append("limits.open_files") }
        if old.limits.shutdownGrace != new.limits.shutdownGrace { names.append("limits.shutdown_grace") }
        return names
    }

    private static func normal(_ listeners: [ListenerConfiguration]?) -> [ListenerConfiguration]? {
        listeners?.map { listener in
            var listener = listener
            listener.place = .start
            // What is presented and trusted changes with a reload; whether there is TLS does not.
            if listener.tls != nil { listener.tls = .svid }
            return listener
        }
    }

    private static func resolver(of configuration: GateConfiguration) -> ResolverConfiguration {
        var resolver = configuration.egress.resolver
        resolver.hosts = [:]
        return resolver
    }

    /// How recently somebody must have signed in changes with a reload.
    private static func people(of configuration: GateConfiguration) -> PeopleConfiguration? {
        var people = configuration.people
        people?.taskMaximumAge = nil
        return people
    }

    /// Who has which role changes with a reload.
    private static func dashboard(of configuration: GateConfiguration) -> DashboardConfiguration? {
        var dashboard = configuration.dashboard
        dashboard?.viewers = .init()
        dashboard?.operators = .init()
        dashboard?.admins = .init()
        return dashboard
    }

    /// Which drivers there are, and where their images lie; everything else changes with a reload.
    private static func sandbox(of configuration: GateConfiguration) -> [String]? {
        configuration.sandbox.flatMap { $0.isOn ? $0.drivers + [$0.images] : nil }
    }

    /// Entries change with a reload.
    private static func identity(of configuration: GateConfiguration) -> IdentityConfiguration {
        var identity = configuration.identity
        identity.entries = []
        return identity
    }

    private static func audit(of configuration: GateConfiguration) -> AuditConfiguration {
        var audit = configuration.audit
        audit.witnesses = audit.witnesses.map { witness in
            var witness = witness
            witness.place = .start
            return witness
        }
        return audit
    }
}
