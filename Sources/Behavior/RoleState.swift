// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What is remembered of one role.
struct RoleState: Sendable {
    private var newDestination = NewDestinationDetector()
    private var newTool = NewToolDetector()

    /// Asks every detector of the role.
    mutating func ask(_ event: BehaviorEvent, _ scene: Scene, _ findings: inout [(Signal, Finding)]) {
        // Without a ratified profile both are silent.
        guard scene.profile != nil else { return }
        AgentState.ask(&newDestination, event, scene, &findings)
        AgentState.ask(&newTool, event, scene, &findings)
    }
}
