// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A secret that is looked for in everything that passes, by a name that may be shown.
public struct RegisteredSecret: Sendable {
    /// The name that findings and `[redacted: NAME]` show.
    public let name: String

    /// Whom it was given to, when it is a canary.
    public let owner: String?

    let bytes: [UInt8]

    /// A secret that the gate holds or was told about.
    public init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
        owner = nil
    }

    /// A canary: planted with one agent or sandbox and of use to nobody.
    public init(canary name: String, bytes: [UInt8], owner: String) {
        self.name = name
        self.bytes = bytes
        self.owner = owner
    }
}

extension RegisteredSecret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The name.
    public var description: String { "RegisteredSecret(\(name))" }

    /// The same.
    public var debugDescription: String { description }

    /// Nothing to look into.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Why a matcher cannot be made.
public enum LeakMatcherError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A secret has less than ``LeakMatcher/minimumSecretBytes`` bytes.
    case secretTooShort(name: String)
    /// A secret has more bytes than allowed.
    case secretTooLong(name: String)
    /// A secret consists of one or two different bytes.
    case secretTooUniform(name: String)
    /// There are more secrets than allowed.
    case tooManySecrets(limit: Int)
    /// The spellings of all secrets have more bytes than allowed.
    case tooManySpellings(limit: Int)
    /// There are more rules than allowed.
    case tooManyRules(limit: Int)

    /// What is wrong and what to do.
    public var description: String {
        switch self {
        case .secretTooShort(let name):
            "the secret \(name) has less than \(LeakMatcher.minimumSecretBytes) bytes and would be found by chance:"
                + " choose a longer one"
        case .secretTooLong(let name): "the secret \(name) is longer than is looked for: register its first part"
        case .secretTooUniform(let name): "the secret \(name) has at most two different bytes: choose another one"
        case .tooManySecrets(let limit): "there are more than \(limit) secrets"
        case .tooManySpellings(let limit): "the spellings of all secrets take more than \(limit) bytes"
        case .tooManyRules(let limit): "there are more than \(limit) rules"
        }
    }
}
