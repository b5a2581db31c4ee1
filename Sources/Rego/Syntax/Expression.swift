// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What must hold, in order; an empty body is `true`.
public typealias Body = [Expression]

/// One statement of a body.
public struct Expression: Sendable {
    /// Which statement it is.
    public var kind: Kind
    /// Whether `not` stands before it.
    public var isNegated: Bool
    /// The `with` modifiers, in order.
    public var modifiers: [WithModifier]
    /// Where it stands.
    public var location: Location
    /// Whether the compiler wrote it.
    public var isGenerated: Bool
    /// Whether it was `:=`, whose right side gets no values from its left side.
    var isAssignment = false

    /// The forms of statements.
    public indirect enum Kind: Sendable {
        /// A term alone; calls are terms, so `x := 1` is a call of `assign`, `x = 1` of `eq` and `x == 1` of `equal`.
        case term(Term)
        /// `some x, y`: the variables.
        case someVariables([Term])
        /// `some v in xs`, `some k, v in xs`.
        case someIn(key: Term?, value: Term, domain: Term)
        /// `every v in xs { … }`, `every k, v in xs { … }`.
        case every(key: Term?, value: Term, domain: Term, body: Body)
        /// `not { … }` (`future.keywords.not`), the braces' content; `isNegated` is true.
        case negatedBody(Body)
        /// `a and b` (`future.keywords.and`): the operands as bodies, with whether each was written in braces;
        /// `not (a and b)` is negated.
        case and([LogicalOperand])
        /// `a or b` (`future.keywords.or`).
        case or([LogicalOperand])
    }

    /// Describes a statement.
    public init(
        _ kind: Kind, isNegated: Bool = false, modifiers: [WithModifier] = [], at location: Location,
        isGenerated: Bool = false
    ) {
        self.kind = kind
        self.isNegated = isNegated
        self.modifiers = modifiers
        self.location = location
        self.isGenerated = isGenerated
    }
}

/// One side of `and` or `or`.
public struct LogicalOperand: Sendable {
    /// What must hold.
    public var body: Body
    /// Whether it was written in braces.
    public var isBraced: Bool

    /// Describes an operand.
    public init(body: Body, isBraced: Bool) {
        self.body = body
        self.isBraced = isBraced
    }
}

/// `with target as value`.
public struct WithModifier: Sendable {
    /// What is replaced: a reference into `input` or `data`, or the name of a function.
    public var target: Term
    /// What stands there instead.
    public var value: Term
    /// Where it stands.
    public var location: Location

    /// Describes a modifier.
    public init(target: Term, value: Term, at location: Location) {
        self.target = target
        self.value = value
        self.location = location
    }
}
