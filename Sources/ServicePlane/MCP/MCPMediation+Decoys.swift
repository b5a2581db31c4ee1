// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Decision
import Protocols

/// Tools that a server does not have, for agents to find that look for what is not theirs.
extension MCPMediation {
    /// Adds them behind the last tool of the server, unless it has one of the same name.
    func addDecoys(to result: inout JSONObject, of request: MCPRequest) {
        guard !settings.decoys.isEmpty, result["nextCursor"] == nil, case .array(var tools)? = result["tools"] else {
            return
        }
        for (name, text) in settings.decoys.sorted(by: { $0.key < $1.key }) {
            let isTaken = tools.contains { $0["name"]?.string?.utf8.elementsEqual(name.utf8) ?? false }
            guard !isTaken else { continue }
            tools.append([
                "name": .string(name), "description": .string(text),
                "inputSchema": ["type": "object", "properties": ["name": ["type": "string"]]],
            ])
        }
        result["tools"] = .array(tools)
    }

    /// Refuses a call of one. Nothing is asked of the server, and nothing told of why.
    func touchDecoy(_ name: String) -> MediatedReading {
        guard context.identity != nil,
            case .refused(let reason, _, var answer) = refuse(
                .quarantined, ReasonCode.quarantined.rawValue, message: ReasonCode.quarantined.title)
        else { return refuse(.identityMissing, "mcp_no_identity", message: "The client's identity is not known.") }
        answer.events.append(MediationEvent(code: ObservationCause.canaryTouched, detail: "the tool \(name)"))
        return .refused(reason, detail: ReasonCode.quarantined.title, answer)
    }
}
