// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension AgentTask {
    /// The tools that the task's grants list, where that says something of this one: `nil` when a grant without a list
    /// may be the one that covers it.
    ///
    /// A number of calls of a grant stands at each of its tools; the grant's own budget counts them together.
    public func tools(for tool: String) -> TaskTools? {
        var calls: [String: Int?] = [:]
        var isOpen = grants.isEmpty
        for grant in grants {
            guard let tools = grant.tools else {
                isOpen = true
                continue
            }
            for name in tools {
                guard let known = calls[name] else {
                    calls.updateValue(grant.calls, forKey: name)
                    continue
                }
                let sum: Int? = if let known, let more = grant.calls { known &+ more } else { nil }
                calls.updateValue(sum, forKey: name)
            }
        }
        return isOpen && calls[tool] == nil ? nil : TaskTools(calls)
    }
}
