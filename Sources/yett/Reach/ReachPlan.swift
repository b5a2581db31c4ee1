// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import Glibc
import YettConfiguration

/// What is tried when nobody names targets: a bounded sample of every kind of way out.
struct ReachPlan {
    /// The most attempts of one run.
    static let most = 256

    /// The targets, each once.
    private(set) var targets: [ReachTarget] = []

    private var seen: Set<ReachTarget.Way> = []

    mutating func add(_ target: ReachTarget) {
        guard targets.count < Self.most, seen.insert(target.way).inserted else { return }
        targets.append(target)
    }

    /// Leaves a way out: it is the gate's.
    mutating func leaveOut(_ way: ReachTarget.Way) { seen.insert(way) }

    /// Well-known public addresses of both families, on the ports of the Web, of name servers and of what grants name.
    mutating func addPublic(ports granted: [UInt16]) {
        for text in ["1.1.1.1", "8.8.8.8", "2606:4700:4700::1111", "2001:4860:4860::8888"] {
            guard let address = IPAddress(text) else { continue }
            for port in [443, 80, 853, 22] + granted {
                add(ReachTarget(.tcp(address, port), .publicAddress, "a public address"))
            }
            add(ReachTarget(.nameServer(address, 53), .nameServer, "a public name server, over UDP"))
            add(ReachTarget(.tcp(address, 53), .nameServer, "a public name server, over TCP"))
            add(ReachTarget(.echo(address), .publicAddress, "an echo from a public address"))
        }
    }

    /// The metadata services of clouds.
    mutating func addMetadata() {
        for address in CloudMetadata.addresses {
            let what = CloudMetadata.service(at: address) ?? "a metadata service"
            add(ReachTarget(.tcp(address, 80), .metadata, what))
        }
    }

    /// The name servers of a `resolv.conf`.
    mutating func addNameServers(of text: String) {
        for line in text.split(whereSeparator: \.isNewline) {
            let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
            guard words.count >= 2, words[0] == "nameserver" else { continue }
            let plain = words[1].split(separator: "%", maxSplits: 1).first.map(String.init) ?? ""
            guard let address = IPAddress(plain) else { continue }
            add(ReachTarget(.nameServer(address, 53), .nameServer, "the name server of resolv.conf, over UDP"))
            add(ReachTarget(.tcp(address, 53), .nameServer, "the name server of resolv.conf, over TCP"))
        }
    }

    /// Sockets on this machine whose servers act with more rights, resolve names or reach a network.
    mutating func addLocalSockets() {
        for (path, what) in Self.localSockets { add(ReachTarget(.unix(path), .localSocket, what)) }
    }

    private static let localSockets = [
        ("/var/run/docker.sock", "Docker, which starts containers with any network"),
        ("/run/docker.sock", "Docker, which starts containers with any network"),
        ("/run/containerd/containerd.sock", "containerd, which starts containers with any network"),
        ("/run/crio/crio.sock", "CRI-O, which starts containers with any network"),
        ("/run/podman/podman.sock", "Podman, which starts containers with any network"),
        ("/run/buildkit/buildkitd.sock", "BuildKit, which runs builds with a network"),
        ("/run/libvirt/libvirt-sock", "libvirt, which starts machines with any network"),
        ("/run/snapd.socket", "snapd"),
        ("/run/systemd/private", "systemd's own socket"),
        ("/run/dbus/system_bus_socket", "the system bus, over which services act and resolve names"),
        ("/run/systemd/resolve/io.systemd.Resolve", "systemd-resolved, which resolves names"),
        ("/run/nscd/socket", "nscd, which resolves names"),
        ("/run/avahi-daemon/socket", "Avahi, which resolves names"),
    ]

    /// What variables of the environment lead to: proxies beside the gate, and the cluster's API.
    mutating func addEnvironment(_ environment: [String: String]) {
        for (name, value) in environment.sorted(by: { $0.key < $1.key })
        where Self.proxyVariables.contains(name.lowercased()) {
            guard let endpoint = Self.endpoint(of: value), case .address(let address) = endpoint.host else { continue }
            add(ReachTarget(.tcp(address, endpoint.port), .proxy, "the proxy of \(name)"))
        }
        if let host = environment["KUBERNETES_SERVICE_HOST"], let address = IPAddress(host) {
            let port = UInt16(environment["KUBERNETES_SERVICE_PORT"] ?? "443") ?? 443
            add(ReachTarget(.tcp(address, port), .clusterAPI, "the API of the cluster"))
        }
        if let agent = environment["SSH_AUTH_SOCK"], agent.utf8.first == UInt8(ascii: "/"), agent.utf8.count <= 107 {
            add(ReachTarget(.unix(agent), .localSocket, "an SSH agent, which signs with somebody's keys"))
        }
    }

    /// The variables that programs take proxies from, in small letters.
    static let proxyVariables = ["http_proxy", "https_proxy", "all_proxy", "ftp_proxy"]

    /// Host and port of a proxy's URL.
    static func endpoint(of url: String) -> Endpoint? {
        let rest = url.split(separator: "://", maxSplits: 1).last.map(String.init) ?? url
        let authority = rest.prefix { $0 != "/" }.split(separator: "@").last.map(String.init) ?? ""
        return try? Endpoint(parsing: authority, defaultPort: 3128)
    }

    /// What a configuration grants and names by address: an agent must not reach it past the gate.
    mutating func addDestinations(_ configuration: GateConfiguration) {
        for agent in configuration.agents {
            for entry in agent.grants {
                let ports = entry.grant.ports.ranges.flatMap { [$0.lowerBound, $0.upperBound] }
                for pattern in entry.grant.hosts {
                    for address in Self.addresses(pattern, configuration) where !address.isLoopback {
                        for port in Set(ports).sorted() {
                            add(
                                ReachTarget(
                                    .tcp(address, port), .destination, "what \(agent.name)/\(entry.grant.name) grants"))
                        }
                    }
                }
            }
        }
        if geteuid() != 0, configuration.admin.socket.utf8.count <= 107 {
            add(ReachTarget(.unix(configuration.admin.socket), .operators, "the operators' socket of the gate"))
        }
    }

    private static func addresses(_ pattern: HostPattern, _ configuration: GateConfiguration) -> [IPAddress] {
        switch pattern.kind {
        case .address(let address): [address]
        case .block(let block): [block.first]
        case .exact(let name): configuration.egress.resolver.hosts[name] ?? []
        case .subdomains, .any: []
        }
    }
}
