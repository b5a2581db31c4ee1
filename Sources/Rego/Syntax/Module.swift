// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A parsed source file.
public struct Module: Sendable {
    /// The package path, `data` first: `package a.b` is `["data", "a", "b"]`.
    public var package: [Text]
    /// Where the package clause stands.
    public var packageLocation: Location
    /// The imports in source order.
    public var imports: [Import]
    /// The rules in source order.
    public var rules: [Rule]
    /// The comments in source order.
    public var comments: [Comment]
    /// The metadata blocks in source order.
    public var annotations: [Annotation]
    /// Which opt-in parts of the language the imports switch on.
    public var features: Features

    /// Opt-in parts of the language.
    public struct Features: OptionSet, Sendable {
        /// The parts as bits.
        public let rawValue: Int
        /// Takes bits.
        public init(rawValue: Int) { self.rawValue = rawValue }
        /// `future.keywords.not`.
        public static let negatedBodies = Features(rawValue: 1)
        /// `future.keywords.and`.
        public static let and = Features(rawValue: 2)
        /// `future.keywords.or`.
        public static let or = Features(rawValue: 4)
    }

    /// Describes a module.
    public init(package: [Text], packageLocation: Location) {
        self.package = package
        self.packageLocation = packageLocation
        imports = []
        rules = []
        comments = []
        annotations = []
        features = []
    }
}

/// `import path as alias`.
public struct Import: Sendable {
    /// The path as a reference; its head is `data`, `input`, `future` or `rego`.
    public var path: Term
    /// The name given with `as`.
    public var alias: Text?
    /// Where it stands.
    public var location: Location

    /// Describes an import.
    public init(path: Term, alias: Text?, at location: Location) {
        self.path = path
        self.alias = alias
        self.location = location
    }
}

/// A comment, from `#` to the end of its line.
public struct Comment: Sendable {
    /// What follows the `#`.
    public var text: Text
    /// Where it begins.
    public var location: Location

    /// Describes a comment.
    public init(text: Text, at location: Location) {
        self.text = text
        self.location = location
    }
}

/// One definition of a rule; the definitions that share a path are one rule.
public struct Rule: Sendable {
    /// Whether `default` stands before it.
    public var isDefault: Bool
    /// The head.
    public var head: Head
    /// What must hold; empty when none was written.
    public var body: Body
    /// What holds instead when the body does not: in source order.
    public var elseBranches: [ElseBranch]
    /// Where it stands.
    public var location: Location
    /// Indices of the metadata blocks of the module that stand directly before it.
    public var annotations: [Int]

    /// Describes a definition.
    public init(
        isDefault: Bool = false, head: Head, body: Body, elseBranches: [ElseBranch] = [], at location: Location,
        annotations: [Int] = []
    ) {
        self.isDefault = isDefault
        self.head = head
        self.body = body
        self.elseBranches = elseBranches
        self.location = location
        self.annotations = annotations
    }

    /// What stands before a rule's body.
    public struct Head: Sendable {
        /// The name and what follows it: `a.b[x].c` is `[a, "b", x, "c"]`, the first a variable. The key of `contains` is not part of it.
        public var reference: [Term]
        /// The arguments, for a function.
        public var arguments: [Term]?
        /// The key of `contains`, for a partial set.
        public var key: Term?
        /// The value; nil when none was written (then it is `true`, unless there is a key).
        public var value: Term?
        /// Whether the value was given with `:=`.
        public var isAssignment: Bool
        /// Where it stands.
        public var location: Location

        /// Describes a head.
        public init(
            reference: [Term], arguments: [Term]? = nil, key: Term? = nil, value: Term? = nil,
            isAssignment: Bool = false, at location: Location
        ) {
            self.reference = reference
            self.arguments = arguments
            self.key = key
            self.value = value
            self.isAssignment = isAssignment
            self.location = location
        }
    }
}

/// `else := value if { … }`.
public struct ElseBranch: Sendable {
    /// The value; nil is `true`.
    public var value: Term?
    /// What must hold; empty when none was written.
    public var body: Body
    /// Where it stands.
    public var location: Location

    /// Describes a branch.
    public init(value: Term?, body: Body, at location: Location) {
        self.value = value
        self.body = body
        self.location = location
    }
}
