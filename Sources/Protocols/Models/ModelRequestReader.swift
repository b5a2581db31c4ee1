// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Reads requests to models strictly: what is not plainly one call for one model is refused.
public struct ModelRequestReader: Sendable {
    private let limits: ModelLimits

    private static let known = MemberNames([
        "model", "messages", "input", "system", "instructions", "prompt", "stream", "tools", "functions", "max_tokens",
        "max_completion_tokens", "max_output_tokens", "mcp_servers", "web_search_options", "background", "tool_choice",
    ])

    /// A reader with the given limits.
    public init(limits: ModelLimits = .standard) { self.limits = limits }

    /// Reads the body of a request.
    public func read(_ api: ModelAPI, body: [UInt8]) throws(ModelRefusal) -> ModelCall {
        if api == .modelList {
            guard body.isEmpty else { throw ModelRefusal(.rule(.body), fault: .client) }
            return ModelCall(
                api: api, model: "", isStreaming: false, toolNames: [], hostedTools: [], maximumTokens: nil, body: [])
        }
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: body, limits: limits.request)
        } catch { throw ModelRefusal(.json(error), fault: .client) }
        do throws(ModelRefusalReason) {
            return try read(api, value, body)
        } catch { throw ModelRefusal(.rule(error), fault: .client) }
    }

    private func read(_ api: ModelAPI, _ value: JSONValue, _ body: [UInt8]) throws(ModelRefusalReason) -> ModelCall {
        guard let object = value.object else { throw .notAnObject }
        guard !Self.known.hasLookalike(in: object), !MemberNames.hasAmbiguity(value) else { throw .ambiguousName }
        guard let model = object["model"]?.string, Self.isModelName(model) else { throw .model }
        if let background = object["background"], !background.isNull {
            guard background.bool == false else { throw .background }
        }
        try checkInput(api, object)
        let tools = api.canCall ? try ModelToolReader(limits: limits).read(api, object) : ModelToolReader.Tools()
        guard let compact = JSONCompaction.compact(body, limits: limits.request) else { throw .notAnObject }
        return ModelCall(
            api: api, model: model, isStreaming: api.canCall ? try isStreaming(object) : false,
            toolNames: tools.names, hostedTools: tools.hosted, maximumTokens: try maximum(api, object),
            answers: api == .chatCompletions ? Self.answers(object) : 1, body: compact)
    }

    private static let mostAnswers: Int64 = 128

    private static func answers(_ object: JSONObject) -> Int64 {
        guard let value = object["n"], !value.isNull else { return 1 }
        return value.integer.map { min(max($0, 1), mostAnswers) } ?? mostAnswers
    }

    private static func isModelName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 256 && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }
    }

    private func isStreaming(_ object: JSONObject) throws(ModelRefusalReason) -> Bool {
        guard let value = object["stream"], !value.isNull else { return false }
        guard let stream = value.bool else { throw .stream }
        return stream
    }

    private func checkInput(_ api: ModelAPI, _ object: JSONObject) throws(ModelRefusalReason) {
        switch api {
        case .chatCompletions, .messages:
            guard let messages = object["messages"]?.array, !messages.isEmpty,
                messages.allSatisfy({ $0.object != nil })
            else { throw .input }
        case .responses:
            switch object["input"] {
            case .string?: break
            case .array(let items)? where items.allSatisfy { $0.object != nil }: break
            case nil where object["prompt"]?.object != nil: break
            default: throw .input
            }
        case .embeddings:
            switch object["input"] {
            case .string?: break
            case .array(let items)? where !items.isEmpty: break
            default: throw .input
            }
        case .modelList: break
        }
    }

    private func maximum(_ api: ModelAPI, _ object: JSONObject) throws(ModelRefusalReason) -> Int64? {
        let names: [String] =
            switch api {
            case .chatCompletions: ["max_tokens", "max_completion_tokens"]
            case .responses: ["max_output_tokens"]
            case .messages: ["max_tokens"]
            case .embeddings, .modelList: []
            }
        var found: Int64?
        for name in names {
            guard let value = object[name], !value.isNull else { continue }
            guard found == nil, let number = value.integer, number > 0 else { throw .maximum }
            found = number
        }
        guard found != nil || api != .messages else { throw .maximum }
        return found
    }
}
