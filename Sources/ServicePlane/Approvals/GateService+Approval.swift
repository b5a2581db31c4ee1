// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision

extension GateService {
    /// Why a person has to agree whatever the policy says: the configuration says so of the tool.
    func demand(for operation: Operation) -> String? {
        guard !description.approvedTools.isEmpty, operation.name.isCall, let tool = operation.tool,
            description.approvedTools.contains(Array(tool.utf8))
        else { return nil }
        return "\(tool) is called only when a person agrees"
    }
}
