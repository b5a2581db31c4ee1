// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Crypto

/// The secret that ties an authorization code to whoever asked for it (PKCE, RFC 7636). There is S256 and nothing else.
public struct ProofKey: Sendable, Hashable {
    /// `code_verifier`: 256 random bits. A secret.
    public let verifier: String

    /// A new key.
    public init(using generator: inout some RandomNumberGenerator) {
        verifier = RandomText.make(using: &generator)
    }

    /// `code_challenge`.
    public var challenge: String { StrictBase64.url.text(Array(SHA256.hash(data: Array(verifier.utf8)))) }
}

extension ProofKey: CustomStringConvertible, CustomReflectable {
    /// `[redacted]`.
    public var description: String { "[redacted]" }
    /// Nothing.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// 256 random bits as text.
enum RandomText {
    private static let count = 32
    private static let longest = 43

    static func bytes(using generator: inout some RandomNumberGenerator) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    /// The bytes of a text behind a prefix; there is one spelling of each.
    static func bytes(of text: some StringProtocol, behind prefix: String) -> [UInt8]? {
        let text = text.utf8
        guard text.count == prefix.utf8.count + longest, text.starts(with: prefix.utf8),
            let bytes = StrictBase64.url.decode(Array(text.dropFirst(prefix.utf8.count))), bytes.count == count
        else { return nil }
        return bytes
    }

    static func make(using generator: inout some RandomNumberGenerator) -> String {
        StrictBase64.url.text(bytes(using: &generator))
    }
}

/// Comparison of secrets in a time that depends on their lengths only.
public enum SecretComparison {
    /// Whether both have the same bytes.
    public static func isSame(_ left: some Sequence<UInt8>, _ right: some Sequence<UInt8>) -> Bool {
        let (left, right) = (Array(left), Array(right))
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(0 as UInt8) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
