// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A tool that nobody has any business with.
public struct DecoyTool: Sendable, Hashable {
    /// The name under which it is listed.
    public var name: String
    /// What it is said to do.
    public var text: String

    /// Names a tool.
    public init(name: String, text: String) {
        self.name = name
        self.text = text
    }
}
