// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc
internal import Logging
internal import Transport
internal import YettConfiguration

/// What `yett check` finds: everything that would keep the gate from starting, short of opening sockets and the log.
public struct ConfigurationCheck: Sendable {
    /// Every mistake and doubt, as `file:line:column: …`.
    public var diagnostics: [String]
    /// The configuration with every default written out; absent when it cannot be used.
    public var effectiveText: String?
    /// Whether the gate would start with it.
    public var isUsable: Bool

    /// Checks a file.
    public static func run(path: String) -> ConfigurationCheck {
        do throws(GatewayError) {
            let loaded = try LoadedConfiguration(path: path, now: Int64(time(nil)))
            let bundles = try PolicyBundles(
                loaded.configuration.policy, path: path, clock: .system,
                logger: Logger(label: "check") { _ in SwiftLogNoOpLogHandler() })
            bundles.restore()
            let policy = try bundles.firstPolicy(of: loaded.policyBuilder(bundles), configuration: loaded.digest)
            try ListenerMaterials.check(loaded.configuration)
            try ServiceMaterials.check(loaded.configuration)
            _ = try TokenIssuerMaterials(loaded.configuration)
            try FederationServices.check(loaded.configuration)
            try GateCluster.check(loaded.configuration)
            if let people = loaded.configuration.people { _ = try GatePeople.Material(people) }
            _ = try GateSignals.Material(loaded.configuration)
            if let dashboard = loaded.configuration.dashboard { _ = try GateDashboard.tls(dashboard) }
            _ = try SnapshotBuilder(configuration: loaded.configuration, listeners: [], policy: policy)
                .build(revision: 1)
            let notes = policy.absence.map { ["\(path): warning: the policy was not checked as a whole: \($0)"] } ?? []
            return ConfigurationCheck(
                diagnostics: loaded.warnings + notes, effectiveText: loaded.configuration.effectiveText(),
                isUsable: true)
        } catch {
            return ConfigurationCheck(diagnostics: error.lines, effectiveText: nil, isUsable: false)
        }
    }
}

/// Where a configuration file says that operators connect.
public enum AdminSocketPath {
    /// The path in a file.
    ///
    /// - Throws: ``GatewayError`` with every mistake of the file.
    public static func inConfiguration(_ path: String) throws(GatewayError) -> String {
        try LoadedConfiguration(path: path, now: Int64(time(nil))).configuration.admin.socket
    }

    /// The path where the configuration names none.
    public static var standard: String { AdminConfiguration().socket }
}
