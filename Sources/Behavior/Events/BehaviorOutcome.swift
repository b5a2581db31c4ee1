// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension BehaviorEvent {
    /// What the gate made of a call.
    public enum Outcome: Sendable, Hashable {
        /// It went through.
        case allowed
        /// It waits for a person.
        case held
        /// It was refused.
        case denied(DenialClass)

        /// Whether it was refused.
        public var isDenied: Bool {
            if case .denied = self { true } else { false }
        }
    }

    /// Why a call was refused, as far as it says something about the agent.
    public enum DenialClass: String, Sendable, CaseIterable {
        /// A tool, service or operation outside the grant.
        case tool
        /// A link or account number that nobody trustworthy named.
        case link
        /// A secret in what would go out.
        case secret
        /// More than the grant's budget.
        case budget
        /// A sensitive read that the task has no need of.
        case sensitiveRead = "sensitive_read"
        /// A destination that is not granted or was named by nobody trustworthy.
        case destination
        /// Broken protocol or arguments of a wrong form.
        case syntax
        /// Anything else that the agent has to answer for.
        case other
        /// The gate's own trouble, or the consequence of its risk: says nothing new about the agent.
        case unrelated

        /// Whether refusals of this kind hardly ever befall an agent that does its task.
        public var isStrong: Bool {
            switch self {
            case .tool, .link, .secret, .budget, .sensitiveRead: true
            case .destination, .syntax, .other, .unrelated: false
            }
        }
    }
}
