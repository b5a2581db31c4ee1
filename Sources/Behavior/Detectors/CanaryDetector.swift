// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Something planted was touched: a fake secret, a decoy service, a decoy tool. Nobody does so by chance.
struct CanaryDetector: Detector {
    static let signal = Signal.canary

    mutating func observe(_ event: BehaviorEvent, _ scene: Scene) -> Finding? {
        guard event.touchesCanary else { return nil }
        let place = event.service ?? event.destination?.host ?? event.plane
        return Finding(
            millipoints: scene.settings.canary.millipoints, action: .quarantine, events: [event.id],
            sentence: "a canary was touched at \(VisibleText.quoted(place))"
                + (event.tool.map { " by \(VisibleText.quoted($0))" } ?? ""))
    }
}
