// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// One mistake in a policy, with the code that OPA gives it.
public struct Diagnostic: Error, Hashable, Sendable {
    /// OPA's codes for mistakes found before evaluation.
    public enum Code: String, Sendable {
        case parse = "rego_parse_error"
        case compile = "rego_compile_error"
        case type = "rego_type_error"
        case unsafeVariable = "rego_unsafe_var_error"
        case recursion = "rego_recursion_error"
    }

    /// What kind of mistake it is.
    public var code: Code
    /// What is wrong, in OPA's words where OPA has them.
    public var message: String
    /// Where it stands.
    public var location: Location

    /// Describes a mistake.
    public init(_ code: Code, _ message: String, at location: Location) {
        self.code = code
        self.message = message
        self.location = location
    }
}

/// All mistakes found in a set of modules, in the order of their places; ten at most.
public struct Diagnostics: Error, Sendable {
    /// The mistakes.
    public var list: [Diagnostic]

    /// Wraps mistakes.
    public init(_ list: [Diagnostic]) {
        self.list = list
    }
}
