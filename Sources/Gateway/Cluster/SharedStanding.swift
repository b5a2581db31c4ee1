// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Cluster
internal import Decision
internal import Synchronization

/// Lets decisions know whether the state that gates share is fresh. Until there is a link, it is not.
final class SharedStanding: SharedState {
    private let link = Mutex<ClusterLink?>(nil)
    private let trustsAnyClock: Bool

    /// - Parameter trustsAnyClock: Whether a clock that is wrong is only told of.
    init(trustsAnyClock: Bool) { self.trustsAnyClock = trustsAnyClock }

    /// Asks a link from now on.
    func attach(_ link: ClusterLink) { self.link.withLock { $0 = link } }

    func refusal() -> Verdict? {
        guard let link = link.withLock({ $0 }) else {
            return .deny(.clusterUnreachable, detail: "the gate has just started")
        }
        guard link.isFresh else {
            return .deny(.clusterUnreachable, detail: "no majority of etcd answers, for longer than cluster.grace")
        }
        if !trustsAnyClock, link.isClockDoubtful {
            return .deny(
                .clusterClock, detail: "more than half of the other gates are further away than cluster.max_clock_skew")
        }
        return nil
    }
}
