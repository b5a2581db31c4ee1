// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A function of the language that is not written in Rego: its signature for the compiler and what computes it.
public struct Builtin: Sendable {
    /// What computes a result: undefined where the function has no value, an error where an operand is wrong.
    public typealias Evaluate = @Sendable (Arguments, BuiltinContext) throws(BuiltinFailure) -> Value

    /// What a builtin is besides its signature.
    public struct Traits: OptionSet, Sendable {
        /// The traits as bits.
        public let rawValue: Int

        /// The traits a number's bits name.
        public init(rawValue: Int) { self.rawValue = rawValue }

        /// The result depends on more than the operands (time, randomness), though it stays the same within one evaluation.
        public static let nondeterministic = Traits(rawValue: 1)
        /// The result is an array of alternatives, each an answer (`walk`).
        public static let relation = Traits(rawValue: 2)
        /// Refused in modules of Rego v1.
        public static let deprecated = Traits(rawValue: 4)
        /// Reaches outside of the process; refused unless the operator enables it.
        public static let reachesOutside = Traits(rawValue: 8)
    }

    /// The name as policies write it: `io.jwt.decode`.
    public let name: Text
    /// The types of the operands.
    public let arguments: [RegoType]
    /// The type of the result.
    public let result: RegoType
    /// What it is besides.
    public let traits: Traits
    /// The operator that stands for it (`+`), if there is one.
    public let infix: Text?
    /// What computes it.
    public let evaluate: Evaluate

    /// Declares a builtin.
    public init(
        _ name: Text, _ arguments: [RegoType], _ result: RegoType, traits: Traits = [], infix: Text? = nil,
        evaluate: @escaping Evaluate
    ) {
        self.name = name
        self.arguments = arguments
        self.result = result
        self.traits = traits
        self.infix = infix
        self.evaluate = evaluate
    }
}

/// The builtins that policies may use, by name.
public struct BuiltinTable: Sendable {
    /// The builtins; their positions are their numbers in compiled programs.
    public private(set) var list: [Builtin] = []
    private var positions: [Text: Int] = [:]

    /// An empty table.
    public init() {}

    /// Adds builtins; a later one replaces an earlier one of the same name.
    public mutating func add(_ builtins: [Builtin]) {
        for builtin in builtins {
            if let position = positions[builtin.name] {
                list[position] = builtin
            } else {
                positions[builtin.name] = list.count
                list.append(builtin)
            }
        }
    }

    /// The number of a builtin.
    public func position(of name: Text) -> Int? {
        positions[name]
    }

    /// The builtin of a name.
    public subscript(name: Text) -> Builtin? {
        positions[name].map { list[$0] }
    }
}
