// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Everything that moves the monitor. The same inputs in the same order lead to the same alarms and scores, so all of
/// them belong in the audit tree.
public enum BehaviorInput: Sendable, Equatable {
    /// An agent did or tried something.
    case event(BehaviorEvent)
    /// A person quarantined an agent.
    case quarantine(agent: String, by: String, time: Int64)
    /// A person released an agent: its score begins anew.
    case release(agent: String, by: String, time: Int64)

    /// The input as canonical JSON: an event as it encodes itself, else `agent`, `kind`, `person` and `time`.
    public var encoded: [UInt8] {
        switch self {
        case .event(let event): event.encoded
        case .quarantine(let agent, let person, let time): Self.encode("quarantine", agent, person, time)
        case .release(let agent, let person, let time): Self.encode("release", agent, person, time)
        }
    }

    private static func encode(_ kind: String, _ agent: String, _ person: String, _ time: Int64) -> [UInt8] {
        var object = FlatObject()
        object.text("agent", BehaviorLimits.agentName(agent))
        object.text("kind", kind)
        object.text("person", BehaviorLimits.shorten(person))
        object.number("time", BehaviorLimits.clamp(time), isAlways: true)
        return object.finish()
    }

    /// Reads an input in exactly the form in which ``encoded`` writes it.
    public init(decoding bytes: [UInt8]) throws(BehaviorDecodingError) {
        var members = try FlatMembers(bytes)
        switch try members.text("kind") {
        case nil: self = .event(try BehaviorEvent(&members))
        case "quarantine":
            self = .quarantine(
                agent: try members.required("agent"), by: try members.required("person"),
                time: try members.number("time") ?? 0)
        case "release":
            self = .release(
                agent: try members.required("agent"), by: try members.required("person"),
                time: try members.number("time") ?? 0)
        default: throw BehaviorDecodingError("'kind' is unknown")
        }
        try members.end()
        guard encoded == bytes else { throw BehaviorDecodingError("the input is not in canonical form") }
    }

    /// Two inputs are the same when their encodings are.
    public static func == (left: BehaviorInput, right: BehaviorInput) -> Bool { left.encoded == right.encoded }
}
