// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import YettConfiguration

/// The units with which systemd runs the gate: the service, and the socket that holds the agents' listeners while the gate
/// restarts.
struct SystemdManifests {
    private let configuration: GateConfiguration
    private let options: RenderOptions

    init(_ configuration: GateConfiguration, _ options: RenderOptions) {
        self.configuration = configuration
        self.options = options
    }

    /// Both units.
    func render() throws(ManifestError) -> Rendering {
        var rendering = Rendering()
        rendering.documents.append(Manifest(name: "yett.service", text: try service()))
        if !handedOver.isEmpty { rendering.documents.append(Manifest(name: "yett.socket", text: socket())) }
        rendering.notes = try notes()
        return rendering
    }

    /// The listeners that systemd opens: those of agents on TCP. The gate makes Unix sockets itself, with their modes.
    private var handedOver: [GateListener] {
        configuration.tcpListeners.filter { $0.audience == .agents && $0.name != "tokens" }
    }

    private var credentials: [String] {
        configuration.secretReferences.compactMap { reference in
            if case .credential(let name) = reference { name } else { nil }
        }
    }

    private var variables: [String] {
        configuration.secretReferences.compactMap { reference in
            if case .environment(let name) = reference { name } else { nil }
        }
    }

    private func service() throws(ManifestError) -> String {
        var unit = UnitFile()
        unit.comment("The gate. Written by `yett render systemd`; what differs belongs into yett.service.d/*.conf.")
        unit.section("Unit")
        unit.set("Description", "Yett, the gate for AI agents")
        unit.set("Documentation", "man:yett(1)")
        unit.set("After", "network-online.target")
        unit.set("Wants", "network-online.target")
        unit.section("Service")
        unit.set("Type", "notify")
        unit.set("NotifyAccess", "main")
        let program = try UnitText.argument(options.programPath)
        unit.set("ExecStart", "\(program) run --config \(try UnitText.argument(options.configurationPath))")
        let path = try UnitText.argument(options.configurationPath)
        unit.comment("A configuration that is refused makes this fail, and the gate serves on with the old one.")
        unit.set("ExecReload", "\(program) reload --config \(path)")
        unit.set("Restart", "on-failure")
        unit.set("RestartSec", "1s")
        unit.comment("A wrong configuration does not get better by itself.")
        unit.set("RestartPreventExitStatus", "2")
        unit.comment("The gate shows that its event loops answer.")
        unit.set("WatchdogSec", "1min")
        unit.comment("The record is read at the start, and may be long.")
        unit.set("TimeoutStartSec", "5min")
        unit.comment("What limits.shutdown_grace leaves open connections, and 15 s to sign and close the record.")
        unit.set("TimeoutStopSec", "\(configuration.shutdownSeconds + 15)s")
        unit.comment(
            "Listening sockets stay here while one run of the gate follows another: connections wait, none is refused.")
        unit.set("FileDescriptorStoreMax", "512")
        unit.set("User", "yett")
        unit.set("Group", "yett")
        unit.set("UMask", "0077")
        unit.set("LimitNOFILE", "\(max(131_072, configuration.limits.openFiles))")
        unit.set("LimitCORE", "0")
        try directories(&unit)
        try secrets(&unit)
        SystemdHardening(configuration).write(&unit)
        unit.section("Install")
        unit.set("WantedBy", "multi-user.target")
        if !handedOver.isEmpty { unit.set("Also", "yett.socket") }
        return unit.text
    }

    private func directories(_ unit: inout UnitFile) throws(ManifestError) {
        unit.comment("Where the gate writes; everything else is read-only for it.")
        unit.set("StateDirectory", "yett")
        unit.set("StateDirectoryMode", "0700")
        unit.set("RuntimeDirectory", "yett")
        unit.set("RuntimeDirectoryMode", "0700")
        unit.set("RuntimeDirectoryPreserve", "restart")
        for path in try otherDirectories { unit.set("ReadWritePaths", try UnitText.word(path)) }
    }

    /// The directories that systemd does not make: somebody has to, before the start.
    private var otherDirectories: [String] {
        get throws(ManifestError) {
            let written = try WrittenDirectories(configuration)
            let others = (written.state + written.sockets).filter { path in
                !["/var/lib/yett", "/run/yett"].contains { path == $0 || path.hasPrefix("\($0)/") }
            }
            return Set(others).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        }
    }

    private func secrets(_ unit: inout UnitFile) throws(ManifestError) {
        if !credentials.isEmpty {
            unit.comment("Files of root that only the gate sees, by the names of the configuration (credential:NAME).")
        }
        for name in credentials {
            unit.set("LoadCredential", "\(name):" + (try UnitText.rest("/etc/credstore/yett.\(name)")))
        }
        guard !variables.isEmpty else { return }
        unit.comment("Sets \(variables.joined(separator: ", ")), one NAME=VALUE a line; mode 0600.")
        unit.set("EnvironmentFile", "/etc/yett/environment")
    }

    private func socket() -> String {
        var unit = UnitFile()
        unit.comment(
            "The agents' listeners. They stay open while the gate restarts: connections wait and are not refused.")
        unit.section("Unit")
        unit.set("Description", "Listeners of Yett, the gate for AI agents")
        unit.section("Socket")
        for listener in handedOver { unit.set("ListenStream", listener.written) }
        unit.comment("The gate takes each by its address; the name is for messages.")
        unit.set("FileDescriptorName", "agents")
        unit.set("BindIPv6Only", hasBothFamilies ? "ipv6-only" : "default")
        unit.set("Backlog", "4096")
        unit.comment("An address may be bound before the machine has it.")
        unit.set("FreeBind", "yes")
        unit.section("Install")
        unit.set("WantedBy", "sockets.target")
        return unit.text
    }

    /// Whether an address of each family has the same port, so that one socket must not serve both.
    private var hasBothFamilies: Bool {
        handedOver.contains { listener in
            handedOver.contains { other in
                if case (.v4, .v6) = (listener.address, other.address) { listener.port == other.port } else { false }
            }
        }
    }

    private func notes() throws(ManifestError) -> [String] {
        var notes = credentials.map { name in
            "credential:\(name): put it into /etc/credstore/yett.\(name), of root, mode 0600"
        }
        notes += variables.map { name in
            "env:\(name): write \(name)=VALUE into /etc/yett/environment, of root, mode 0600; credential: keeps it out of /proc"
        }
        let sockets = Set([configuration.identity.socket].compactMap(\.self) + configuration.unixListeners)
        let open = Set(try sockets.map { path throws(ManifestError) in try WrittenDirectories.parent(of: path) })
        for path in try otherDirectories {
            let mode = open.contains(path) ? "0755" : "0700"
            notes.append(
                "\(path): make it before the start, for the user yett with mode \(mode) (tmpfiles.d below /run)")
        }
        return notes
    }
}

extension GateConfiguration {
    /// `limits.shutdown_grace` in whole seconds, rounded up.
    var shutdownSeconds: Int {
        let parts = limits.shutdownGrace.components
        return Int(parts.seconds) + (parts.attoseconds > 0 ? 1 : 0)
    }
}
