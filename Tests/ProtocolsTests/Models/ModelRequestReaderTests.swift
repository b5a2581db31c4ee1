// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Protocols

@Suite struct ModelRequestReaderTests {
    private func read(_ api: ModelAPI, _ body: String) throws(ModelRefusal) -> ModelCall {
        try ModelRequestReader().read(api, body: bytes(body))
    }

    private func code(_ api: ModelAPI, _ body: String) -> String? {
        do throws(ModelRefusal) {
            _ = try read(api, body)
            return nil
        } catch {
            #expect(error.fault == .client && (error.status == 400 || error.status == 413))
            return error.code
        }
    }

    @Test("knows its operations by method and path")
    func operations() {
        for api in ModelAPI.allCases { #expect(ModelAPI(method: api.method, path: api.path) == api) }
        for (method, path) in [
            ("GET", "/v1/chat/completions"), ("POST", "/v1/models"), ("POST", "/v1/completions"),
            ("POST", "/v1/messages/"),
            ("post", "/v1/messages"), ("POST", "/V1/messages"),
        ] { #expect(ModelAPI(method: method, path: path) == nil) }
    }

    @Test("reads a chat completion")
    func chat() throws {
        let call = try read(
            .chatCompletions,
            #"{ "stream": true, "model":"gpt-5", "messages":[{"role":"user","content":"\u0041\/ é"}], "max_completion_tokens": 50,"#
                + #""tools":[{"type":"function","function":{"name":"get_weather","parameters":{"b":1.50,"a":2}}},"#
                + #"{"type":"custom","custom":{"name":"sh"}}],"functions":[{"name":"old"}],"web_search_options":{} }"#)
        #expect(call.model == "gpt-5" && call.isStreaming && call.maximumTokens == 50)
        #expect(call.toolNames == ["get_weather", "sh", "old"] && call.hostedTools == ["web_search"])
        // Order and digits stay: a schema's order has a meaning for models.
        #expect(
            String(decoding: call.body, as: UTF8.self)
                == #"{"stream":true,"model":"gpt-5","messages":[{"role":"user","content":"A/ é"}],"max_completion_tokens":50,"#
                + #""tools":[{"type":"function","function":{"name":"get_weather","parameters":{"b":1.50,"a":2}}},"#
                + #"{"type":"custom","custom":{"name":"sh"}}],"functions":[{"name":"old"}],"web_search_options":{}}"#)
    }

    @Test("reads a request for a response")
    func responses() throws {
        let call = try read(
            .responses,
            #"{"model":"gpt-5","input":"hi","max_output_tokens":9,"stream":null,"tools":[{"type":"function","name":"f"},"#
                + #"{"type":"mcp","server_url":"https://evil.test"},{"type":"web_search"},{"type":"local_shell"}]}"#)
        #expect(!call.isStreaming && call.maximumTokens == 9)
        #expect(call.toolNames == ["f", "local_shell"] && call.hostedTools == ["mcp", "web_search"])
        #expect(try read(.responses, #"{"model":"m","prompt":{"id":"p"}}"#).toolNames.isEmpty)
    }

    @Test("reads a message request")
    func messages() throws {
        let call = try read(
            .messages,
            #"{"model":"claude","max_tokens":100,"messages":[{"role":"user","content":"x"}],"tools":[{"name":"f","input_schema":{}},"#
                + #"{"type":"bash_20250124","name":"bash"},{"type":"web_search_20250305","name":"web_search"}],"#
                + #""mcp_servers":[{"url":"https://evil.test"}]}"#)
        #expect(call.maximumTokens == 100 && call.toolNames == ["f", "bash"])
        #expect(call.hostedTools == ["web_search_20250305", "mcp"])
    }

    @Test("reads embeddings and the list of models")
    func others() throws {
        #expect(try read(.embeddings, #"{"model":"e","input":["a","b"]}"#).model == "e")
        #expect(try read(.modelList, "").model == "")
        #expect(code(.modelList, "{}") == "model_body")
    }

    @Test(
        "refuses a request that two programs could read in two ways",
        arguments: [
            (.chatCompletions, #"{"model":"a","model":"b","messages":[{}]}"#, "json_duplicate_name"),
            (.chatCompletions, #"{"model":"a","Model":"b","messages":[{}]}"#, "model_ambiguous_name"),
            (.chatCompletions, #"{"model":"a","messages":[{}],"STREAM":true}"#, "model_ambiguous_name"),
            (.chatCompletions, #"{"model":"a","messages":[{}],"\u017ftream":true}"#, "model_ambiguous_name"),
            (.chatCompletions, #"{"model":"a","messages":[{"role":"user","Role":"system"}]}"#, "model_ambiguous_name"),
            (
                .chatCompletions,
                #"{"model":"a","messages":[{}],"tools":[{"type":"function","Function":{"name":"f"}}]}"#,
                "model_ambiguous_name"
            ),
            (.chatCompletions, #"{"model":"","messages":[{}]}"#, "model_name"),
            (.chatCompletions, #"{"model":["a"],"messages":[{}]}"#, "model_name"),
            (.chatCompletions, #"{"model":"a\nb","messages":[{}]}"#, "model_name"),
            (.chatCompletions, #"{"messages":[{}]}"#, "model_name"),
            (.chatCompletions, #"{"model":"a"}"#, "model_input"),
            (.messages, #"{"model":"a","messages":[]}"#, "model_input"),
            (.messages, #"{"model":"a","messages":["x"],"max_tokens":1}"#, "model_input"),
            (.responses, #"{"model":"a","input":7}"#, "model_input"),
            (.embeddings, #"{"model":"a","input":[]}"#, "model_input"),
            (.chatCompletions, #"{"model":"a","messages":[{}],"stream":"true"}"#, "model_stream"),
            (.chatCompletions, #"{"model":"a","messages":[{}],"stream":1}"#, "model_stream"),
            (
                .chatCompletions, #"{"model":"a","messages":[{}],"max_tokens":1,"max_completion_tokens":2}"#,
                "model_maximum"
            ),
            (.chatCompletions, #"{"model":"a","messages":[{}],"max_tokens":0}"#, "model_maximum"),
            (.chatCompletions, #"{"model":"a","messages":[{}],"max_tokens":1e3}"#, "model_maximum"),
            (.messages, #"{"model":"a","messages":[{}]}"#, "model_maximum"),
            (.responses, #"{"model":"a","input":"x","background":true}"#, "model_background"),
            (.chatCompletions, #"{"model":"a","messages":[{}],"tools":{}}"#, "model_tools"),
            (.chatCompletions, #"{"model":"a","messages":[{}],"tools":[{"name":"f"}]}"#, "model_tools"),
            (.chatCompletions, #"{"model":"a","messages":[{}],"tools":[7]}"#, "model_tools"),
            (.chatCompletions, #"{"model":"a","messages":[{}],"functions":[{"name":"a b"}]}"#, "model_tool_name"),
            (
                .messages, #"{"model":"a","max_tokens":1,"messages":[{}],"tools":[{"name":"f\u200b"}]}"#,
                "model_tool_name"
            ),
            (
                .messages, #"{"model":"a","max_tokens":1,"messages":[{}],"tools":[{"name":"f"},{"name":"f"}]}"#,
                "model_duplicate_tool"
            ),
            (.responses, "[]", "model_not_an_object"), (.responses, "", "json_truncated"),
            (.responses, #"{"model":"a","input":"x"} {}"#, "json_trailing_data"),
            (.responses, #"{"model":"a","input":"\ud800"}"#, "json_lone_surrogate"),
        ] as [(ModelAPI, String, String)])
    func refused(_ api: ModelAPI, _ body: String, _ expected: String) {
        #expect(code(api, body) == expected)
    }

    @Test("bounds what it reads")
    func bounds() {
        let reader = ModelRequestReader(limits: ModelLimits(request: JSONLimits(bytes: 60), tools: 1))
        #expect(throws: ModelRefusal.self) {
            try reader.read(.responses, body: bytes(#"{"model":"a","input":"\#(String(repeating: "x", count: 60))"}"#))
        }
        #expect(throws: ModelRefusal(.rule(.tooManyTools), fault: .client)) {
            try reader.read(.responses, body: bytes(#"{"model":"a","input":"","tools":[{"type":"x"},{"type":"y"}]}"#))
        }
    }

    @Test("tells a refusal in each interface's form")
    func errors() {
        let error = ModelErrorBody(ModelRefusal(.rule(.model), fault: .client))
        #expect(String(decoding: error.bytes(for: .messages), as: UTF8.self).contains(#""type":"error""#))
        #expect(String(decoding: error.bytes(for: .responses), as: UTF8.self).contains(#""code":"model_name""#))
        for reason in ModelRefusalReason.allCases { #expect(reason.sentence.hasSuffix(".")) }
    }
}
