// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Bounds of what a task's provenance holds and looks through. What does not fit is not trusted.
public struct ProvenanceLimits: Sendable, Hashable {
    /// Bytes of the person's request.
    public var requestBytes = 64 << 10
    /// Bytes of all strings of all results; later ones are not read.
    public var resultBytes = 4 << 20
    /// Different values. Those of free text take half of the room at most, so that they drive out no others.
    public var values = 100_000
    /// Bytes of all different values together, likewise.
    public var valueBytes = 4 << 20
    /// Bytes of one value that is compared as a whole.
    public var wholeValueBytes = 1024
    /// Different paths of fields.
    public var paths = 4096
    /// Strings and numbers in the arguments of one call.
    public var leaves = 4096
    /// Bytes of all strings in the arguments of one call.
    public var argumentBytes = 256 << 10

    /// The defaults.
    public init() {}
}

/// Choices of the administrator.
public struct ProvenanceSettings: Sendable, Hashable {
    /// Calls of one effectful tool in a task without a grant.
    public var ungrantedCalls = 20
    /// Whether, without a grant, a destructive call needs a person who named its object.
    public var ungrantedDestructionNeedsPerson = true
    /// Whether a call that the grant lists may change what only text of others named, as long as nothing is sent or
    /// removed; tools that list things as text need it.
    public var grantedWritesTakeSeenObjects = true
    /// Whether a page may be read when its address stood somewhere word for word, free text included.
    public var allowsVerbatimReads = false
    /// The bounds.
    public var limits = ProvenanceLimits()

    /// The defaults.
    public init() {}
}

/// The tools that a task may use, each with the number of its calls; nil is without a number.
public struct TaskTools: Sendable, Hashable {
    /// The tools by name.
    public var calls: [String: Int?]

    /// Lists tools.
    public init(_ calls: [String: Int?]) { self.calls = calls }
}
