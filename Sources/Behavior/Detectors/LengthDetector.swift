// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// More calls in a session than the role's sessions have: above the median by eight times 1.4826 median deviations.
struct LengthDetector: Detector {
    static let signal = Signal.length

    private(set) var calls: Int64 = 0
    private var hasAlarmed = false

    mutating func observe(_ event: BehaviorEvent, _ scene: Scene) -> Finding? {
        guard !event.isContinuation, !event.outcome.isDenied else { return nil }
        calls += 1
        guard !hasAlarmed, let usual = scene.profile?.profile.sessionCalls else { return nil }
        let settings = scene.settings.length
        guard calls * 1000 > usual.median + settings.k * usual.scale(atLeast: settings.smallestScale) else {
            return nil
        }
        hasAlarmed = true
        return Finding(
            millipoints: settings.millipoints, action: .alert, events: [event.id],
            sentence: "\(calls) calls in a session; half of the role's sessions have at most "
                + "\(Binary.text(thousandths: usual.median))")
    }
}
