// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

package import Addresses
package import Decision
import Identity

/// An agent of a test's configuration.
package struct AgentSetup: Sendable {
    /// The short name.
    package var name: String
    /// The grants.
    package var grants: [Grant]
    /// The networks by which it is known.
    package var sources: [AddressBlock] = []
    /// The bearer tokens by which it is known.
    package var tokens: [String] = []
    /// The processes by which it is known.
    package var processes: [ProcessSelector] = []
    /// Whether it may be launched.
    package var allowsLaunch = false
    /// Whether the grants are known to the decision at all.
    package var hasGrants = true
    /// Whether a certificate identifies it.
    package var allowsCertificate = false

    /// An agent that nothing identifies yet.
    package init(_ name: String, grants: [Grant]) {
        self.name = name
        self.grants = grants
    }

    /// An agent that everything on 127.0.0.0/8 is taken for.
    package static func local(_ name: String = "tester", grants: [Grant]) -> AgentSetup {
        var agent = AgentSetup(name, grants: grants)
        agent.sources = [AddressBlock("127.0.0.0/8")].compactMap { $0 }
        return agent
    }
}

extension Grant {
    /// A grant for hosts as they would be written, on ports 80 and 443; `*` is any host.
    package static func test(_ hosts: String..., name: String = "test") throws -> Grant {
        var grant = Grant(name: name, hosts: try hosts.map { try HostPattern(parsing: $0, permitsAny: true) })
        grant.ports = PortSet([80...80, 443...443])
        return grant
    }

    /// The same grant for tunnels that need not carry TLS.
    package var openTunnel: Grant {
        var grant = self
        grant.tls = .any
        return grant
    }

    /// The same grant with changes.
    package func with(_ change: (inout Grant) -> Void) -> Grant {
        var grant = self
        change(&grant)
        return grant
    }
}
