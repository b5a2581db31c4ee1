// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Why the gate does not start. The operator is at fault, or the machine.
public struct GatewayError: Error, Sendable, CustomStringConvertible {
    /// Whether the configuration is wrong, rather than the machine.
    public var isConfiguration: Bool
    /// What happened, one line each.
    public var lines: [String]
    /// What to type next.
    public var remedy: String?

    /// Records an error.
    public init(_ lines: [String], remedy: String? = nil, isConfiguration: Bool = false) {
        self.lines = lines
        self.remedy = remedy
        self.isConfiguration = isConfiguration
    }

    /// What happened and what to type next.
    public var description: String {
        (lines + (remedy.map { [$0] } ?? [])).joined(separator: "\n")
    }
}
