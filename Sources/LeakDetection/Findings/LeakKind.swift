// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What sort of thing was found; what happens to it is chosen by kind and place, see ``LeakAction/standard(for:on:)``.
public enum LeakKind: String, Sendable, Hashable, CaseIterable {
    /// A secret that was registered by name, in any encoding.
    case secret
    /// A planted token that nobody has a use for: whoever sends it has looked where it should not.
    case canary
    /// A token, key or password that is known by its form.
    case credential
    /// A number of a card or an account, an address or a key of a crypto-currency.
    case financial
    /// Data that names a person.
    case personal
    /// A text that looks like encoded or encrypted data in a place where names and words belong.
    case opaque
    /// A text that tells a model to disregard its task, to hide something or to send data away.
    case instruction
    /// A command line that is disguised, destroys files or runs what it fetches.
    case command
    /// A path or a variable that holds credentials.
    case sensitivePath

    /// What can be taken out of a text without hiding what the text is about.
    public static var redactable: Set<LeakKind> { [.secret, .canary, .credential, .financial, .personal] }
}
