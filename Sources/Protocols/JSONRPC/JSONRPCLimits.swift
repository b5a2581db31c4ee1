// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Limits on a JSON-RPC message.
public struct JSONRPCLimits: Sendable, Hashable {
    /// The limits on its text.
    public let json: JSONLimits

    /// Bytes of an identifier.
    public let idBytes: Int

    /// Bytes of a method name.
    public let methodBytes: Int

    /// Limits with the given values.
    public init(json: JSONLimits = .standard, idBytes: Int = 256, methodBytes: Int = 128) {
        self.json = json
        self.idBytes = max(idBytes, 1)
        self.methodBytes = max(methodBytes, 1)
    }

    /// The default limits.
    public static let standard = JSONRPCLimits()
}
