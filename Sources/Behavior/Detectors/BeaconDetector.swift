// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Contacts with one registrable domain as regular as a machine's, after RITA's beacon score. Hosts of one domain count
/// together, so that a new name for each contact hides nothing.
///
/// Of the last 64 contacts with hosts that nobody named, four scores from 0 to 1, in Q16, count a quarter each:
///
/// - times: over the intervals (1 - |s| + (m - d) / m) / 2, with Bowley's skewness s = (q1 + q3 - 2 m) / (q3 - q1), the
///   median m and the median absolute deviation d;
/// - sizes: the same over the bytes sent;
/// - duration: the span is cut into a part for every four intervals, at most 24: the share of parts with a contact;
/// - histogram: 1 - standard deviation / mean of the contacts in the parts, at least 0.
///
/// It is computed at every fourth contact, from 20 intervals on. ``capacity`` domains are watched; of the oldest, those
/// with the fewest contacts go first, so that passing ones do not push out the steady.
struct BeaconDetector: Detector {
    static let signal = Signal.beacon
    static let capacity = 32
    static let contacts = 64

    private struct Contacts: Sendable {
        var times: [Int64] = []
        var sizes: [Int64] = []
        var events: [UInt64] = []
        var count: Int64 = 0
        var lastAlarm: Int64?

        mutating func add(_ event: BehaviorEvent, _ now: Int64) {
            if times.count >= BeaconDetector.contacts {
                times.removeFirst()
                sizes.removeFirst()
                events.removeFirst()
            }
            times.append(now)
            sizes.append(event.bytesUp)
            events.append(event.id)
            count += 1
        }
    }

    private var domains = BoundedTable<ByteName, Contacts>(capacity: capacity)

    mutating func observe(_ event: BehaviorEvent, _ scene: Scene) -> Finding? {
        guard event.service == nil, let destination = event.destination, !destination.isNamed, !event.isContinuation,
            !event.outcome.isDenied, scene.profile?.domains[ByteName(destination.domain)] == nil
        else { return nil }
        let settings = scene.settings.beacon
        let slot = place(ByteName(destination.domain))
        domains.values[slot].add(event, scene.now)
        let contacts = domains.values[slot]
        guard contacts.times.count > settings.leastIntervals, contacts.count % 4 == 0 else { return nil }
        if let last = contacts.lastAlarm, scene.now - last < settings.silence { return nil }
        let score = BeaconScore(times: contacts.times, sizes: contacts.sizes)
        guard score.total > settings.limit else { return nil }
        domains.values[slot].lastAlarm = scene.now
        let hundredths = score.total * 100 / Binary.one
        return Finding(
            millipoints: settings.millipoints, action: .stepUp, events: Array(contacts.events.suffix(16)),
            sentence:
                "\(contacts.times.count) contacts with \(VisibleText.quoted(destination.domain)), one about every "
                + "\(Binary.text(thousandths: score.medianInterval / 1000)) s: \(hundredths) of 100 for regularity")
    }

    private mutating func place(_ domain: ByteName) -> Int {
        if let slot = domains.use(domain) { return slot }
        // Of those that were quiet longest, the first with the fewest contacts.
        let fewest = domains.slots.prefix(Self.capacity / 2).map { domains.values[$0].count }.min() ?? 0
        return domains.insert(domain, Contacts(), reach: Self.capacity / 2) { $0.count <= fewest }?.slot ?? 0
    }
}
