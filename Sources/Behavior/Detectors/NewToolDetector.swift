// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A tool that the role has not used within thirty days.
///
/// It speaks only where a baseline was ratified for the role, and only of calls that were not refused.
struct NewToolDetector: Detector {
    static let signal = Signal.newTool
    static let capacity = 1024

    /// When each was last used.
    private var seen = BoundedTable<ToolName, Int64>(capacity: capacity)

    mutating func observe(_ event: BehaviorEvent, _ scene: Scene) -> Finding? {
        guard let profile = scene.profile, !event.isContinuation, !event.outcome.isDenied,
            let tool = ToolName(event), profile.tools[tool] == nil
        else { return nil }
        let settings = scene.settings.newTool
        if let slot = seen.use(tool) {
            let last = seen.values[slot]
            seen.values[slot] = scene.now
            if scene.now - last < settings.memory { return nil }
        } else {
            _ = seen.insert(tool, scene.now)
        }
        let isEffectful = event.effect.isEffectful
        return Finding(
            millipoints: isEffectful ? settings.effectfulMillipoints : settings.readMillipoints, action: .stepUp,
            events: [event.id],
            sentence: "\(tool.text) (\(isEffectful ? "with an effect" : "a read")) is new for the role: none of its "
                + "\(profile.profile.sessions) sessions used it")
    }
}
