// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Why a tool is neither shown nor called. The raw value is the code in answers and records.
public enum MCPHold: String, Sendable, Hashable, CaseIterable {
    /// It was never listed.
    case unlisted = "tool_never_listed"
    /// It appeared after the others were approved.
    case new = "tool_new_after_approval"
    /// Its definition changed.
    case changed = "tool_definition_changed"
    /// No operator has approved it yet.
    case notApproved = "tool_not_approved"
    /// A name of a parameter asks for secrets or for the conversation.
    case suspicious = "tool_suspicious_parameter"
    /// Its text speaks to a model behind the person's back.
    case instruction = "tool_suspicious_text"
    /// Its definition is longer than the limit.
    case tooLarge = "tool_too_large"
    /// Its description speaks of another server's tool.
    case mention = "tool_mentions_other"
    /// It has the name of another server's tool, or one that differs from another's of the same server only by case, `_`,
    /// `-` and `.`.
    case sameName = "tool_shadows_name"
    /// Its input schema has parts that are not judged.
    case unjudged = "tool_schema_not_judged"
    /// Its input schema cannot be read.
    case unusable = "tool_schema_unusable"
    /// There are more tools than the limit.
    case full = "tool_catalogue_full"
    /// What was kept of it cannot be read.
    case unreadable = "tool_record_unreadable"
    /// What the server says of its tools cannot be kept, so that nothing of it counts.
    case unkept = "tool_record_not_kept"

    /// Whether an operator may approve the tool in spite of it.
    public var canBeApproved: Bool {
        switch self {
        case .unusable, .full, .unlisted, .unkept: false
        default: true
        }
    }

    /// What is wrong and what to do, with the command that an operator types.
    func sentence(_ tool: String, of service: String) -> String {
        canBeApproved ? "\(sentence) The command for that: yett tools approve \(service) \(tool)" : sentence
    }

    /// What is wrong and what to do.
    public var sentence: String {
        switch self {
        case .unlisted: "The server has not listed this tool; list the tools first, and call one of them."
        case .new: "The tool appeared after the others were approved; an operator must approve it."
        case .changed: "The tool's definition changed since it was approved; an operator must approve the new one."
        case .notApproved: "No operator has approved the tool's definition yet."
        case .suspicious:
            "A parameter's name asks for secrets or for the conversation; an operator must approve the tool."
        case .mention: "The tool's definition speaks of another server's tool; an operator must approve it."
        case .instruction:
            "The tool's text has phrases that speak to a model behind the person's back; an operator must approve it."
        case .tooLarge: "The tool's definition is longer than the limit; an operator must approve it."
        case .sameName: "There is another tool of this name, or nearly so; an operator must approve this one."
        case .unjudged: "The tool's input schema has parts that the gate does not judge; an operator must approve it."
        case .unusable:
            "The tool's input schema cannot be read, so its arguments cannot be judged; the server must mend it."
        case .full: "The server has more tools than the gate remembers."
        case .unreadable:
            "What the gate kept of the tool cannot be read; an operator must approve its definition once more."
        case .unkept: "The gate cannot write down what the server says of its tools, so none of them is called."
        }
    }
}
