// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A `# METADATA` block.
public struct Annotation: Sendable {
    /// What a block describes.
    public enum Scope: String, Sendable {
        case rule
        case document
        case package
        case subpackages
    }

    /// What it describes.
    public var scope: Scope
    /// Its members as OPA shows them (`scope` included), ready for `rego.metadata` and `inspect`.
    public var content: SyntaxValue
    /// Where it begins.
    public var location: Location
    /// The last line of the block.
    public var lastRow: Int32

    /// Describes a block.
    public init(scope: Scope, content: SyntaxValue, at location: Location, lastRow: Int32) {
        self.scope = scope
        self.content = content
        self.location = location
        self.lastRow = lastRow
    }
}

/// A constant value outside of any heap, for what the syntax tree carries.
public indirect enum SyntaxValue: Hashable, Sendable {
    case null
    case boolean(Bool)
    /// A number as it was written.
    case number(Text)
    case string(Text)
    case array([SyntaxValue])
    /// The members in the order they were written.
    case object([Member])

    /// A member of an object.
    public struct Member: Hashable, Sendable {
        /// The key.
        public var key: Text
        /// The value.
        public var value: SyntaxValue

        /// Describes a member.
        public init(key: Text, value: SyntaxValue) {
            self.key = key
            self.value = value
        }
    }
}
