// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The configurations of these tests.
enum Sample {
    /// One agent, known by its source, that may open tunnels to `web.test` and `other.test` on one port.
    static func tunnels(to port: UInt16, grants: String? = nil, limits: String = "") -> String {
        """
        agents:
          bot:
            attest: [{launch: true}, {source: [127.0.0.1]}]
            grants: \(grants ?? "[{name: web, hosts: [web.test], ports: [\(port)], tls: any}, {name: other, hosts: [other.test], ports: [\(port)], tls: any}]")
        egress:
          listeners: [{address: "127.0.0.1:0", identify: [source]}]
          resolver: {hosts: {web.test: [127.0.0.1], other.test: [127.0.0.1]}}
          exceptions:
            - {host: web.test, port: \(port), cidr: 127.0.0.1/32}
            - {host: other.test, port: \(port), cidr: 127.0.0.1/32}
        \(limits)
        """
    }
}
