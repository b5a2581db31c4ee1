// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore
import Testing

@testable import IdentityPlane

@Suite("Admission")
struct AdmissionTests {
    @Test("limits the calls that one user begins in a second, and nobody else's")
    func limitsRate() {
        var limits = IdentityPlaneLimits()
        limits.callsOfUserPerSecond = 3
        let admission = Admission(limits: limits)
        func begin(_ user: UInt32, at seconds: UInt64) -> Bool {
            let isTaken = admission.beginCall(user: user, now: .uptimeNanoseconds(seconds * 1_000_000_000))
            if isTaken { admission.endCall(user: user) }
            return isTaken
        }
        #expect((0..<5).map { _ in begin(7, at: 10) } == [true, true, true, false, false])
        #expect(begin(8, at: 10))
        #expect(begin(7, at: 11))
        #expect(admission.counts == (0, 0))
    }

    @Test("limits the calls of one user, and of all together")
    func limitsCalls() {
        var limits = IdentityPlaneLimits()
        limits.calls = 3
        limits.callsOfUser = 2
        let admission = Admission(limits: limits)
        #expect([1, 1, 1, 2, 3].map { admission.beginCall(user: $0) } == [true, true, false, true, false])
        admission.endCall(user: 1)
        #expect(admission.beginCall(user: 3))
    }
}
