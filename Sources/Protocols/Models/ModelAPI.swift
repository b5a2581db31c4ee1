// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// An operation of a model provider's HTTP interface that the gate reads.
public enum ModelAPI: String, Sendable, Hashable, CaseIterable {
    /// OpenAI chat completions, `POST /v1/chat/completions`.
    case chatCompletions = "chat_completions"
    /// OpenAI responses, `POST /v1/responses`.
    case responses
    /// Anthropic messages, `POST /v1/messages`.
    case messages
    /// Embeddings, `POST /v1/embeddings`.
    case embeddings
    /// The list of models, `GET /v1/models`.
    case modelList = "models"

    /// The operation of a request, or nil. The path is canonical and without query.
    public init?(method: String, path: String) {
        guard let api = Self.allCases.first(where: { path.utf8.elementsEqual($0.path.utf8) }),
            method.utf8.elementsEqual(api.method.utf8)
        else { return nil }
        self = api
    }

    /// The path of its requests.
    public var path: String {
        switch self {
        case .chatCompletions: "/v1/chat/completions"
        case .responses: "/v1/responses"
        case .messages: "/v1/messages"
        case .embeddings: "/v1/embeddings"
        case .modelList: "/v1/models"
        }
    }

    /// The method of its requests.
    public var method: String { self == .modelList ? "GET" : "POST" }

    /// Whether its answer can be a stream of events, and can hold calls of tools.
    public var canCall: Bool {
        switch self {
        case .chatCompletions, .responses, .messages: true
        case .embeddings, .modelList: false
        }
    }
}
