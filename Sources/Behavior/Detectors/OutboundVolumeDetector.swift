// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// More bytes out than the role's sessions send, in all or to one domain.
///
/// With m and d the median and the median absolute deviation of the logarithms of bytes, z = (ln bytes - m) / (1.4826
/// d). There are two stages, each once in a session and domain.
struct OutboundVolumeDetector: Detector {
    static let signal = Signal.outboundVolume
    /// Domains of a session that are counted on their own; the others are counted together.
    static let capacity = 16

    private struct Sum: Sendable {
        let domain: ByteName?
        var bytes: Int64 = 0
        var stage = 0
    }

    private var session = Sum(domain: nil)
    private var domains: [Sum] = []
    private var others = Sum(domain: nil)
    private var recent = EventRing(capacity: 8)

    mutating func observe(_ event: BehaviorEvent, _ scene: Scene) -> Finding? {
        guard event.bytesUp > 0, !event.outcome.isDenied else { return nil }
        recent.append(event.id)
        let profile = scene.profile?.profile
        let inAll = grow(&session, event, profile?.sessionBytes, scene, "the session sent")
        guard let destination = event.destination else { return inAll }
        let domain = ByteName(destination.domain)
        let toOne: Finding?
        // Made only when it is said.
        let words = { "the session sent to \(VisibleText.quoted(destination.domain))" }
        if let index = domains.firstIndex(where: { $0.domain == domain }) {
            toOne = grow(&domains[index], event, profile?.destinationBytes, scene, words())
        } else if domains.count < Self.capacity {
            domains.append(Sum(domain: domain))
            toOne = grow(&domains[domains.count - 1], event, profile?.destinationBytes, scene, words())
        } else {
            toOne = grow(&others, event, profile?.destinationBytes, scene, "the session sent to further domains")
        }
        return inAll ?? toOne
    }

    private func grow(
        _ sum: inout Sum, _ event: BehaviorEvent, _ spread: Spread?, _ scene: Scene,
        _ words: @autoclosure () -> String
    ) -> Finding? {
        sum.bytes = BehaviorLimits.clamp(sum.bytes + event.bytesUp)
        guard let spread, sum.stage < 2 else { return nil }
        let settings = scene.settings.outboundVolume
        let z = spread.z(Binary.ln(UInt64(sum.bytes)), smallest: settings.smallestScale)
        let stage = z > settings.denyZ * Binary.one ? 2 : z > settings.z * Binary.one ? 1 : 0
        guard stage > sum.stage else { return nil }
        sum.stage = stage
        return Finding(
            millipoints: settings.millipoints, action: stage == 2 ? .deny : .stepUp, events: recent.all,
            sentence: "\(words()) \(sum.bytes) bytes, \(Binary.text(z)) deviations above what the role's sessions send")
    }
}
