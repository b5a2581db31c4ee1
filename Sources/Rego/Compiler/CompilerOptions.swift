// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// How a policy is compiled.
public struct CompilerOptions: Sendable {
    /// Whether unused imports, variables and arguments are refused.
    public var isStrict: Bool
    /// Whether calls of `print` are kept as `internal.print`; else they are dropped.
    public var keepsPrint: Bool
    /// Builtins that must not be called, with the name of the setting that would allow each.
    public var refusedBuiltins: [Text: String]
    /// How many mistakes are reported at most.
    public var errorLimit: Int
    /// What is known of a builtin, by its full name; nil where there is none.
    public var signature: @Sendable (Text) -> BuiltinSignature?

    /// Describes how a policy is compiled.
    public init(
        isStrict: Bool = false, keepsPrint: Bool = false, refusedBuiltins: [Text: String] = [:], errorLimit: Int = 10,
        signature: @escaping @Sendable (Text) -> BuiltinSignature?
    ) {
        self.isStrict = isStrict
        self.keepsPrint = keepsPrint
        self.refusedBuiltins = refusedBuiltins
        self.errorLimit = errorLimit
        self.signature = signature
    }
}

/// What the compiler needs to know of a builtin.
public struct BuiltinSignature: Sendable {
    /// The types of the arguments.
    public var arguments: [RegoType]
    /// The type of further arguments, where there may be any number.
    public var variadic: RegoType?
    /// The type of the result; nil when there is none (`print`).
    public var result: RegoType?
    /// Whether it gives any number of results (`walk`).
    public var isRelation: Bool
    /// Whether the same arguments may give different results.
    public var isNondeterministic: Bool
    /// Whether modules of Rego v1 must not use it.
    public var isDeprecated: Bool
    /// The operator's sign, for messages (`+` of `plus`).
    public var infix: String?

    /// Describes a builtin.
    public init(
        arguments: [RegoType], variadic: RegoType? = nil, result: RegoType?, isRelation: Bool = false,
        isNondeterministic: Bool = false, isDeprecated: Bool = false, infix: String? = nil
    ) {
        self.arguments = arguments
        self.variadic = variadic
        self.result = result
        self.isRelation = isRelation
        self.isNondeterministic = isNondeterministic
        self.isDeprecated = isDeprecated
        self.infix = infix
    }
}
