// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Who a person is: the provider, and its name for the person. Never an e-mail address, which may pass to somebody else.
public struct PersonIdentifier: Sendable, CustomStringConvertible {
    /// `iss`.
    public let issuer: String
    /// `sub`.
    public let subject: String

    /// The longest `sub` (OpenID Connect Core 1.0 section 2), in bytes.
    public static let longestSubject = 255

    /// Names a person; `nil` when `sub` is empty, too long or not of visible ASCII.
    public init?(issuer: String, subject: String) {
        guard !issuer.isEmpty, (1...Self.longestSubject).contains(subject.utf8.count),
            subject.utf8.allSatisfy({ (0x21...0x7e).contains($0) })
        else { return nil }
        self.issuer = issuer
        self.subject = subject
    }

    /// Issuer, `#`, subject.
    public var description: String { "\(issuer)#\(subject)" }
}

extension PersonIdentifier: Hashable {
    /// Whether both have the same bytes.
    public static func == (left: PersonIdentifier, right: PersonIdentifier) -> Bool {
        left.issuer.isExactly(right.issuer) && left.subject.isExactly(right.subject)
    }

    /// Feeds the bytes.
    public func hash(into hasher: inout Hasher) {
        for text in [issuer, subject] {
            for byte in text.utf8 { hasher.combine(byte) }
            hasher.combine(0xff as UInt8)
        }
    }
}
