// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A request to a model, as far as it matters who may send it.
public struct ModelCall: Sendable {
    /// The operation.
    public let api: ModelAPI
    /// The model; empty for the list of models.
    public let model: String
    /// Whether the answer shall be a stream of events.
    public let isStreaming: Bool
    /// The tools that the client offers to run for the model, in the order of the request.
    public let toolNames: [String]
    /// The tools that the provider shall run by itself, by their types, such as `web_search` and `mcp`. The gate does not
    /// see what these do.
    public let hostedTools: [String]
    /// The most tokens that the answer may have, where the request says so.
    public let maximumTokens: Int64?
    /// How many answers are wanted, each with as many tokens; a number that cannot be read stands for the most.
    public var answers: Int64 = 1
    /// The request as it is forwarded: the same members, digits and order, without white space, with the fewest escapes.
    public let body: [UInt8]
}
