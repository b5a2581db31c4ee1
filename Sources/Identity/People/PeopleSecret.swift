// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Crypto

/// A random secret of one kind, with 256 bits. One of another kind is none: a form token opens no session.
public struct PeopleSecret: Sendable, Hashable {
    /// What a secret is for; its text begins with this.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The session of a browser, in a cookie.
        case browser = "yb_"
        /// The session of a command line.
        case commandLine = "ys_"
        /// A sign-in that is under way, in a cookie.
        case signIn = "yl_"
        /// A form of a page of ours.
        case form = "yf_"
        /// A device that waits for its session.
        case device = "yd_"
    }

    /// What it is for.
    public let kind: Kind
    private let bytes: [UInt8]

    /// A new secret.
    public init(_ kind: Kind, using generator: inout some RandomNumberGenerator) {
        self.kind = kind
        bytes = RandomText.bytes(using: &generator)
    }

    /// Reads a secret of a kind; there is one spelling of each.
    public init?(_ kind: Kind, _ text: some StringProtocol) {
        guard let bytes = RandomText.bytes(of: text, behind: kind.rawValue) else { return nil }
        self.kind = kind
        self.bytes = bytes
    }

    /// The secret itself, for its holder and for nobody else.
    public var secret: String { kind.rawValue + StrictBase64.url.text(bytes) }

    /// SHA-256 over kind and secret, by which the gate knows it.
    public var digest: [UInt8] { Array(SHA256.hash(data: Array(kind.rawValue.utf8) + bytes)) }
}

extension PeopleSecret: CustomStringConvertible, CustomReflectable {
    /// `[redacted]`.
    public var description: String { "[redacted]" }
    /// Nothing.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
