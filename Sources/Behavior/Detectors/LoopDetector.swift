// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The same tool with the same arguments again and again in one session, within ten minutes.
///
/// A call is known by its session, tool, service and the hash of its arguments; one without a tool or a hash does not
/// count, nor one that was refused. At most ``capacity`` different calls are watched, the least recently made dropped: to
/// hide a loop, an agent has to make that many other calls between two of the loop's.
struct LoopDetector: Detector {
    static let signal = Signal.loop
    static let capacity = 512

    private struct Call: Hashable, Sendable {
        let session: ByteName
        let service: ByteName
        let tool: ByteName
        let arguments: UInt64
    }

    private struct Repeats: Sendable {
        var times: [Int64]
        var events: [UInt64]

        /// Adds a call and forgets what is too long ago; returns the events that are left.
        mutating func add(_ id: UInt64, _ now: Int64, _ settings: BehaviorSettings.Loop) -> [UInt64] {
            times.append(now)
            events.append(id)
            let kept = times.suffix(max(1, settings.repeats)).drop { now - $0 >= settings.window }.count
            times.removeFirst(times.count - kept)
            events.removeFirst(events.count - kept)
            return events
        }
    }

    private var calls = BoundedTable<Call, Repeats>(capacity: capacity)

    mutating func observe(_ event: BehaviorEvent, _ scene: Scene) -> Finding? {
        guard let tool = event.tool, let arguments = event.arguments, !event.outcome.isDenied, !event.isContinuation
        else { return nil }
        let settings = scene.settings.loop
        let call = Call(
            session: ByteName(event.session ?? event.task ?? ""), service: ByteName(event.service ?? ""),
            tool: ByteName(tool), arguments: arguments)
        guard let slot = calls.use(call) else {
            _ = calls.insert(call, Repeats(times: [scene.now], events: [event.id]))
            return nil
        }
        let events = calls.values[slot].add(event.id, scene.now, settings)
        guard events.count >= settings.repeats else { return nil }
        // Counted anew, so that each further alarm stands for as many calls.
        calls.values[slot] = Repeats(times: [], events: [])
        return Finding(
            millipoints: settings.millipoints, action: .throttle, events: Array(events.suffix(16)),
            sentence: "\(VisibleText.quoted(tool)) was called \(events.count) times with the same arguments within "
                + "\(settings.window / 60_000_000) min")
    }
}
