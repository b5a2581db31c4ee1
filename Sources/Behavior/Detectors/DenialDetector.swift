// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Refused calls, weighted by what they tell: each raises an alarm of its weight, and the ledger adds them up.
struct DenialDetector: Detector {
    static let signal = Signal.denials

    private var recent = EventRing(capacity: 16)
    private var times: [Int64] = []

    mutating func observe(_ event: BehaviorEvent, _ scene: Scene) -> Finding? {
        guard case .denied(let kind) = event.outcome else { return nil }
        let weight = scene.settings.denials.weight(of: kind)
        guard weight > 0 else { return nil }
        recent.append(event.id)
        times = times.suffix(15).filter { scene.now - $0 < scene.settings.denials.window } + [scene.now]
        let count = times.count
        let what = event.tool.map { " (\(VisibleText.quoted($0)))" } ?? ""
        let place = event.destination.map { " at \(VisibleText.quoted($0.host))" } ?? ""
        return Finding(
            millipoints: weight, action: .alert, events: recent.last(count),
            sentence: "refused for \(kind.words)\(what)\(place), which weighs \(Binary.text(thousandths: weight)); "
                + "\(count == 16 ? "16 or more" : "\(count)") refused within "
                + "\(scene.settings.denials.window / 60_000_000) min")
    }
}

extension BehaviorEvent.DenialClass {
    /// What a sentence says of it.
    fileprivate var words: String {
        switch self {
        case .tool: "a tool outside the grant"
        case .link: "a link or number from nobody trustworthy"
        case .secret: "a secret in what would go out"
        case .budget: "a spent budget"
        case .sensitiveRead: "a sensitive read"
        case .destination: "a destination that is not granted"
        case .syntax: "broken syntax"
        case .other: "another reason"
        case .unrelated: "a reason that is not the agent's"
        }
    }
}
