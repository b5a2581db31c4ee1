// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What is known about a value before evaluation.
public indirect enum RegoType: Hashable, Sendable {
    case any
    case null
    case boolean
    case number
    case string
    /// The types of the first elements, then that of the rest (nil: there is no rest).
    case array([RegoType], rest: RegoType?)
    /// The known members, then the types of further keys and values (nil: there are none).
    case object([Member], rest: Rest?)
    case set(RegoType)
    /// One of several.
    case union([RegoType])
    case function(arguments: [RegoType], result: RegoType)

    /// A member of an object type.
    public struct Member: Hashable, Sendable {
        /// The key.
        public var key: SyntaxValue
        /// The value's type.
        public var value: RegoType
        /// Whether it may be missing.
        var isOptional = false

        /// Describes a member.
        public init(key: SyntaxValue, value: RegoType) {
            self.key = key
            self.value = value
        }
    }

    /// The members of an object type whose keys are not known.
    public struct Rest: Hashable, Sendable {
        /// The keys' type.
        public var key: RegoType
        /// The values' type.
        public var value: RegoType

        /// Describes members.
        public init(key: RegoType, value: RegoType) {
            self.key = key
            self.value = value
        }
    }

    /// An array of any length.
    public static func list(_ element: RegoType) -> RegoType { .array([], rest: element) }
    /// An object of any keys.
    public static func map(_ key: RegoType, _ value: RegoType) -> RegoType {
        .object([], rest: Rest(key: key, value: value))
    }
    /// An object of any content.
    public static let anyObject = RegoType.map(.any, .any)
    /// An array of any content.
    public static let anyArray = RegoType.list(.any)
    /// A set of any content.
    public static let anySet = RegoType.set(.any)
}
