// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Behavior
import Foundation
import Protocols

/// Recorded sessions of an honest agent, as events.
struct BehaviorTraces {
    struct Session {
        let task: Int64
        let calls: [Call]
    }

    struct Call {
        let tool: String
        let arguments: JSONValue
    }

    /// The tools of the traces that only read.
    private static let reads: Set<String> = [
        "calculate", "get_reservation_details", "get_user_details", "list_all_airports", "search_direct_flight",
        "search_onestop_flight", "think",
    ]

    let sessions: [Session]

    init(_ url: URL) throws {
        let limits = JSONLimits(bytes: 16 << 20, values: 1_000_000)
        let root = try JSONValue(parsing: Array(try Data(contentsOf: url)), limits: limits)
        sessions = (root["sessions"]?.array ?? []).map { session in
            let calls = (session["calls"]?.array ?? []).map {
                Call(tool: $0["tool"]?.string ?? "", arguments: $0["args"] ?? .null)
            }
            return Session(task: session["task_id"]?.integer ?? 0, calls: calls)
        }
    }

    /// The events of one session, a call every three seconds.
    static func events(_ session: Session, number: Int, at begin: Int64, role: String = "airline") -> [BehaviorEvent] {
        session.calls.enumerated().map { index, call in
            let time = begin + Int64(index) * 3_000_000
            var event = BehaviorEvent(
                id: UInt64(number) << 16 | UInt64(index), time: time, agent: "spiffe://example.test/agent/airline",
                role: role)
            let bytes = call.arguments.canonicalBytes
            event.plane = "service"
            event.session = "s-\(number)"
            event.service = "airline"
            event.tool = call.tool
            event.effect = reads.contains(call.tool) ? .read : .write
            event.arguments = bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
            event.bytesUp = Int64(bytes.count)
            event.outboundBits = ShannonEntropy.bits(of: bytes)
            event.destination = .init(host: "airline.internal.test", isNamed: true)
            return event
        }
    }
}
