// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// How many tokens a call took, as the provider counts them.
public struct ModelUsage: Sendable, Hashable {
    /// Tokens that were read, cached ones among them.
    public var input: Int64
    /// Those of ``input`` that the provider had kept from before.
    public var cached: Int64
    /// Tokens that were written.
    public var output: Int64

    /// Counts.
    public init(input: Int64 = 0, cached: Int64 = 0, output: Int64 = 0) {
        self.input = input
        self.cached = cached
        self.output = output
    }

    private static let maximum: Int64 = 1 << 40

    /// Reads the counts of an interface; nil where there are none.
    init?(_ api: ModelAPI, _ value: JSONValue?) throws(ModelRefusalReason) {
        guard let value, !value.isNull else { return nil }
        guard let object = value.object else { throw .usage }
        switch api {
        case .chatCompletions, .embeddings:
            input = try Self.count(object["prompt_tokens"])
            cached = try Self.count(object["prompt_tokens_details"]?["cached_tokens"])
            output = try Self.count(object["completion_tokens"])
        case .messages:
            cached = try Self.count(object["cache_read_input_tokens"])
            input = try Self.count(object["input_tokens"]) &+ cached
            input &+= try Self.count(object["cache_creation_input_tokens"])
            output = try Self.count(object["output_tokens"])
        case .responses, .modelList:
            input = try Self.count(object["input_tokens"])
            cached = try Self.count(object["input_tokens_details"]?["cached_tokens"])
            output = try Self.count(object["output_tokens"])
        }
    }

    private static func count(_ value: JSONValue?) throws(ModelRefusalReason) -> Int64 {
        guard let value, !value.isNull else { return 0 }
        guard let count = value.integer, (0...maximum).contains(count) else { throw .usage }
        return count
    }

    /// The larger of each count: later ones replace earlier ones, and none goes down.
    func merged(_ other: ModelUsage) -> ModelUsage {
        ModelUsage(
            input: max(input, other.input), cached: max(cached, other.cached), output: max(output, other.output))
    }
}
