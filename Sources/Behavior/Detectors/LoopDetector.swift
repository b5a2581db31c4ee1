// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The same tool with the same arguments again and again in one session, within ten minutes.
///
/// A call is known by its session, tool, service and the hash of its arguments; one without a tool or a hash does not
/// count, nor one that was refused. At most ``capacity`` different calls are watched, the least recently made dropped:
/// to hide a loop, an agent has to make that many other calls between two of the loop's.
struct LoopDetector: Detector {
    static let signal = Signal.loop
    static let capacity = 512

    private struct Repeats: Sendable {
        private var firstTime: Int64
        private var firstEvent: UInt64
        // The first is apart, because most calls are made once and then need no memory of their own.
        private var times: [Int64] = []
        private var events: [UInt64] = []

        init(_ id: UInt64, _ now: Int64) {
            firstTime = now
            firstEvent = id
        }

        /// Adds a call and forgets what is too long ago; returns the events that are left.
        mutating func add(_ id: UInt64, _ now: Int64, _ settings: BehaviorSettings.Loop) -> [UInt64] {
            if times.isEmpty {
                times = [firstTime]
                events = [firstEvent]
            }
            times.append(now)
            events.append(id)
            let kept = times.suffix(max(1, settings.repeats)).drop { now - $0 >= settings.window }.count
            times.removeFirst(times.count - kept)
            events.removeFirst(events.count - kept)
            return events
        }

        /// Counts anew, so that each further alarm stands for as many calls.
        mutating func reset(to settings: BehaviorSettings.Loop) {
            (times, events) = ([], [])
            // So long ago that it counts for nothing.
            firstTime -= 2 * settings.window
        }
    }

    private var calls = BoundedTable<UInt64, Repeats>(capacity: capacity)

    mutating func observe(_ event: BehaviorEvent, _ scene: Scene) -> Finding? {
        guard let tool = event.tool, let arguments = event.arguments, !event.outcome.isDenied, !event.isContinuation
        else { return nil }
        let settings = scene.settings.loop
        // Two calls that were made to look alike only add to the loop.
        var fingerprint = Fingerprint()
        fingerprint.add(event.task ?? event.session)
        fingerprint.add(event.service)
        fingerprint.add(tool)
        fingerprint.add(arguments)
        let call = fingerprint.value
        guard let slot = calls.use(call) else {
            _ = calls.insert(call, Repeats(event.id, scene.now))
            return nil
        }
        let events = calls.values[slot].add(event.id, scene.now, settings)
        guard events.count >= settings.repeats else { return nil }
        calls.values[slot].reset(to: settings)
        return Finding(
            millipoints: settings.millipoints, action: .throttle, events: Array(events.suffix(16)),
            sentence: "\(VisibleText.quoted(tool)) was called \(events.count) times with the same arguments within "
                + "\(settings.window / 60_000_000) min")
    }
}
