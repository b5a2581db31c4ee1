// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A term of the syntax tree: what stands for a value.
public struct Term: Sendable {
    /// Which term it is.
    public var kind: Kind
    /// Where it stands.
    public var location: Location

    /// The forms of terms.
    public indirect enum Kind: Sendable {
        case null
        case boolean(Bool)
        /// A number as it was written.
        case number(Text)
        /// A string after its escapes were read.
        case string(Text)
        /// A variable; each wildcard `_` bears a name of its own that begins with `$`.
        case variable(Text)
        /// A head term (mostly a variable) and at least one operand: `a.b[c]` is `[a, "b", c]`.
        case reference([Term])
        case array([Term])
        case object([ObjectItem])
        case set([Term])
        case arrayComprehension(head: Term, body: Body)
        case setComprehension(head: Term, body: Body)
        case objectComprehension(key: Term, value: Term, body: Body)
        /// A call: the operator as a variable or a reference of strings (`count`, `io.jwt.decode`, `data.a.f`), and what it is given.
        /// Infix operators are calls of `plus`, `minus`, `mul`, `div`, `rem`, `and`, `or`, `eq`, `assign`, `equal`, `neq`,
        /// `lt`, `lte`, `gt`, `gte`, `internal.member_2` and `internal.member_3`.
        case call(function: Term, arguments: [Term])
        /// `$"…{term}…"`.
        case template(TemplateString)
    }

    /// Describes a term.
    public init(_ kind: Kind, at location: Location) {
        self.kind = kind
        self.location = location
    }
}

/// A member of an object term.
public struct ObjectItem: Sendable {
    /// The key's term.
    public var key: Term
    /// The value's term.
    public var value: Term

    /// Describes a member.
    public init(key: Term, value: Term) {
        self.key = key
        self.value = value
    }
}

/// An interpolated string.
public struct TemplateString: Sendable {
    /// A piece of the string.
    public enum Part: Sendable {
        case text(Text)
        /// An expression between braces; it may hold a call, a reference or any term, and `with`.
        case expression(Expression)
    }

    /// The pieces in order.
    public var parts: [Part]
    /// Whether it was written between backticks.
    public var isRaw: Bool

    /// Describes an interpolated string.
    public init(parts: [Part], isRaw: Bool) {
        self.parts = parts
        self.isRaw = isRaw
    }
}
