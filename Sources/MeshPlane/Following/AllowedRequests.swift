// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Synchronization

/// A request that was allowed.
struct AllowedRequest: Sendable {
    /// What was judged; `nil` where a refusal was recorded only, so that there is nothing to judge again.
    let facts: Facts?
    let grant: GrantID?
    /// Of what it was decided by.
    let generation: UInt64
}

/// What became of the attempt to follow a request.
enum FollowClaim: Sendable {
    /// It is followed from now on.
    case request(AllowedRequest)
    /// It was not allowed here, or too long ago, or is followed already.
    case unknown
    /// As many are followed as can be.
    case full
}

/// Requests that were allowed a moment ago, until Envoy says that they are open. Safe from any thread.
final class AllowedRequests: Sendable {
    fileprivate struct State {
        var requests: [DecisionID: (request: AllowedRequest, until: Int64)] = [:]
        /// In the order in which they were allowed, those that were claimed among them.
        var order: [DecisionID] = []
        /// How many at the beginning of `order` are gone.
        var gone = 0
        var followed = 0
    }

    private let state = Mutex(State())

    /// Remembers a request for a while.
    ///
    /// - Parameter now: Nanoseconds of the monotonic clock.
    func note(_ request: AllowedRequest, as decision: DecisionID, at now: Int64) {
        state.withLock { state in
            state.requests[decision] = (request, now &+ MeshLimits.untilFollowed)
            state.order.append(decision)
            state.forget(at: now)
        }
    }

    /// Takes a request out that is followed from now on, until ``leave()``.
    func claim(_ decision: DecisionID, at now: Int64) -> FollowClaim {
        state.withLock { state in
            guard let (request, until) = state.requests.removeValue(forKey: decision), now < until else {
                return .unknown
            }
            guard state.followed < MeshLimits.followedRequests else { return .full }
            state.followed &+= 1
            return .request(request)
        }
    }

    /// A request is followed no longer.
    func leave() { state.withLock { $0.followed &-= 1 } }

    /// How many wait to be claimed.
    var count: Int { state.withLock { $0.requests.count } }
}

extension AllowedRequests.State {
    /// Forgets what is over, what was claimed, and the oldest of too many.
    fileprivate mutating func forget(at now: Int64) {
        while gone < order.count {
            if let (_, until) = requests[order[gone]] {
                guard now >= until || order.count &- gone > MeshLimits.allowedRequests else { break }
                requests[order[gone]] = nil
            }
            gone &+= 1
        }
        guard gone > 1024, gone > order.count / 2 else { return }
        order.removeFirst(gone)
        gone = 0
    }
}
