// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

package import Addresses
package import Decision
package import EgressPlane
package import NIOCore
package import PKI
package import Resolver
package import ServicePlane
package import Storage
package import Transport

/// What a test wants of its gate.
package struct GateOptions: Sendable {
    /// The agents.
    package var agents: [AgentSetup]
    /// The name service; by default every name is one public address.
    package var resolver: any NameResolver
    /// Where dials lead; by default nowhere.
    package var route: DialRecorder.Route = { _ in nil }
    /// The limits.
    package var settings = EgressSettings()
    /// Which addresses may be dialled although they are not public.
    package var exceptions: [AddressException] = []
    /// How the TCP listener learns who is asking.
    package var identification: ListenerSpecification.Identification = .source
    /// The services, where there is a service proxy.
    package var services: [ServiceDescription] = []
    /// TLS of the service proxy's listener.
    package var serviceTLS: SVIDServerTLS?
    /// The limits of the service proxy.
    package var serviceSettings = ServiceSettings()
    /// Signs what the gate says of services.
    package var signer: (@Sendable ([UInt8]) -> [UInt8]?)?
    /// What clients may speak.
    package var protocols: ListenerSpecification.Protocols = [.http, .socks5]
    /// TLS of the TCP listener.
    package var tls: SVIDServerTLS?
    /// Whether a Unix socket is listened on as well, and how callers are known there.
    package var unixIdentification: ListenerSpecification.Identification?
    /// How many event loops.
    package var workers = 2
    /// How often deadlines are looked at.
    package var sweepInterval = TimeAmount.milliseconds(10)
    /// Whether no other gate runs meanwhile, because the test measures the process.
    package var isAlone = false
    /// What decides.
    package var policy = DecisionPolicy.standard
    /// What "recorded" means.
    package var durability = AuditLog.Durability.process

    /// A gate with one local agent.
    package init(grants: [Grant], resolver: (any NameResolver)? = nil) {
        self.init(agents: [.local(grants: grants)], resolver: resolver)
    }

    /// A gate with these agents.
    package init(agents: [AgentSetup], resolver: (any NameResolver)? = nil) {
        self.agents = agents
        self.resolver = resolver ?? ScriptedResolver(records: ["*": [["A 203.0.114.10"]]])
    }

    /// Leads every dial to one port.
    package mutating func lead(to upstream: UpstreamServer) {
        let port = upstream.port
        route = { _ in port }
    }
}
