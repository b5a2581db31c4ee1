// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A value that holds a secret and shows nothing of it, neither in a text nor to a debugger's dump.
public protocol Confidential: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {}

extension Confidential {
    /// The type's name.
    public var description: String { "\(Self.self)(hidden)" }

    /// What the description says.
    public var debugDescription: String { description }

    /// Nothing to look into.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
