// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// How far the clocks of other gates are from the own one, as far as that is certain. A value.
struct ClockComparison: Sendable {
    private var offsets: [String: Int64] = [:]

    /// What the clock of another gate said, in microseconds since 1970, as this gate learned it.
    ///
    /// - Parameters:
    ///   - earliest: The own clock at a time before which this was not written.
    ///   - latest: The own clock when it arrived.
    mutating func learned(_ gate: String, time: Int64, earliest: Int64, latest: Int64) {
        offsets[gate] = time > latest ? time &- latest : time < earliest ? time &- earliest : 0
    }

    /// A gate is gone.
    mutating func forget(_ gate: String) { offsets[gate] = nil }

    /// Every gate whose clock is known.
    var all: [String: Int64] { offsets }

    /// The gates whose clocks are further away than that, in microseconds.
    func apart(_ most: Int64) -> [String] {
        offsets.filter { $0.value.magnitude > most.magnitude }.map(\.key).sorted()
    }

    /// Whether it must be the own clock that is wrong, or may be: more than half of the other gates are that far away.
    func isOwnDoubtful(_ most: Int64) -> Bool {
        let count = apart(most).count
        return count * 2 > offsets.count
    }
}
