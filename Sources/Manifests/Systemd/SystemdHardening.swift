// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import YettConfiguration

/// What the service gives up (systemd.exec(5)); as much as the configuration lets it.
struct SystemdHardening {
    private let configuration: GateConfiguration

    init(_ configuration: GateConfiguration) { self.configuration = configuration }

    func write(_ unit: inout UnitFile) {
        unit.comment("What the gate gives up.")
        let capabilities = capabilities
        unit.set("CapabilityBoundingSet", capabilities.joined(separator: " "))
        if !capabilities.isEmpty { unit.set("AmbientCapabilities", capabilities.joined(separator: " ")) }
        for key in Self.always { unit.set(key, "yes") }
        unit.set("ProtectSystem", "strict")
        unit.set("KeyringMode", "private")
        unit.set("RestrictAddressFamilies", "AF_INET AF_INET6 AF_UNIX AF_NETLINK")
        unit.set("SystemCallArchitectures", "native")
        unit.set("SystemCallErrorNumber", "EPERM")
        if looksAtProcesses {
            unit.comment("Agents are known by their processes (attest: unix, identity.entries): /proc stays visible.")
            unit.set("ProtectProc", "default")
        } else {
            unit.set("ProtectProc", "invisible")
        }
        if usesTemporaryFiles {
            unit.comment(
                "The configuration keeps something in the temporary directory, which is therefore everybody's.")
            unit.set("PrivateTmp", "no")
        } else {
            unit.set("PrivateTmp", "yes")
        }
        if startsPrograms {
            unit.comment(
                "Launches and sandboxes make namespaces, mounts and code of their own; the launcher filters them.")
            unit.set("Delegate", "yes")
            unit.set("SystemCallFilter", "@system-service @mount pivot_root seccomp setns unshare")
        } else {
            unit.set("ProtectKernelTunables", "yes")
            unit.set("ProtectControlGroups", "yes")
            unit.set("PrivateDevices", "yes")
            unit.set("DevicePolicy", "closed")
            unit.set("RestrictNamespaces", "yes")
            unit.set("MemoryDenyWriteExecute", "yes")
            unit.set("SystemCallFilter", "@system-service")
        }
    }

    private static let always = [
        "NoNewPrivileges", "ProtectHome", "ProtectKernelModules", "ProtectKernelLogs", "ProtectClock",
        "ProtectHostname", "LockPersonality", "RestrictRealtime",
        "RestrictSUIDSGID", "RemoveIPC",
    ]

    private var capabilities: [String] {
        var all: [String] = []
        // Those of agents are opened by the socket unit.
        let own = configuration.tcpListeners.filter { $0.audience != .agents || $0.name == "tokens" }
        if own.contains(where: { $0.port < 1024 }) { all.append("CAP_NET_BIND_SERVICE") }
        // Only this lets a process read which program another user's process runs.
        if looksAtProcesses { all.append("CAP_SYS_PTRACE") }
        return all
    }

    private var looksAtProcesses: Bool {
        let isAttested = configuration.agents.flatMap(\.attestations).contains { attestation in
            if case .unix(let selector) = attestation.kind { selector.path != nil } else { false }
        }
        return isAttested || configuration.identity.socket != nil
    }

    private var startsPrograms: Bool { configuration.sandbox?.isOn == true }

    private var usesTemporaryFiles: Bool {
        let paths =
            [configuration.audit.directory, configuration.admin.socket, configuration.identity.directory]
            + configuration.unixListeners
        return paths.contains { $0.hasPrefix("/tmp/") || $0.hasPrefix("/var/tmp/") }
    }
}
