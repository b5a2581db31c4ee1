// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

@testable import Rego

/// An operand of a builtin or its result, as tables of tests write it.
indirect enum Operand: Equatable, Sendable {
    case null
    case boolean(Bool)
    case integer(Int64)
    case decimal(String)
    case string(String)
    case array([Operand])
    case set([Operand])
    case object([String: Operand])
    case undefined
}

extension Operand: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    init(stringLiteral value: String) { self = .string(value) }
    init(integerLiteral value: Int64) { self = .integer(value) }
    init(booleanLiteral value: Bool) { self = .boolean(value) }
    init(arrayLiteral elements: Operand...) { self = .array(elements) }
    init(dictionaryLiteral elements: (String, Operand)...) {
        self = .object(Dictionary(elements) { _, last in last })
    }
    init(nilLiteral: ()) { self = .null }

    func value(in heap: Heap) -> Value {
        switch self {
        case .null: .null
        case .boolean(let value): .boolean(value)
        case .integer(let value): .integer(value)
        case .decimal(let text): heap.storeText(Array(text.utf8), tag: .decimal)
        case .string(let text): heap.string(text)
        case .array(let operands): heap.array(operands.map { $0.value(in: heap) })
        case .set(let operands): heap.set(operands.map { $0.value(in: heap) })
        case .object(let members):
            heap.object(members.map { (key: heap.string($0), value: $1.value(in: heap)) })
        case .undefined: .undefined
        }
    }

    init(_ value: Value) {
        switch value.tag {
        case .undefined, .document: self = .undefined
        case .null: self = .null
        case .false, .true: self = .boolean(value.isTrue)
        case .integer: self = .integer(value.exactInteger ?? 0)
        case .decimal: self = .decimal(String(decoding: value.utf8, as: UTF8.self))
        case .string: self = .string(value.string)
        case .array: self = .array(value.elements.map { Operand($0) })
        case .set: self = .set(value.elements.map { Operand($0) })
        case .object:
            self = .object(Dictionary(value.members.map { ($0.key.string, Operand($0.value)) }) { _, last in last })
        }
    }
}

extension Heap {
    fileprivate func storeText(_ bytes: [UInt8], tag: Value.Tag) -> Value {
        bytes.withUnsafeBufferPointer { storeText($0, tag: tag, hash: 0) }
    }
}

/// Calls builtins of the standard table.
final class BuiltinCaller {
    let heap: Heap
    let context: BuiltinContext

    init(limits: Limits = Limits(), time: Int64 = 0) {
        heap = Heap(byteLimit: limits.heapBytes)
        context = BuiltinContext(heap: heap, limits: limits, time: time)
    }

    func callAsFunction(_ name: String, _ operands: Operand...) throws -> Operand {
        try call(name, operands)
    }

    func call(_ name: String, _ operands: [Operand]) throws -> Operand {
        guard let builtin = BuiltinTable.standard[Text(name)] else { return .string("no builtin \(name)") }
        let values = operands.map { $0.value(in: heap) }
        return try values.withUnsafeBufferPointer { values in
            guard let start = values.baseAddress else {
                return try withUnsafeTemporaryAllocation(of: Value.self, capacity: 1) { empty in
                    guard let start = empty.baseAddress else { return .undefined }
                    return Operand(try builtin.evaluate(Arguments(start: start, count: 0), context))
                }
            }
            return Operand(try builtin.evaluate(Arguments(start: start, count: values.count), context))
        }
    }

    /// What the builtin fails with, as strict errors say it; nil if it does not fail.
    func failure(_ name: String, _ operands: Operand...) -> String? {
        do {
            _ = try call(name, operands)
            return nil
        } catch let failure as BuiltinFailure {
            return switch failure {
            case .type(let text): "type: \(text)"
            case .value(let text): text
            case .limit(let limit): "limit: \(limit.rawValue)"
            case .halt(_, let message): "halt: \(message)"
            }
        } catch {
            return "\(error)"
        }
    }
}
