// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Testing

@testable import MeshPlane

@Suite("Requests that were allowed a moment ago") struct AllowedRequestsTests {
    private static func id(_ number: Int) -> DecisionID { DecisionID(rawValue: UInt64(number)) }
    private static let request = AllowedRequest(facts: nil, grant: nil, generation: 7)

    private static func isClaimed(_ claim: FollowClaim) -> Bool {
        if case .request(let request) = claim { request.generation == 7 } else { false }
    }

    @Test("are claimed once, and only in time")
    func claims() {
        let allowed = AllowedRequests()
        allowed.note(Self.request, as: Self.id(1), at: 0)
        allowed.note(Self.request, as: Self.id(2), at: 0)
        #expect(Self.isClaimed(allowed.claim(Self.id(1), at: 1)))
        #expect(!Self.isClaimed(allowed.claim(Self.id(1), at: 1)))
        #expect(!Self.isClaimed(allowed.claim(Self.id(3), at: 1)))
        #expect(!Self.isClaimed(allowed.claim(Self.id(2), at: MeshLimits.untilFollowed)))
    }

    @Test("are forgotten when their time is over, or there are too many")
    func limits() {
        let allowed = AllowedRequests()
        for number in 0..<(MeshLimits.allowedRequests + 5000) { allowed.note(Self.request, as: Self.id(number), at: 1) }
        #expect(allowed.count == MeshLimits.allowedRequests)
        #expect(!Self.isClaimed(allowed.claim(Self.id(4999), at: 1)))
        #expect(Self.isClaimed(allowed.claim(Self.id(5000), at: 1)))
        allowed.note(Self.request, as: Self.id(1_000_000), at: 1 + MeshLimits.untilFollowed)
        #expect(allowed.count == 1)
    }

    @Test("are not followed beyond a number")
    func full() {
        let allowed = AllowedRequests()
        for number in 0...MeshLimits.followedRequests {
            allowed.note(Self.request, as: Self.id(number), at: 0)
            let claim = allowed.claim(Self.id(number), at: 0)
            let isFull = if case .full = claim { true } else { false }
            #expect(isFull == (number == MeshLimits.followedRequests))
        }
        allowed.leave()
        allowed.note(Self.request, as: Self.id(-1 & Int.max), at: 0)
        #expect(Self.isClaimed(allowed.claim(Self.id(-1 & Int.max), at: 0)))
    }
}
