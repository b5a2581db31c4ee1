// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Decision
import Protocols
import Synchronization

/// What is known of a service that is an agent.
public struct AgentServer: Sendable {
    /// What is known of its skills, by name.
    public var annotations: [String: ToolAnnotations] = [:]
    /// The choices about where values may come from.
    public var provenance = ProvenanceSettings()

    /// Nothing is known.
    public init() {}
}

/// What the gate knows of one agent that is a service, for all callers and connections.
final class A2AServiceState: Sendable {
    /// The name of the service.
    let name: String
    /// Whose tasks and conversations are whose.
    let memory = A2AMemory()

    private let current: Mutex<AgentServer>

    init(name: String, settings: AgentServer = AgentServer()) {
        self.name = name
        current = Mutex(settings)
    }

    /// What the configuration says.
    var settings: AgentServer { current.withLock { $0 } }

    /// Takes what a reload brought.
    func replace(_ settings: AgentServer) { current.withLock { $0 = settings } }
}
