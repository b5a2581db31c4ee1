// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A registrable domain at which the role has not been seen, and many of them in an hour.
///
/// It speaks only where a baseline was ratified for the role. A domain is known when the baseline has it, or when it
/// was reached before; what was refused was not reached. Services with a name are configured and never new.
struct NewDestinationDetector: Detector {
    static let signal = Signal.newDestination
    static let capacity = 4096

    private var seen = BoundedTable<ByteName, Int64>(capacity: capacity)
    private var fresh = BoundedTable<ByteName, FreshDomains>(capacity: 256)

    /// The new domains of one agent within the hour.
    private struct FreshDomains: Sendable {
        var times: [Int64] = []
        var events: [UInt64] = []
    }

    mutating func observe(_ event: BehaviorEvent, _ scene: Scene) -> Finding? {
        guard let profile = scene.profile, event.service == nil, let destination = event.destination,
            !event.outcome.isDenied
        else { return nil }
        let domain = ByteName(destination.domain)
        if profile.domains[domain] != nil { return nil }
        if seen.use(domain) != nil { return nil }
        _ = seen.insert(domain, scene.now)
        let settings = scene.settings.newDestination
        let agent = ByteName(event.agent)
        var mine = FreshDomains()
        let slot = fresh.use(agent)
        if let slot { mine = fresh.values[slot] }
        mine.times.append(scene.now)
        mine.events.append(event.id)
        let kept = mine.times.suffix(settings.perHour + 1).drop { scene.now - $0 >= 3_600_000_000 }.count
        mine.times.removeFirst(mine.times.count - kept)
        mine.events.removeFirst(mine.events.count - kept)
        let isMany = kept > settings.perHour
        var sentence =
            "\(VisibleText.quoted(destination.domain)) is new for the role: \(Binary.text(profile.surprise)) bits of "
            + "surprise after \(profile.destinationTotal) contacts with \(profile.domains.count) domains"
        if isMany { sentence += "; \(kept) new domains within an hour" }
        let finding = Finding(
            millipoints: settings.millipoints + (isMany ? settings.manyMillipoints : 0), action: .stepUp,
            events: isMany ? Array(mine.events.suffix(16)) : [event.id], sentence: sentence)
        // Counted anew, so that the next alarm of this kind stands for as many again.
        if isMany { mine = FreshDomains() }
        if let slot { fresh.values[slot] = mine } else { _ = fresh.insert(agent, mine) }
        return finding
    }
}
