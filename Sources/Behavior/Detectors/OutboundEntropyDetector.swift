// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// More information to hosts that nobody named than a budget lets through in five minutes.
///
/// What payloads can carry, length times Shannon entropy, is summed over all such hosts, so that spreading a secret over
/// many names gains nothing. A host is named by a service, by a grant that spells it out, or by the ratified baseline.
struct OutboundEntropyDetector: RefusingDetector {
    static let signal = Signal.outboundEntropy
    private static let buckets: Int64 = 30

    private var bits = [Int64](repeating: 0, count: 30)
    private var current: Int64 = -1
    /// How many budgets were spent when an alarm was last raised.
    private var raised: Int64 = 0
    private var recent = EventRing(capacity: 8)

    func refusal(of event: BehaviorEvent, _ scene: Scene) -> Finding? {
        guard Self.counts(event, scene) else { return nil }
        let settings = scene.settings.outboundEntropy
        let sum = sum(at: scene.now, settings) + event.outboundBits
        guard sum > settings.bits else { return nil }
        return Finding(
            millipoints: settings.millipoints, action: .deny, events: recent.all + [event.id],
            sentence:
                "\(sum) bits to hosts that nobody named within \(settings.window / 60_000_000) min; the budget is "
                + "\(settings.bits)")
    }

    mutating func observe(_ event: BehaviorEvent, _ scene: Scene) -> Finding? {
        guard Self.counts(event, scene), !event.outcome.isDenied else { return nil }
        let settings = scene.settings.outboundEntropy
        let finding = refusal(of: event, scene)
        let bucket = scene.now / (settings.window / Self.buckets)
        for gone in 0..<min(Self.buckets, max(0, bucket - current)) { bits[Int((bucket - gone) % Self.buckets)] = 0 }
        current = bucket
        let index = Int(bucket % Self.buckets)
        bits[index] = BehaviorLimits.clamp(bits[index] + event.outboundBits)
        recent.append(event.id)
        // Each budget that is spent once more is one more alarm.
        let spent = sum(at: scene.now, settings) / max(1, settings.bits)
        defer { raised = finding == nil ? 0 : max(raised, max(1, spent)) }
        return finding == nil || (raised > 0 && spent <= raised) ? nil : finding
    }

    private static func counts(_ event: BehaviorEvent, _ scene: Scene) -> Bool {
        guard event.outboundBits > 0, event.service == nil, let destination = event.destination, !destination.isNamed
        else { return false }
        return scene.profile?.domains[ByteName(destination.domain)] == nil
    }

    private func sum(at now: Int64, _ settings: BehaviorSettings.OutboundEntropy) -> Int64 {
        let bucket = now / (settings.window / Self.buckets)
        var sum: Int64 = 0
        for age in 0..<Self.buckets where current - age > bucket - Self.buckets && current >= age {
            sum += bits[Int((current - age) % Self.buckets)]
        }
        return sum
    }
}
