// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A place in a source text.
public struct Location: Hashable, Sendable, BitwiseCopyable {
    /// Index of the source in the set that is compiled together.
    public var file: Int32
    /// Line, from 1.
    public var row: Int32
    /// Character in the line, from 1; a tab counts one.
    public var column: Int32
    /// Byte in the source text at which the construct begins, from 0; for a term in parentheses that of the first one,
    /// while line and column are those of the term.
    public var offset: Int32
    /// How many bytes the construct is long, where that is known.
    public var length: Int32

    /// Describes a place.
    public init(file: Int32, row: Int32, column: Int32, offset: Int32 = 0, length: Int32 = 0) {
        self.file = file
        self.row = row
        self.column = column
        self.offset = offset
        self.length = length
    }

    /// The place of things that stand in no source text.
    public static let none = Location(file: -1, row: 0, column: 0)
}
