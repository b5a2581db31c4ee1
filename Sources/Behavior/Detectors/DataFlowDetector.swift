// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Untrusted text was read, private data was read, and now something goes outside, in one session: a stranger's text
/// may be what sends the data away.
struct DataFlowDetector: RefusingDetector {
    static let signal = Signal.dataFlow

    private(set) var labels: BehaviorEvent.Labels = []
    private var untrusted: UInt64 = 0
    private var confidential: UInt64 = 0

    /// What another session has read counts here as well.
    mutating func inherit(_ other: DataFlowDetector) {
        if !labels.contains(.untrustedRead) { untrusted = other.untrusted }
        if !labels.contains(.privateRead) { confidential = other.confidential }
        labels.formUnion(other.labels.subtracting(.externalWrite))
    }

    func refusal(of event: BehaviorEvent, _ scene: Scene) -> Finding? {
        var copy = self
        copy.read(event)
        guard event.labels.contains(.externalWrite), copy.labels.isSuperset(of: [.untrustedRead, .privateRead]) else {
            return nil
        }
        var events = [copy.untrusted, copy.confidential].filter { $0 != event.id }.sorted()
        if events.count == 2, events[0] == events[1] { events.removeLast() }
        return Finding(
            millipoints: scene.settings.dataFlow.millipoints, action: .deny, events: events + [event.id],
            sentence: "a write to the outside"
                + (event.tool.map { " by \(VisibleText.quoted($0))" } ?? "")
                + " in a session that has read untrusted text and private data")
    }

    mutating func observe(_ event: BehaviorEvent, _ scene: Scene) -> Finding? {
        guard !event.labels.isEmpty, !event.outcome.isDenied else { return nil }
        let finding = refusal(of: event, scene)
        read(event)
        return finding
    }

    private mutating func read(_ event: BehaviorEvent) {
        if event.labels.contains(.untrustedRead), !labels.contains(.untrustedRead) { untrusted = event.id }
        if event.labels.contains(.privateRead), !labels.contains(.privateRead) { confidential = event.id }
        labels.formUnion(event.labels.subtracting(.externalWrite))
    }
}
