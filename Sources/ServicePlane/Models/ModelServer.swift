// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Decision

/// What is known of a service that serves models.
public struct ModelServer: Sendable {
    /// Which tools a model may be offered and may call.
    public enum ToolRule: String, Sendable, Hashable, CaseIterable {
        /// Any, when the arguments of a call are one strict, unambiguous JSON object: whoever runs the tool is asked again.
        case any
        /// Those that the agent may call at this service, the provider's own tools among them by their types.
        case granted
    }

    /// Which tools are offered and called.
    public var toolRule = ToolRule.any
    /// What models cost, by the bytes of their names; `*` is every other one.
    public var prices: [[UInt8]: ModelPrice] = [:]

    /// What a model costs; `nil` when nobody said.
    func price(of model: String) -> ModelPrice? { prices[Array(model.utf8)] ?? prices[[UInt8(ascii: "*")]] }

    /// The defaults.
    public init() {}
}
