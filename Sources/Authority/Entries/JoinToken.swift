// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Crypto
public import Identity

/// The secret with which a remote workload asks for its first certificate, once. Only its digest is stored.
public struct JoinToken: Sendable {
    /// The identity that its holder gets.
    public let spiffeID: SPIFFEID
    /// Unix seconds after which it is worth nothing.
    public let expires: Int64
    private let secret: String

    /// The times for which a token may be good, in seconds.
    public static let lifetimes: ClosedRange<Int64> = 1...86_400
    /// The time for which a token is good unless it is said otherwise, in seconds.
    public static let usualLifetime: Int64 = 600
    /// The most tokens that wait for their use.
    public static let largestCount = 1000

    static let prefix = "yett-join-"
    private static let randomBytes = 20

    /// Makes a token of 160 random bits.
    init(spiffeID: SPIFFEID, expires: Int64) {
        self.spiffeID = spiffeID
        self.expires = expires
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<Self.randomBytes).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        secret = Self.prefix + bytes.hexadecimal
    }

    /// The token, to be shown once to whoever asked for it.
    public func secretText() -> String { secret }

    /// What is stored of it.
    var digest: [UInt8] { Array(SHA256.hash(data: Array(secret.utf8))) }

    /// What is stored of a token that somebody presents; `nil` when it is none by its looks.
    static func digest(ofPresented text: String) -> [UInt8]? {
        let bytes = Array(text.utf8)
        guard bytes.count == prefix.utf8.count + 2 * randomBytes, bytes.starts(with: prefix.utf8) else { return nil }
        return Array(SHA256.hash(data: bytes))
    }
}

extension JoinToken: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// `[redacted]`.
    public var description: String { "[redacted]" }
    /// `[redacted]`.
    public var debugDescription: String { "[redacted]" }
    /// Nothing.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
