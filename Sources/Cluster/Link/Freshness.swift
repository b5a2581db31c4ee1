// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// How old what is known of etcd may be at most. A value: revisions and times of one clock go in.
///
/// A watch that says nothing may have nothing to say, or be cut off. So an entry is written about once a second for all
/// gates together, the beat. Whoever has asked a majority when no beat of some revision was there yet, and then sees it
/// in the watch, knows everything that had happened when it asked.
struct Freshness: Sendable {
    /// A time as of which everything is known, in nanoseconds of the monotonic clock; nil before the first reading.
    private(set) var knownAt: Int64?
    private var watched: Int64 = 0
    private var beat: (revision: Int64, asked: Int64)?
    private var expected: [(revision: Int64, asked: Int64)] = []
    private static let mostExpected = 16

    /// Everything was read.
    ///
    /// - Parameters:
    ///   - revision: As of which.
    ///   - asked: Before the reading began.
    mutating func read(revision: Int64, asked: Int64) {
        watched = revision
        expected = []
        beat = nil
        advance(to: asked)
    }

    /// A majority says which beat is the last one.
    ///
    /// - Returns: Whether it is the one that was there before, so that another one is due.
    mutating func saw(beat revision: Int64, asked: Int64) -> Bool {
        guard let last = beat else {
            beat = (revision, asked)
            return revision == 0
        }
        beat = (revision, asked)
        guard last.revision != revision else { return true }
        // It was written after the question that it was not yet an answer to.
        expect(revision, last.asked)
        return false
    }

    /// A beat was written by this gate.
    mutating func wrote(beat revision: Int64, asked: Int64) {
        beat = (revision, asked)
        expect(revision, asked)
    }

    /// Everything up to a revision has come in.
    mutating func watched(to revision: Int64) {
        guard revision > watched else { return }
        watched = revision
        settle()
    }

    private mutating func expect(_ revision: Int64, _ asked: Int64) {
        expected.append((revision, asked))
        if expected.count > Self.mostExpected { expected.removeFirst() }
        settle()
    }

    private mutating func settle() {
        for entry in expected where entry.revision <= watched { advance(to: entry.asked) }
        expected.removeAll { $0.revision <= watched }
    }

    private mutating func advance(to time: Int64) { knownAt = max(knownAt ?? .min, time) }
}
