// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A tool of a service. Two services may have tools of the same name, which are not the same.
struct ToolName: Hashable, Sendable, Comparable {
    let service: ByteName
    let tool: ByteName

    init(service: String, tool: String) {
        self.service = ByteName(service)
        self.tool = ByteName(tool)
    }

    /// The tool of a call; nil for one without.
    init?(_ event: BehaviorEvent) {
        guard let tool = event.tool else { return nil }
        self.init(service: event.service ?? "", tool: tool)
    }

    /// For people, escaped.
    var text: String {
        service.text.isEmpty
            ? VisibleText.quoted(tool.text) : "\(VisibleText.quoted(tool.text)) of \(VisibleText.quoted(service.text))"
    }

    static func < (left: ToolName, right: ToolName) -> Bool {
        left.service == right.service ? left.tool < right.tool : left.service < right.service
    }
}
