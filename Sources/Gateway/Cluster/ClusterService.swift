// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import ServiceLifecycle

/// Shares the gate's state with others for as long as it serves.
struct ClusterService: Service {
    let cluster: GateCluster
    let gate: Gate

    func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await cluster.run(gate) }
            try? await gracefulShutdown()
            // What is spent is known once nobody spends any more; the link is needed to give the rest back.
            await cluster.budgets.giveBack(at: gate.now)
            group.cancelAll()
        }
    }
}
