// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc

/// What the helper inside is told: NUL-terminated `key=value` records, read from a descriptor.
struct JailConfiguration {
    private(set) var bytes: [UInt8] = []

    init(
        plan: LaunchPlan, visible: VisiblePaths, program: String, environment: SandboxEnvironment, canary: String
    ) throws(LaunchError) {
        append("program", program)
        for (index, argument) in plan.command.enumerated() {
            guard !argument.utf8.contains(0) else { throw .refused("an argument contains a NUL byte") }
            append("argument", index == 0 ? program : argument)
        }
        for variable in environment.variables { append("environment", "\(variable.name)=\(variable.value)") }
        append("canary", canary)
        append("http-port", "\(LoopbackPorts.http)")
        append("socks-port", "\(LoopbackPorts.socks)")
        for entry in visible.entries {
            append("judged", "\(entry.path.device):\(entry.path.inode):\(entry.path.text)")
            if entry.isWritable { append("writable", entry.path.text) }
        }
        for path in ["/tmp", "/var/tmp", VisiblePaths.home, "/dev"] { append("writable", path) }
        for path in Self.knownSockets + [plan.gateSocket] + plan.forbiddenSockets where path.utf8.count < 100 {
            append("socket", path)
        }
        for kind in ["net", "pid", "ipc", "uts", "mnt", "user", "cgroup"] {
            guard let own = Path.linkTarget("/proc/self/ns/\(kind)") else {
                throw .missing("the kernel has no \(kind) namespaces")
            }
            append("namespace", own)
        }
        for address in Self.foreignAddresses + Self.hostAddresses() { append("address", address) }
        append("processes", "\(plan.limits.processes)")
        append("open-files", "\(plan.limits.openFiles)")
        append("file-bytes", "\(plan.limits.fileBytes)")
        append("memory-bytes", "\(plan.limits.memoryBytes)")
    }

    private mutating func append(_ key: String, _ value: String) {
        bytes += Array(key.utf8) + [UInt8(ascii: "=")] + Array(value.utf8) + [0]
    }

    private static let foreignAddresses = ["1.1.1.1", "169.254.169.254"]

    private static let knownSockets = [
        "/var/run/docker.sock", "/run/docker.sock", "/run/containerd/containerd.sock", "/run/podman/podman.sock",
        "/run/crio/crio.sock", "/run/dbus/system_bus_socket", "/run/systemd/private", "/run/systemd/journal/stdout",
        "/run/systemd/io.system.ManagedOOM", "/run/snapd.socket", "/run/user/\(getuid())/bus",
        "/run/user/\(getuid())/docker.sock", "/run/yett/admin.sock", "/run/yett/yett.sock", "/tmp/.X11-unix/X0",
    ]

    /// The host's own IPv4 addresses, loopback apart: the inside must not reach them either.
    private static func hostAddresses() -> [String] {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&list) == 0 else { return [] }
        defer { freeifaddrs(list) }
        var found: [String] = []
        var next = list
        while let entry = next, found.count < 16 {
            next = entry.pointee.ifa_next
            guard let address = entry.pointee.ifa_addr, address.pointee.sa_family == sa_family_t(AF_INET) else {
                continue
            }
            var text = [CChar](repeating: 0, count: Int(INET_ADDRSTRLEN))
            let isText = address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { internet in
                inet_ntop(AF_INET, &internet.pointee.sin_addr, &text, socklen_t(INET_ADDRSTRLEN)) != nil
            }
            guard isText else { continue }
            let string = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            if !string.utf8.starts(with: "127.".utf8) { found.append(string) }
        }
        return found
    }
}
