// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Why a message of a model's interface is not passed on. One case, one stable reason code, one sentence.
public enum ModelRefusalReason: String, Error, Sendable, Hashable, CaseIterable {
    // Requests.
    /// The list of models is asked for without a body.
    case body = "model_body"
    /// The body is not a JSON object.
    case notAnObject = "model_not_an_object"
    /// A member's name differs by case only from another or from one that has a meaning.
    case ambiguousName = "model_ambiguous_name"
    /// The model is missing, or its name is not short and plain; name one model.
    case model = "model_name"
    /// The member stream is neither true nor false.
    case stream = "model_stream"
    /// The input is missing, or is neither text nor a list that is not empty.
    case input = "model_input"
    /// The limit of tokens is no number above zero, is missing where it must stand, or stands twice.
    case maximum = "model_maximum"
    /// The tools are not a list of objects in the form of this interface.
    case tools = "model_tools"
    /// A tool's name is not 1 to 128 letters, digits, hyphens, underscores and dots.
    case toolName = "model_tool_name"
    /// Two tools have the same name; a call could mean either.
    case duplicateTool = "model_duplicate_tool"
    /// The request offers more tools than the limit.
    case tooManyTools = "model_too_many_tools"
    /// Answers in the background cannot be watched; ask for the answer in the same exchange.
    case background = "model_background"
    // Answers.
    /// A member is missing or has another type than the interface says.
    case structure = "model_structure"
    /// The counts of tokens are no numbers that can be.
    case usage = "model_usage"
    /// The answer has more calls, alternatives or parts than the limit.
    case tooManyCalls = "model_too_many_calls"
    /// A call has no identifier, or one that is not short and plain.
    case callID = "model_call_id"
    /// Two calls have the same identifier.
    case repeatedCallID = "model_repeated_call_id"
    /// A call names no tool, or one whose name is not 1 to 128 plain characters.
    case callName = "model_call_name"
    /// A call's name comes in pieces, which clients put together in different ways.
    case splitName = "model_split_call_name"
    /// A call has a type that does not fit its content, or one that changes.
    case callType = "model_call_type"
    /// A piece of a call has a number that no open call has, or none.
    case callIndex = "model_call_index"
    /// A call is told twice with different content.
    case callChanged = "model_call_changed"
    /// A call's arguments are not one strict, unambiguous JSON object.
    case arguments = "model_arguments"
    /// A call's arguments are longer than the limit.
    case argumentsTooLarge = "model_arguments_too_large"
    // Streams.
    /// An event's type is missing, or differs from the one in its data.
    case eventType = "model_event_type"
    /// An event comes where the interface has none: before the start, after the end, or inside another.
    case eventOrder = "model_event_order"
    /// A call stays incomplete for longer than the limit on what is held.
    case heldTooMuch = "model_held_too_much"
    /// The stream ends without its last event, or inside a call.
    case unfinished = "model_unfinished"

    /// What is wrong and what to do, as a sentence. It never repeats bytes of the message.
    public var sentence: String {
        switch self {
        case .body: "The list of models is asked for without a body."
        case .notAnObject: "The body is not a JSON object."
        case .ambiguousName: "A member's name differs by case only from another or from one that has a meaning."
        case .model: "The model is missing, or its name is not short and plain; name one model."
        case .stream: "The member stream is neither true nor false."
        case .input: "The input is missing, or is neither text nor a list that is not empty."
        case .maximum: "The limit of tokens is no number above zero, is missing where it must stand, or stands twice."
        case .tools: "The tools are not a list of objects in the form of this interface."
        case .toolName: "A tool's name is not 1 to 128 letters, digits, hyphens, underscores and dots."
        case .duplicateTool: "Two tools have the same name; a call could mean either."
        case .tooManyTools: "The request offers more tools than the limit."
        case .background: "Answers in the background cannot be watched; ask for the answer in the same exchange."
        case .structure: "A member is missing or has another type than the interface says."
        case .usage: "The counts of tokens are no numbers that can be."
        case .tooManyCalls: "The answer has more calls, alternatives or parts than the limit."
        case .callID: "A call has no identifier, or one that is not short and plain."
        case .repeatedCallID: "Two calls have the same identifier."
        case .callName: "A call names no tool, or one whose name is not 1 to 128 plain characters."
        case .splitName: "A call's name comes in pieces, which clients put together in different ways."
        case .callType: "A call has a type that does not fit its content, or one that changes."
        case .callIndex: "A piece of a call has a number that no open call has, or none."
        case .callChanged: "A call is told twice with different content."
        case .arguments: "A call's arguments are not one strict, unambiguous JSON object."
        case .argumentsTooLarge: "A call's arguments are longer than the limit."
        case .eventType: "An event's type is missing, or differs from the one in its data."
        case .eventOrder:
            "An event comes where the interface has none: before the start, after the end, or inside another."
        case .heldTooMuch: "A call stays incomplete for longer than the limit on what is held."
        case .unfinished: "The stream ends without its last event, or inside a call."
        }
    }
}
