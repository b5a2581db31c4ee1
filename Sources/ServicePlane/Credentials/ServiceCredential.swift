// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Credentials

/// What the gate adds to the requests of a service, so that the service lets it in.
public enum ServiceCredential: Sendable {
    /// A field that is the same in each request.
    case fixed(FixedCredential)
    /// A field with a token that is obtained first.
    case token(TokenCredential)
    /// A signature over each request.
    case signed(SigningCredential)

    /// A field whose value is the same for each request.
    ///
    /// - Returns: `nil` when the value cannot stand in a field.
    public init?(field: String, value: [UInt8]) {
        guard let fixed = FixedCredential(field: field, value: value) else { return nil }
        self = .fixed(fixed)
    }

    /// The names of the fields that are the gate's alone: what an agent sends there does not pass.
    var fields: [String] {
        switch self {
        case .fixed(let fixed): [fixed.field]
        case .token(let token): [token.field]
        case .signed: SigV4Signer.fieldNames
        }
    }

    /// The line to add as it is, where nothing has to be obtained first.
    var line: [UInt8]? {
        if case .fixed(let fixed) = self { fixed.line } else { nil }
    }
}

extension ServiceCredential: CustomStringConvertible, CustomReflectable {
    /// The names of the fields only.
    public var description: String { fields.joined(separator: ", ") + ": [redacted]" }
    /// Nothing.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// A field that the gate adds to requests, with a secret in it.
public struct FixedCredential: Sendable, Confidential {
    /// The field's name.
    public let field: String
    let line: [UInt8]

    /// A field whose value is the same for each request.
    ///
    /// - Returns: `nil` when the value cannot stand in a field.
    public init?(field: String, value: [UInt8]) {
        guard !field.isEmpty, !value.isEmpty, value.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { return nil }
        self.field = field
        line = Array("\(field): ".utf8) + value + [0x0D, 0x0A]
    }

    /// The field's value, for somebody else who sends it.
    package var secretValue: [UInt8] { Array(line.dropFirst(field.utf8.count &+ 2).dropLast(2)) }
}

/// A field whose token is obtained for the service, or for each of its callers.
public struct TokenCredential: Sendable {
    /// The field's name.
    public let field: String
    /// What stands in front of the token.
    public let prefix: String
    /// Where tokens come from.
    public let source: TokenSource

    /// A field and where its tokens come from.
    public init(field: String = "Authorization", prefix: String = "Bearer ", source: TokenSource) {
        self.field = field
        self.prefix = prefix
        self.source = source
    }

    /// The field as it goes out.
    func line(_ token: ServiceToken) -> [UInt8] {
        Array("\(field): \(prefix)".utf8) + token.text + [0x0D, 0x0A]
    }
}
