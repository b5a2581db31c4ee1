// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import MeshPlane

@Suite("Entries of an access log in a second") struct EntryRateTests {
    @Test("are recorded up to a number, and counted beyond it")
    func limit() {
        var rate = EntryRate()
        var admitted = (0..<MeshLimits.logEntriesEachSecond).count { _ in rate.admits(at: 7) }
        #expect(admitted == MeshLimits.logEntriesEachSecond && rate.takeLeftOut() == nil && !rate.isOver(at: 7))
        admitted = (0..<3).count { _ in rate.admits(at: 7) }
        #expect(admitted == 0 && rate.isOver(at: 8) && rate.takeLeftOut() == 3 && rate.takeLeftOut() == nil)
        admitted = (0..<3).count { _ in rate.admits(at: 8) }
        // A clock that was set back starts anew, too.
        admitted += (0..<3).count { _ in rate.admits(at: 5) }
        #expect(admitted == 6 && rate.takeLeftOut() == nil)
    }
}
