// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A set of modules after all checks and rewriting: every body can be executed from its first statement to its last.
///
/// In every body of it
/// - a reference begins with the variable `data` or `input`, with a local variable, or (in front of operands) with a
///   local variable that stands for a hoisted term; operands are variables and constants, or composites of them, which
///   select (and bind) where they hold variables without a value;
/// - a call is a statement of its own. Its function is a variable (a builtin's full name) or a reference of `data` and
///   strings (a function of the policy). One argument more than the function takes is where the result goes: it is
///   unified with the result, as in `count(xs, n)`. Arguments are variables and constants, or arrays, objects and sets of them;
/// - `eq(a, b)` unifies. Either side is a variable, a constant, a reference, a comprehension, or an array, object or set
///   of variables and constants;
/// - `eq` with a third argument and `equal` are ordinary calls with a boolean result;
/// - `with` values are variables and constants (composites of them included); where a function is replaced, the target and
///   a function given as value are written like the function of a call;
/// - a body in `every`, `not`, `and`, `or` or a comprehension binds nothing outside itself;
/// - variables have names that no other variable of the policy has, except that closures beside each other may share a
///   name that the source does not declare; a variable that a closure shares with the body around it is bound before the
///   closure is reached.
public struct AnalyzedPolicy: Sendable {
    /// All rules, by path; the order is that of first appearance.
    public var groups: [RuleGroup]
    /// Packages and rules by path.
    public var tree: RuleTree
    /// The modules as they were parsed.
    public var modules: [Module]
    /// The names under which the modules were read, for messages.
    public var sources: [String]
    /// What each group refers to, by the group's index.
    public var dependencies: [Dependencies]
    /// The builtins that any rule calls or replaces.
    public var requiredBuiltins: Set<Text>
    /// What the policy was compiled with; queries use the same.
    public var options: CompilerOptions
    /// The number that the next generated name bears.
    var nextLocal: Int
    /// What is known about the types of rules.
    var types: TypeEnvironment

    /// The group with exactly this path (`data` left out).
    public func group(at path: [SyntaxValue]) -> Int? {
        tree.node(at: path).flatMap { tree.nodes[$0].group }
    }
}

/// All definitions of one virtual document.
public struct RuleGroup: Sendable {
    /// What the definitions make.
    public enum Kind: Hashable, Sendable {
        /// One value.
        case complete
        /// A function with this many arguments.
        case function(arity: Int)
        /// A set (`contains`), an object, or a tree of them: what each definition adds stands in its tail and key.
        case partial
    }

    /// Where the document is, without `data`.
    public var path: [SyntaxValue]
    /// What the definitions make.
    public var kind: Kind
    /// What holds when no definition does.
    public var defaultValue: DefaultDefinition?
    /// The definitions in the order of modules and sources.
    public var definitions: [RuleDefinition]

    /// Whether the document is a set: each definition gives a key and nothing stands between.
    public var isSet: Bool {
        kind == .partial && definitions.allSatisfy { $0.tail.isEmpty && $0.key != nil }
    }
}

/// One definition of a rule, ready for execution.
public struct RuleDefinition: Sendable {
    /// What follows the group's path in the head: variables and constants.
    public var tail: [Term]
    /// What `contains` adds: a variable or a constant (composites of them included).
    public var key: Term?
    /// The value when the body holds: a variable or a constant (composites of them included).
    public var value: Term
    /// The patterns that the arguments of a function must match.
    public var arguments: [Term]?
    /// What must hold.
    public var body: Body
    /// What holds instead when the body does not, in order.
    public var elseBranches: [ElseDefinition]
    /// Where the definition stands.
    public var location: Location
    /// Index of its module.
    public var module: Int
    /// Index of the definition in its module.
    public var rule: Int
    /// Indices of the metadata blocks of the module that stand directly before it.
    public var annotations: [Int]
    /// The names in the source of renamed variables; generated ones and wildcards are not in it.
    public var localNames: [Text: Text]
}

/// An `else` branch, ready for execution; it sees the arguments of its definition.
public struct ElseDefinition: Sendable {
    /// What follows the group's path in the head, with the names of this branch.
    public var tail: [Term]
    /// The value when the body holds.
    public var value: Term
    /// What must hold.
    public var body: Body
    /// Where the branch stands.
    public var location: Location

    /// Describes a branch.
    public init(tail: [Term] = [], value: Term, body: Body, location: Location) {
        self.tail = tail
        self.value = value
        self.body = body
        self.location = location
    }
}

/// What `default` gives a rule.
public struct DefaultDefinition: Sendable {
    /// The value: a constant, or a variable that the body binds to a comprehension.
    public var value: Term
    /// Empty unless the value holds a comprehension.
    public var body: Body
    /// Where it stands.
    public var location: Location
    /// Index of its module.
    public var module: Int
}

/// A query after all checks and rewriting, with what holds for bodies of an ``AnalyzedPolicy``.
public struct AnalyzedQuery: Sendable {
    /// A variable whose values are the query's answer.
    public struct Variable: Hashable, Sendable {
        /// The name in the query.
        public var source: Text
        /// The name in the body.
        public var unique: Text
    }

    /// What must hold.
    public var body: Body
    /// The variables in the order of their appearance, without wildcards and generated ones.
    public var variables: [Variable]
    /// What the query refers to.
    public var dependencies: Dependencies
    /// The builtins that the query calls or replaces.
    public var requiredBuiltins: Set<Text>
}
