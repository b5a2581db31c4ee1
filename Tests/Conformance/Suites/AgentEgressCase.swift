// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Protocols

/// A case of `agent-egress-bench`; the specification beside the cases says what the members mean.
struct AgentEgressCase {
    let id: String
    let category: String
    let inputType: String
    let isAttack: Bool
    let payload: JSONValue

    init?(_ value: JSONValue) {
        guard let id = value["id"]?.string, let category = value["category"]?.string,
            let inputType = value["input_type"]?.string, let verdict = value["expected_verdict"]?.string,
            let payload = value["payload"]
        else { return nil }
        self.id = id
        self.category = category
        self.inputType = inputType
        isAttack = verdict.utf8.elementsEqual("block".utf8)
        self.payload = payload
    }
}
