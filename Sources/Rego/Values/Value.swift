// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A Rego value of two machine words.
///
/// Trivially copyable, so that evaluation neither retains nor releases: composite values are addresses into a `Heap`,
/// which must outlive them. Values of a frozen heap may be shared between threads, others belong to one evaluation.
public struct Value: BitwiseCopyable, Sendable {
    /// Bits 0 to 7: the tag; bit 8: the string is a symbol; bits 32 to 63: the byte count of a string.
    @usableFromInline var word: UInt64
    /// The integer, or the address of the header in its heap.
    @usableFromInline var payload: UInt64

    @inlinable
    init(word: UInt64, payload: UInt64) {
        self.word = word
        self.payload = payload
    }

    /// The kinds of values, in Rego's sort order.
    @frozen
    public enum Tag: UInt8, Sendable {
        case undefined
        case null
        case `false`
        case `true`
        /// An integer of 64 bits.
        case integer
        /// Any other number: its text in the heap.
        case decimal
        case string
        case array
        case object
        case set
        /// A part of `data` that holds rules, not evaluated yet. Never reaches a builtin.
        case document
    }

    @usableFromInline static let symbolBit: UInt64 = 1 << 8

    /// Which kind of value it is.
    @inlinable public var tag: Tag {
        unsafeBitCast(UInt8(truncatingIfNeeded: word), to: Tag.self)
    }

    /// No value.
    public static let undefined = Value(word: 0, payload: 0)
    /// `null`.
    public static let null = Value(word: UInt64(Tag.null.rawValue), payload: 0)

    /// `true` or `false`.
    @inlinable
    public static func boolean(_ value: Bool) -> Value {
        Value(word: UInt64(value ? Tag.true.rawValue : Tag.false.rawValue), payload: 0)
    }

    /// An integer.
    @inlinable
    public static func integer(_ value: Int64) -> Value {
        Value(word: UInt64(Tag.integer.rawValue), payload: UInt64(bitPattern: value))
    }

    @inlinable
    static func address(_ tag: Tag, _ pointer: UnsafeMutableRawPointer) -> Value {
        Value(word: UInt64(tag.rawValue), payload: UInt64(UInt(bitPattern: pointer)))
    }

    /// Whether it is no value.
    @inlinable public var isUndefined: Bool { word == 0 }
    /// Whether it is a value.
    @inlinable public var isDefined: Bool { word != 0 }
    /// Whether it is `true`.
    @inlinable public var isTrue: Bool { tag == .true }
    /// Whether it is `false`.
    @inlinable public var isFalse: Bool { tag == .false }
    /// Whether it is a boolean.
    @inlinable public var isBoolean: Bool { tag == .true || tag == .false }
    /// Whether it is a number.
    @inlinable public var isNumber: Bool { tag == .integer || tag == .decimal }
    /// Whether it is a string.
    @inlinable public var isString: Bool { tag == .string }

    /// The integer of an `.integer`; meaningless for others (see `Value.exactInteger`).
    @inlinable var immediate: Int64 { Int64(bitPattern: payload) }

    @inlinable var pointer: UnsafeMutableRawPointer? {
        UnsafeMutableRawPointer(bitPattern: UInt(truncatingIfNeeded: payload))
    }

    /// Whether both are the same bits, which implies equality but not the reverse.
    @inlinable
    public func isIdentical(to other: Value) -> Bool {
        word == other.word && payload == other.payload
    }

    /// What `type_name` and error messages call its type.
    public var typeName: String {
        switch tag {
        case .undefined: "undefined"
        case .null: "null"
        case .false, .true: "boolean"
        case .integer, .decimal: "number"
        case .string: "string"
        case .array: "array"
        case .object, .document: "object"
        case .set: "set"
        }
    }
}
