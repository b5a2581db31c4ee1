// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The requests that wait for an answer: each identifier once, each answered once, never more than the limit.
public struct JSONRPCOutstanding<Value: Sendable>: Sendable {
    /// How many may wait.
    public let limit: Int

    private var waiting: [JSONRPCID: Value] = [:]

    /// Nothing waits.
    public init(limit: Int) { self.limit = max(limit, 0) }

    /// How many wait.
    public var count: Int { waiting.count }

    /// Why a request cannot wait.
    public enum Refusal: Error, Sendable, Hashable {
        /// A request with this identifier waits already; an answer could not be told from the other one's.
        case duplicate
        /// As many wait as may.
        case full
    }

    /// Lets a request wait.
    public mutating func open(_ id: JSONRPCID, _ value: Value) throws(Refusal) {
        guard waiting[id] == nil else { throw .duplicate }
        guard waiting.count < limit else { throw .full }
        waiting[id] = value
    }

    /// Ends the waiting of the request that an answer names; nil when none waits, so that the answer is not passed on.
    public mutating func close(_ id: JSONRPCID) -> Value? { waiting.removeValue(forKey: id) }
}
