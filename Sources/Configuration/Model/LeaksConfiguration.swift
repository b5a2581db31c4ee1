// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What is looked for in all that agents send, `leaks`; nothing without the section.
public struct LeaksConfiguration: Sendable, Hashable {
    /// `mode`.
    public var mode = Mode.enforce
    /// `secrets`: in all encodings, besides the gate's own credentials for services.
    public var secrets: [Secret] = []
    /// `canaries`: planted, of use to nobody. Who sends one is put in quarantine.
    public var canaries: [Secret] = []
    /// `rules`: a file of rules in the form of gitleaks, as JSON.
    public var rules: String?
    /// `patterns`: whether tokens, cards and accounts are known by their form.
    public var usesPatterns = true

    /// The defaults.
    public init() {}

    /// How much follows from a finding.
    public enum Mode: String, Sendable, CaseIterable {
        /// It is recorded, and nothing follows from it.
        case observe
        /// The request is refused, or a person is asked.
        case enforce
    }

    /// Something by name.
    public struct Secret: Sendable, Hashable {
        /// `name`: shown where it is found.
        public var name: String
        /// `value`.
        public var value: SecretReference
        /// `agent`: whom a canary was given to.
        public var agent: String?
        /// Where it stands in the file.
        public var place: Place
    }
}
