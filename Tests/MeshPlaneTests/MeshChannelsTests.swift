// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOEmbedded
import Testing

@testable import MeshPlane

@Suite("Places of Envoys") struct MeshChannelsTests {
    @Test("are not taken by a crowd of others, whose oldest makes way")
    func crowd() throws {
        let channels = MeshChannels(envoys: 2, others: 3)
        let envoy = EmbeddedChannel()
        #expect(channels.enter(envoy) && channels.recognise(envoy))
        let crowd = (0..<10).map { _ in EmbeddedChannel() }
        for channel in crowd { #expect(channels.enter(channel)) }
        // A close takes effect in the loop's next turn.
        for channel in crowd + [envoy] { channel.embeddedEventLoop.run() }
        #expect(crowd.map(\.hasClosed) == [Bool](repeating: true, count: 7) + [false, false, false])
        #expect(!envoy.hasClosed)
        // Who made way is no longer there to be recognised.
        #expect(!channels.recognise(crowd[0]))
        #expect(channels.recognise(crowd[9]))
        #expect(!channels.recognise(crowd[8]))
    }

    @Test("are free again when their connections end, and none is left when the gate stops")
    func end() throws {
        let channels = MeshChannels(envoys: 1, others: 2)
        let (first, second, third) = (EmbeddedChannel(), EmbeddedChannel(), EmbeddedChannel())
        #expect(channels.enter(first) && channels.recognise(first))
        channels.leave(first)
        #expect(channels.enter(second) && channels.recognise(second))
        #expect(channels.enter(third))
        channels.close()
        for channel in [first, second, third] { channel.embeddedEventLoop.run() }
        #expect(!first.hasClosed && second.hasClosed && third.hasClosed)
        #expect(channels.isClosed && !channels.enter(EmbeddedChannel()) && !channels.recognise(third))
    }
}

extension EmbeddedChannel {
    /// Whether it was closed.
    fileprivate var hasClosed: Bool { (try? finish(acceptAlreadyClosed: false)) == nil }
}
