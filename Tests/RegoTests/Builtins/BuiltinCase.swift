// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

@testable import Rego

/// A call of a builtin and what comes of it, as tables of tests write them: operands and result in JSON, where `{"$set": [...]}`
/// is a set.
struct BuiltinCase: CustomStringConvertible, Sendable {
    let name: String
    let operands: String
    let expected: String

    init(_ name: String, _ operands: String, _ expected: String) {
        self.name = name
        self.operands = operands
        self.expected = expected
    }

    var description: String { "\(name)(\(operands))" }

    /// The result as JSON, `undefined`, or the failure.
    func run(limits: Limits = Limits()) throws -> String {
        let heap = Heap()
        let context = BuiltinContext(heap: heap, limits: limits, time: 0)
        guard let builtin = BuiltinTable.standard[Text(name)] else { return "no builtin \(name)" }
        let read = try JSONReader(heap: heap).read(Array("[\(operands)]".utf8))
        let values = read.elements.map { BuiltinCase.withSets($0, heap) } + [.undefined]
        return values.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return "" }
            do throws(BuiltinFailure) {
                let result = try builtin.evaluate(Arguments(start: start, count: buffer.count - 1), context)
                return result.isUndefined ? "undefined" : String(decoding: JSONWriter.bytes(result), as: UTF8.self)
            } catch {
                return switch error {
                case .type(let text): "type: \(text)"
                case .value(let text): "value: \(text)"
                case .limit(let limit): "limit: \(limit.rawValue)"
                case .halt(_, let message): "halt: \(message)"
                }
            }
        }
    }

    private static func withSets(_ value: Value, _ heap: Heap) -> Value {
        switch value.tag {
        case .array: return heap.array(value.elements.map { withSets($0, heap) })
        case .object:
            let set = value.member(heap.string("$set"))
            if set.isDefined { return heap.set(set.elements.map { withSets($0, heap) }) }
            return heap.object(value.members.map { (key: $0.key, value: withSets($0.value, heap)) })
        default: return value
        }
    }
}
