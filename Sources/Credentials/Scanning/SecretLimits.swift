// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// How many secrets are looked for, and how much memory that may take.
public struct SecretLimits: Sendable, Hashable {
    /// Secrets.
    public let secrets: Int
    /// Bytes of one secret.
    public let secretBytes: Int
    /// States of the automaton: at most the bytes of all spellings, 25 to 60 for each byte of a secret. A state
    /// takes 25 bytes.
    public let states: Int

    /// Limits with the given values.
    public init(secrets: Int = 256, secretBytes: Int = 4096, states: Int = 1 << 19) {
        self.secrets = max(secrets, 0)
        self.secretBytes = max(secretBytes, SecretPatterns.minimumBytes)
        self.states = min(max(states, 1), 1 << 24)
    }

    /// The default limits.
    public static let standard = SecretLimits()
}

/// Why secrets cannot be looked for. It names the place of a secret in the list, never the secret.
public enum SecretPatternError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A secret is so short that ordinary text holds it by chance.
    case tooShort(index: Int)
    /// A secret is longer than the limit.
    case tooLong(index: Int)
    /// There are more secrets than the limit.
    case tooManySecrets
    /// All spellings together need more states than the limit.
    case tooManyStates

    /// What happened and what to do.
    public var description: String {
        switch self {
        case .tooShort(let index):
            "Secret \(index) has fewer than \(SecretPatterns.minimumBytes) bytes, which ordinary text holds by chance; "
                + "use a longer one."
        case .tooLong(let index): "Secret \(index) is longer than the limit; raise the limit or use a shorter one."
        case .tooManySecrets: "There are more secrets to look for than the limit; raise it or register fewer."
        case .tooManyStates:
            "The spellings of all secrets need more memory than the limit; raise it or register fewer or shorter ones."
        }
    }
}
