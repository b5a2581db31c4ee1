// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Rego

extension DecisionPolicy {
    /// How a policy is compiled and evaluated.
    public struct Settings: Sendable {
        /// The document that holds the decision, below `data`.
        public var entryPoint = ["yett", "authz", "verdict"]
        /// Which form the input has.
        public var input = InputForm.facts
        /// What happens when a builtin function fails on the way to an allow.
        public var onBuiltinError = BuiltinErrorRule.deny
        /// Whether unused imports, variables and arguments are refused.
        public var isStrict = false
        /// Builtin functions that are allowed although they are not by default.
        public var allowedBuiltins: Set<String> = []
        /// What one evaluation may use.
        public var limits = Limits()
        /// The ways in whose requests the policy will decide: it may read only what they know.
        public var phases = DecisionPhases.egress
        /// A monotonic clock in nanoseconds for the limit of time; without one, time is not limited.
        public var clock: (@Sendable () -> UInt64)?

        /// The defaults.
        public init() {}
    }

    /// The form of the input document.
    public enum InputForm: String, Sendable, Hashable, CaseIterable {
        /// The facts, one schema for all planes.
        case facts
        /// Envoy's `CheckRequest` as OPA's plugin for Envoy shows it.
        case envoy = "ext_authz"
    }

    /// What happens when a builtin function fails on the way to an allow.
    public enum BuiltinErrorRule: String, Sendable, Hashable, CaseIterable {
        /// The call is undefined, as in OPA; what would be allowed is refused.
        case deny
        /// The call is undefined, as in OPA, and that is all.
        case ignore
        /// The evaluation ends at the first failure.
        case strict
    }
}
