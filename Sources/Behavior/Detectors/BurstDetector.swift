// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// More calls in a minute than a busy minute of the role has, by what was ratified.
///
/// The minute is the last six windows of ten seconds. The ratio of calls to the profile's ``RoleProfile/minuteCalls``
/// (at least one) has stages; a stage raises an alarm when it is first reached, and again after a minute below the
/// first one.
struct BurstDetector: Detector {
    static let signal = Signal.burst
    private static let window: Int64 = 10_000_000

    private var counts: [Int64] = [0, 0, 0, 0, 0, 0]
    private var current: Int64 = -1
    private var reached = 0
    private var lastBusy: Int64 = 0
    private var recent = EventRing(capacity: 8)

    mutating func observe(_ event: BehaviorEvent, _ scene: Scene) -> Finding? {
        guard !event.isContinuation else { return nil }
        let settings = scene.settings.burst
        let window = scene.now / Self.window
        for gone in 0..<min(6, max(0, window - current)) { counts[Int((window - gone) % 6)] = 0 }
        current = window
        counts[Int(window % 6)] += 1
        recent.append(event.id)
        guard let expected = scene.profile?.profile.minuteCalls else { return nil }
        let calls = counts.reduce(0, +)
        let ratio = calls * 1_000_000 / max(1000, expected)
        let stage = calls > settings.floor ? settings.stages.lastIndex { ratio >= $0.ratio } : nil
        guard let stage else {
            if scene.now - lastBusy >= 6 * Self.window { reached = 0 }
            return nil
        }
        lastBusy = scene.now
        guard stage + 1 > reached else { return nil }
        // What earlier stages counted is part of what this one weighs.
        let counted = reached == 0 ? 0 : settings.stages[reached - 1].millipoints
        reached = stage + 1
        return Finding(
            millipoints: max(0, settings.stages[stage].millipoints - counted),
            action: stage >= 2 ? .throttle : .alert, events: recent.all,
            sentence: "\(calls) calls in a minute; a busy minute of the role has \(Binary.text(thousandths: expected))")
    }
}
