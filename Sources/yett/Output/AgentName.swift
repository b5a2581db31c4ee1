// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Agents as people call them.
enum AgentName {
    /// The name after `/agent/`, or the whole identifier where there is none.
    static func short(_ identifier: String) -> String {
        let parts = identifier.split(separator: "/", omittingEmptySubsequences: false)
        guard let marker = parts.firstIndex(of: "agent"), marker + 1 < parts.count else { return identifier }
        return parts[(marker + 1)...].joined(separator: "/")
    }
}
