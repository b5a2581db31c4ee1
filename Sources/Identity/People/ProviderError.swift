// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Why a provider cannot be used now, or what it answered is not believed. No text repeats a token, a code or a claim.
public enum ProviderError: Error, Hashable, Sendable, CustomStringConvertible {
    /// It cannot be asked; the text says why.
    case unreachable(String)
    /// What it says of itself is not acceptable; the text says why.
    case metadata(String)
    /// Its keys are not acceptable.
    case keys(KeySetError)
    /// It has more keys than are read.
    case tooManyKeys
    /// Keys were asked for a moment ago, in vain.
    case keysUnavailable
    /// Its answer is not what the protocol says; the text names the part.
    case malformed(String)
    /// It refused; the text is a registered error code.
    case refused(String)
    /// Its ID token is not acceptable.
    case token(IDTokenError)
    /// It speaks of another person than before.
    case otherPerson
    /// There is nothing left to ask it with.
    case noCredential

    /// Whether another try may succeed without the person doing anything: the provider says nothing of the person.
    public var isTemporary: Bool {
        switch self {
        case .unreachable, .metadata, .keys, .tooManyKeys, .keysUnavailable: true
        case .refused(let code): code.isExactly("temporarily_unavailable") || code.isExactly("server_error")
        default: false
        }
    }

    /// What is wrong.
    public var description: String {
        switch self {
        case .unreachable(let why): "the provider cannot be asked: \(why)"
        case .metadata(let why): "the provider's metadata \(why)"
        case .keys(let error): "the provider's keys: \(error)"
        case .tooManyKeys: "the provider has more than \(ProviderKeys.mostKeys) keys"
        case .keysUnavailable: "the provider's keys could not be read a moment ago"
        case .malformed(let part): "the provider's \(part) is malformed"
        case .refused(let code): "the provider refused: \(code)"
        case .token(let error): "the provider's ID token: \(error)"
        case .otherPerson: "the provider speaks of another person than before"
        case .noCredential: "the provider gave neither a refresh token nor an access token"
        }
    }
}
