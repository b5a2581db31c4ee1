// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What an argument of a tool is for.
public enum ArgumentRole: String, Sendable, Hashable, CaseIterable {
    /// Where data or money goes, or who gains access.
    case destination
    /// Which thing is read or changed.
    case object
    /// A password or a key that is set.
    case secret
    /// A name for something that a server keeps for one caller, such as a cart: only the fields of results, a person or
    /// the request may give it, also to tools that read.
    case handle
    /// A plain value, such as an amount or a street.
    case value
    /// What is written or sent.
    case content
}

/// What a tool does to the world.
public enum ToolEffect: String, Sendable, Hashable, CaseIterable {
    /// Nothing.
    case read
    /// Changes something that stays inside.
    case write
    /// Sends something out, or lets someone else in.
    case external
    /// Removes or overwrites.
    case destructive
    /// Reads from a place that the caller chooses, which learns of it.
    case egressRead = "egress-read"

    /// Whether a call changes or sends anything.
    public var isEffectful: Bool {
        switch self {
        case .read, .egressRead: false
        case .write, .external, .destructive: true
        }
    }
}

/// What is known of a tool: from the configuration, or from its definition where a person approved it.
public struct ToolAnnotations: Sendable, Hashable {
    /// What the tool does.
    public var effect: ToolEffect
    /// The role of each argument; a nested one is written `outer.inner` and else takes that of the outer one. Of an
    /// argument without a role every address in it is judged like a destination, and the rest like content.
    public var roles: [String: ArgumentRole]
    /// Fields of the tool's results that hold text of others, whatever it looks like.
    public var freeTextFields: Set<String>
    /// Fields of the tool's results that hold values, although they look like prose.
    public var structuredFields: Set<String>
    /// Whether results hold what not everybody may know.
    public var readsPrivateData: Bool
    /// Whether results come from places that anybody can write to.
    public var readsUntrustedContent: Bool

    /// Describes a tool. Without being told, a read that the caller directs is one of untrusted content, and none is one
    /// of private data: where data must not leave, its source says so.
    public init(
        effect: ToolEffect, roles: [String: ArgumentRole] = [:], freeTextFields: Set<String> = [],
        structuredFields: Set<String> = [], readsPrivateData: Bool = false, readsUntrustedContent: Bool? = nil
    ) {
        self.effect = effect
        self.roles = roles
        self.freeTextFields = freeTextFields
        self.structuredFields = structuredFields
        self.readsPrivateData = readsPrivateData
        self.readsUntrustedContent = readsUntrustedContent ?? (effect == .egressRead)
    }
}
