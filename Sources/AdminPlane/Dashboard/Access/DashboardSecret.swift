// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Crypto
internal import Identity

/// A random secret of one kind, with 256 bits. One of another kind is none.
struct DashboardSecret: Sendable, Hashable {
    /// What a secret is for; its text begins with this.
    enum Kind: String, Sendable, CaseIterable {
        /// A sign-in from the command line, good once.
        case token = "yt_"
        /// A session of a browser, in a cookie.
        case session = "yo_"
        /// The forms of one session.
        case form = "yw_"
        /// A sign-in at a provider that is under way, in a cookie.
        case signIn = "yn_"
        /// A program that asks the HTTP API.
        case program = "yp_"
    }

    let kind: Kind
    private let bytes: [UInt8]

    /// A new secret.
    init(_ kind: Kind) {
        var generator = SystemRandomNumberGenerator()
        self.kind = kind
        bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    /// Reads a secret of a kind; there is one spelling of each.
    init?(_ kind: Kind, _ text: some StringProtocol) {
        guard text.utf8.count == kind.rawValue.utf8.count + 43, text.utf8.starts(with: kind.rawValue.utf8),
            let bytes = StrictBase64.url.decode(Array(text.utf8.dropFirst(kind.rawValue.utf8.count))),
            bytes.count == 32
        else { return nil }
        self.kind = kind
        self.bytes = bytes
    }

    /// The secret itself, for its holder and for nobody else.
    var text: String { kind.rawValue + StrictBase64.url.text(bytes) }

    /// SHA-256 over kind and secret, by which the gate knows it.
    var digest: [UInt8] { Array(SHA256.hash(data: Array(kind.rawValue.utf8) + bytes)) }
}

extension DashboardSecret: CustomStringConvertible, CustomReflectable {
    var description: String { "[redacted]" }
    var customMirror: Mirror { Mirror(self, children: [:]) }
}
