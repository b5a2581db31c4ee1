// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What can be known of a value before evaluation.
public indirect enum RegoType: Hashable, Sendable {
    case any
    case null
    case boolean
    case number
    case string
    /// The first elements, and the type of further ones where there may be any.
    case array([RegoType], rest: RegoType?)
    /// Known members in the order of their keys, and the types of further ones where there may be any.
    case object([Member], rest: Rest?)
    case set(RegoType)
    /// One of several.
    case union([RegoType])
    case function(arguments: [RegoType], result: RegoType)

    /// A member that an object is known to have.
    public struct Member: Hashable, Sendable {
        /// The key.
        public var key: SyntaxValue
        /// The type of the value.
        public var value: RegoType

        /// Describes a member.
        public init(key: SyntaxValue, value: RegoType) {
            self.key = key
            self.value = value
        }
    }

    /// Members that are not known by their keys.
    public struct Rest: Hashable, Sendable {
        /// The type of the keys.
        public var key: RegoType
        /// The type of the values.
        public var value: RegoType

        /// Describes further members.
        public init(key: RegoType, value: RegoType) {
            self.key = key
            self.value = value
        }
    }
}
