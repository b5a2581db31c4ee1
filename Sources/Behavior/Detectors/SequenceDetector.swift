// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Tools in an order that is rare for the role.
///
/// The surprise of each tool after the one before it, see ``MarkovSurprise``, is averaged over a session's calls. From
/// a few calls on the mean is compared with the profile's limit, which is made of the same means; once in a session.
struct SequenceDetector: Detector {
    static let signal = Signal.sequence

    private var previous = -1
    private var sum: Int64 = 0
    private var calls: Int64 = 0
    private var hasAlarmed = false
    private var recent = EventRing(capacity: 8)

    mutating func observe(_ event: BehaviorEvent, _ scene: Scene) -> Finding? {
        guard let profile = scene.profile, let limit = profile.profile.surpriseLimit, !event.isContinuation,
            !event.outcome.isDenied, let tool = ToolName(event)
        else { return nil }
        let settings = scene.settings.sequence
        let position = profile.tools[tool] ?? profile.profile.tools.count
        sum += profile.surprise(of: position, after: previous)
        calls += 1
        previous = position
        recent.append(event.id)
        guard !hasAlarmed, calls >= settings.leastCalls, sum / calls > limit else { return nil }
        hasAlarmed = true
        return Finding(
            millipoints: settings.millipoints, action: .alert, events: recent.all,
            sentence:
                "the order of \(calls) calls has \(Binary.text(sum / calls)) bits of surprise per call; of the role's "
                + "sessions 99 % stay below \(Binary.text(limit))")
    }
}
