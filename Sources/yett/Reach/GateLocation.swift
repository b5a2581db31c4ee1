// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import YettConfiguration

/// Where a workload finds the gate.
enum GateLocation {
    /// The gate's listeners: those that are named, those of a configuration, or the proxy of the environment.
    ///
    /// - Throws: ``CommandFailure`` for a name that only DNS would know; asking it would be the very way that must be closed.
    static func find(
        named: [String], configuration: GateConfiguration?, environment: [String: String]
    ) throws -> [ReachTarget] {
        guard named.isEmpty else { return try named.map { ReachTarget(try way(of: $0), .gate, "the gate") } }
        if let configuration {
            let all = configuration.egress.listeners + (configuration.serviceProxy?.listeners ?? [])
            return all.compactMap { listener in
                switch listener.address {
                case .unix(let path, _): ReachTarget(.unix(path), .gate, "the gate")
                case .tcp(let address, let port) where port > 0 && !address.isUnspecified:
                    ReachTarget(.tcp(address, port), .gate, "the gate")
                case .tcp: nil
                }
            }
        }
        for name in ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"] {
            guard let value = environment[name], let endpoint = ReachPlan.endpoint(of: value) else { continue }
            return [ReachTarget(try way(of: "\(endpoint)"), .gate, "the gate, by \(name)")]
        }
        return []
    }

    private static func way(of text: String) throws -> ReachTarget.Way {
        guard let endpoint = try? Endpoint(parsing: text) else {
            throw CommandFailure(
                "“\(text)” is no place of a gate", remedy: "write --gate 10.0.4.1:3128", code: .usage)
        }
        switch endpoint.host {
        case .address(let address): return .tcp(address, endpoint.port)
        case .name(let name):
            let hosts = (try? InputFile.read("/etc/hosts", limit: 1 << 20)) ?? []
            guard let address = address(of: name, in: String(decoding: hosts, as: UTF8.self)) else {
                throw CommandFailure(
                    "\(name) is not in /etc/hosts, and no other way to resolve a name may exist here",
                    remedy: "name the gate by its address, or add an entry (Kubernetes: hostAliases)",
                    code: .usage)
            }
            return .tcp(address, endpoint.port)
        }
    }

    /// The first address that a `hosts` file has for a name.
    static func address(of name: HostName, in hosts: String) -> IPAddress? {
        for line in hosts.split(whereSeparator: \.isNewline) {
            let words = line.prefix { $0 != "#" }.split(whereSeparator: { $0 == " " || $0 == "\t" })
            guard let first = words.first, let address = IPAddress(first) else { continue }
            if words.dropFirst().contains(where: { (try? HostName(parsing: String($0))) == name }) { return address }
        }
        return nil
    }
}
