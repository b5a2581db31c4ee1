// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Rego

/// Texts with percent escapes, as queries and forms have them.
enum QueryText {
    /// The parameters of a query: lists of values by name.
    static func parameters(of query: String, _ heap: Heap) -> Value {
        let object = heap.emptyObject()
        for part in query.utf8.split(separator: UInt8(ascii: "&")) {
            let equals = part.firstIndex(of: UInt8(ascii: "="))
            let name = heap.string(decoded(part[..<(equals ?? part.endIndex)], plusIsSpace: true))
            let rest = equals.map { part[part.index(after: $0)...] } ?? part[part.endIndex...]
            let known = object.member(name)
            let list = known.isDefined ? known : heap.emptyArray()
            heap.append(heap.string(decoded(rest, plusIsSpace: true)), to: list)
            heap.insert(name, list, into: object)
        }
        return object
    }

    /// Text without its percent escapes; text whose escapes are none, or give no UTF-8, as it stands.
    static func decoded(_ text: Substring.UTF8View, plusIsSpace: Bool) -> String {
        var bytes: [UInt8] = []
        var index = text.startIndex
        while index < text.endIndex {
            let byte = text[index]
            text.formIndex(after: &index)
            if byte == UInt8(ascii: "%") {
                let digits = text[index...].prefix(2)
                guard digits.count == 2, let value = UInt8(String(Substring(digits)), radix: 16) else {
                    return String(Substring(text))
                }
                bytes.append(value)
                index = digits.endIndex
            } else {
                bytes.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(validating: bytes, as: UTF8.self) ?? String(Substring(text))
    }
}
