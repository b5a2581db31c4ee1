// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The operands of a call, all defined; positions count from 0, messages from 1.
public struct Arguments {
    let start: UnsafePointer<Value>
    /// How many operands there are.
    public let count: Int

    init(start: UnsafePointer<Value>, count: Int) {
        self.start = start
        self.count = count
    }

    /// An operand; undefined if there are fewer.
    @inline(__always)
    public subscript(position: Int) -> Value {
        position >= 0 && position < count ? start[position] : .undefined
    }

    /// A string operand.
    @inline(__always)
    public func string(_ position: Int) throws(BuiltinFailure) -> Value {
        try value(position, .string, "string")
    }

    /// The bytes of a string operand.
    @inline(__always)
    public func utf8(_ position: Int) throws(BuiltinFailure) -> UnsafeBufferPointer<UInt8> {
        try value(position, .string, "string").utf8
    }

    /// A number operand.
    public func number(_ position: Int) throws(BuiltinFailure) -> Value {
        let value = self[position]
        guard value.isNumber else { throw .operand(position + 1, mustBe: "number", got: value) }
        return value
    }

    /// An operand that is written as an integer of 64 bits.
    public func integer(_ position: Int) throws(BuiltinFailure) -> Int64 {
        guard let integer = try number(position).literalInteger else {
            throw .type("operand \(position + 1) must be integer number but got floating-point number")
        }
        return integer
    }

    /// A boolean operand.
    public func boolean(_ position: Int) throws(BuiltinFailure) -> Bool {
        let value = self[position]
        guard value.isBoolean else { throw .operand(position + 1, mustBe: "boolean", got: value) }
        return value.isTrue
    }

    /// An array operand.
    public func array(_ position: Int) throws(BuiltinFailure) -> Value {
        try value(position, .array, "array")
    }

    /// An object operand.
    public func object(_ position: Int) throws(BuiltinFailure) -> Value {
        try value(position, .object, "object")
    }

    /// A set operand.
    public func set(_ position: Int) throws(BuiltinFailure) -> Value {
        try value(position, .set, "set")
    }

    @inline(__always)
    private func value(_ position: Int, _ tag: Value.Tag, _ name: String) throws(BuiltinFailure) -> Value {
        let value = self[position]
        guard value.tag == tag else { throw .operand(position + 1, mustBe: name, got: value) }
        return value
    }
}
