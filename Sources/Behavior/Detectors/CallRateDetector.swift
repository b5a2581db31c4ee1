// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// More calls in ten seconds than the agent is used to, in two windows in a row.
///
/// Windows are whole multiples of their length in event time. Over the calls x of each window run a mean and a variance
/// that forget exponentially: d = x - m, m += a d, v = (1 - a)(v + a d²), a = 2 / (n + 1), all in Q16. A window is over
/// the limit when d > 0, d² > z² (v + 1) and x is above a floor. So that a flood does not become usual while it lasts,
/// a window counts for no more than the limit it broke.
struct CallRateDetector: Detector {
    static let signal = Signal.callRate

    /// Calls that a window counts, which keeps every product within 64 bits.
    private static let mostCalls: Int64 = 1 << 15

    private var window: Int64 = -1
    private var calls: Int64 = 0
    private var mean: Int64 = 0
    private var variance: Int64 = 0
    private var wasOver = false
    private var hasAlarmed = false
    private var recent = EventRing(capacity: 8)

    /// The mean of calls in a window, in Q16.
    var usual: Int64 { mean }

    mutating func observe(_ event: BehaviorEvent, _ scene: Scene) -> Finding? {
        guard !event.isContinuation else { return nil }
        let settings = scene.settings.callRate
        let current = scene.now / settings.window
        if current != window { begin(current, settings) }
        calls += 1
        recent.append(event.id)
        guard wasOver, !hasAlarmed, isOver(calls, settings) else { return nil }
        hasAlarmed = true
        let seconds = Binary.text(thousandths: settings.window / 1000)
        return Finding(
            millipoints: settings.millipoints, action: .throttle, events: recent.all,
            sentence: "\(calls) calls in \(seconds) s, after a window that was too busy as well; "
                + "\(settings.windows) windows before had \(Binary.text(mean)) on average")
    }

    private mutating func begin(_ current: Int64, _ settings: BehaviorSettings.CallRate) {
        if window >= 0 {
            wasOver = isOver(calls, settings)
            learn(min(calls, Self.mostCalls), settings)
            // Windows without a call. After a thousand of them nothing is left of the mean.
            let empty = current - window - 1
            if empty > 0 { wasOver = false }
            if empty > 1000 {
                mean = 0
                variance = 0
            } else {
                for _ in 0..<max(0, empty) where mean > 0 || variance > 0 { learn(0, settings) }
            }
        }
        window = current
        calls = 0
        hasAlarmed = false
    }

    private func isOver(_ calls: Int64, _ settings: BehaviorSettings.CallRate) -> Bool {
        guard calls > settings.floor else { return false }
        let distance = min(calls, Self.mostCalls) * Binary.one - mean
        return distance > 0 && (distance * distance) >> 16 > settings.z * settings.z * (variance + Binary.one)
    }

    private mutating func learn(_ calls: Int64, _ settings: BehaviorSettings.CallRate) {
        var distance = calls * Binary.one - mean
        if isOver(calls, settings) {
            // z times the root of v + 1, in Q16: the root of a Q32 number.
            distance = min(distance, settings.z * Int64(Binary.squareRoot(UInt64(variance + Binary.one) << 16)))
        }
        let (weight, whole) = (Int64(2), settings.windows + 1)
        mean = max(0, mean + distance * weight / whole)
        variance = (variance + ((distance * distance) >> 16) * weight / whole) * (whole - weight) / whole
    }
}
