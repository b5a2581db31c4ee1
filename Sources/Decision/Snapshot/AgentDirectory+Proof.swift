// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity

extension AgentDirectory {
    /// The strongest way in which an agent can prove who it is; `nil` when there is none.
    public func strongestProof(of id: SPIFFEID) -> Proof? {
        guard let agent = agents.first(where: { $0.id == id }) else { return nil }
        if agent.allowsCertificate { return .x509SVID }
        if agent.allowsLaunch { return .launched }
        if !agent.processes.isEmpty { return .peerCredentials }
        if !agent.tokenDigests.isEmpty { return .token }
        return agent.sources.isEmpty ? nil : .sourceAddress
    }
}
