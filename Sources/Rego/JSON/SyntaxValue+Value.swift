// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension Heap {
    /// A constant of the syntax tree as a value.
    public func value(_ constant: SyntaxValue) -> Value {
        switch constant {
        case .null: return .null
        case .boolean(let value): return .boolean(value)
        case .number(let text): return number(text)
        case .string(let text): return string(text)
        case .array(let elements):
            let array = emptyArray(capacity: elements.count)
            for element in elements { append(value(element), to: array) }
            return array
        case .object(let members):
            let object = emptyObject(capacity: members.count)
            for member in members { update(string(member.key), to: value(member.value), in: object) }
            return object
        }
    }
}

extension Value {
    /// The value as a constant of the syntax tree, in which sets are arrays and keys that are no strings their JSON texts.
    public var syntaxValue: SyntaxValue {
        switch tag {
        case .undefined, .null, .document: .null
        case .false: .boolean(false)
        case .true: .boolean(true)
        case .integer, .decimal: .number(Text(bytes: numberText))
        case .string: .string(text)
        case .array, .set: .array(elements.map(\.syntaxValue))
        case .object:
            .object(
                members.map { member in
                    SyntaxValue.Member(
                        key: member.key.isString ? member.key.text : Text(bytes: JSONWriter.bytes(member.key)),
                        value: member.value.syntaxValue)
                })
        }
    }
}
