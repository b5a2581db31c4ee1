// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Protocols

@testable import ServicePlane

/// One exchange in the form of each interface: an answer with text and calls of tools.
struct ModelConversation: Sendable, CustomStringConvertible {
    let api: ModelAPI
    let path: String
    /// A request that offers the tools `read_file` and `send_email`; `%` stands for the value of `stream`.
    let requestText: String
    /// The answer to it, with a call of each.
    let whole: String
    /// The same as a stream.
    let stream: String
    let usage: ModelUsage

    var description: String { api.rawValue }

    func request(isStreaming: Bool = false, fields: [MCPField] = [ModelFixture.json]) -> MediatedRequest {
        ModelFixture.request(
            path, requestText.split(separator: "%").joined(separator: isStreaming ? "true" : "false"), fields: fields)
    }

    /// The events of a stream whose types stand in their data only, or in both places.
    static func events(_ data: [String], typed: Bool) -> String {
        data.map { text in
            let type = (try? JSONValue(parsing: text))?["type"]?.string ?? ""
            return (typed ? "event: \(type)\n" : "") + "data: \(text)\n\n"
        }.joined()
    }

    static let all = [chat, responses, messages]

    static let chat = ModelConversation(
        api: .chatCompletions, path: "/v1/chat/completions",
        requestText: """
            {"model": "gpt-x", "messages": [{"role": "user", "content": "hi"}], "stream": %, "max_tokens": 100,
             "tools": [{"type": "function", "function": {"name": "read_file", "parameters": {"type": "object"}}},
                       {"type": "function", "function": {"name": "send_email"}}]}
            """,
        whole: """
            {"id": "c", "choices": [{"index": 0, "finish_reason": "tool_calls", "message": {"role": "assistant",
             "content": "Let me look.", "tool_calls": [
               {"id": "a", "type": "function", "function": {"name": "read_file", "arguments": "{\\"path\\":\\"x\\"}"}},
               {"id": "b", "type": "function", "function": {"name": "send_email", "arguments": "{\\"to\\":\\"e\\"}"}}]}}],
             "usage": {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}}
            """,
        stream: events(
            [
                #"{"choices":[{"index":0,"delta":{"role":"assistant","content":"Let me look."},"finish_reason":null}]}"#,
                #"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"read_file","arguments":""}}]}}]}"#,
                #"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"path\":\"x\"}"}}]}}]}"#,
                #"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"id":"b","type":"function","function":{"name":"send_email","arguments":"{\"to\":"}}]}}]}"#,
                #"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"function":{"arguments":"\"e\"}"}}]}}]}"#,
                #"{"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}"#,
                #"{"choices":[],"usage":{"prompt_tokens":11,"completion_tokens":7,"total_tokens":18}}"#,
            ], typed: false) + "data: [DONE]\n\n",
        usage: ModelUsage(input: 11, output: 7))

    static let responses = ModelConversation(
        api: .responses, path: "/v1/responses",
        requestText: """
            {"model": "gpt-x", "input": "hi", "stream": %, "max_output_tokens": 100,
             "tools": [{"type": "function", "name": "read_file"}, {"type": "function", "name": "send_email"}]}
            """,
        whole: """
            {"id": "r", "status": "completed", "output": [
              {"type": "message", "id": "m", "content": [{"type": "output_text", "text": "Let me look."}]},
              {"type": "function_call", "id": "fa", "call_id": "a", "name": "read_file", "arguments": "{}"},
              {"type": "function_call", "id": "fb", "call_id": "b", "name": "send_email", "arguments": "{}"}],
             "usage": {"input_tokens": 11, "output_tokens": 7, "total_tokens": 18}}
            """,
        stream: events(
            [
                #"{"type":"response.created","sequence_number":0,"response":{"id":"r","output":[]}}"#,
                #"{"type":"response.output_item.added","output_index":0,"item":{"type":"message","id":"m","content":[]}}"#,
                #"{"type":"response.output_text.delta","item_id":"m","output_index":0,"content_index":0,"delta":"Let me look."}"#,
                #"{"type":"response.output_item.done","output_index":0,"item":{"type":"message","id":"m","content":[]}}"#,
                #"{"type":"response.output_item.added","output_index":1,"item":{"type":"function_call","id":"fa","call_id":"a","name":"read_file","arguments":""}}"#,
                #"{"type":"response.function_call_arguments.delta","item_id":"fa","output_index":1,"delta":"{}"}"#,
                #"{"type":"response.output_item.done","output_index":1,"item":{"type":"function_call","id":"fa","call_id":"a","name":"read_file","arguments":"{}"}}"#,
                #"{"type":"response.output_item.added","output_index":2,"item":{"type":"function_call","id":"fb","call_id":"b","name":"send_email","arguments":""}}"#,
                #"{"type":"response.function_call_arguments.delta","item_id":"fb","output_index":2,"delta":"{}"}"#,
                #"{"type":"response.output_item.done","output_index":2,"item":{"type":"function_call","id":"fb","call_id":"b","name":"send_email","arguments":"{}"}}"#,
                #"{"type":"response.completed","response":{"id":"r","output":[],"usage":{"input_tokens":11,"output_tokens":7}}}"#,
            ], typed: true),
        usage: ModelUsage(input: 11, output: 7))

    static let messages = ModelConversation(
        api: .messages, path: "/v1/messages",
        requestText: """
            {"model": "claude-x", "messages": [{"role": "user", "content": "hi"}], "stream": %, "max_tokens": 100,
             "tools": [{"name": "read_file", "input_schema": {"type": "object"}}, {"name": "send_email", "input_schema": {}}]}
            """,
        whole: """
            {"id": "m", "type": "message", "role": "assistant", "content": [{"type": "text", "text": "Let me look."},
              {"type": "tool_use", "id": "a", "name": "read_file", "input": {}},
              {"type": "tool_use", "id": "b", "name": "send_email", "input": {"to": "e"}}],
             "usage": {"input_tokens": 10, "cache_read_input_tokens": 1, "output_tokens": 7}}
            """,
        stream: events(
            [
                #"{"type":"message_start","message":{"id":"m","type":"message","role":"assistant","content":[],"usage":{"input_tokens":10,"cache_read_input_tokens":1,"output_tokens":1}}}"#,
                #"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"#,
                #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Let me look."}}"#,
                #"{"type":"content_block_stop","index":0}"#,
                #"{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"a","name":"read_file","input":{}}}"#,
                #"{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{}"}}"#,
                #"{"type":"content_block_stop","index":1}"#,
                #"{"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"b","name":"send_email","input":{}}}"#,
                #"{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"to\":\"e\"}"}}"#,
                #"{"type":"content_block_stop","index":2}"#,
                #"{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":7}}"#,
                #"{"type":"message_stop"}"#,
            ], typed: true),
        usage: ModelUsage(input: 11, cached: 1, output: 7))
}
