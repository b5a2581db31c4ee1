// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Protocols

/// A field as text.
struct HPACKField: Hashable, CustomStringConvertible {
    let name: String
    let value: String

    init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    var description: String { "\(name): \(value)" }
}

/// The bytes that hexadecimal digits spell; spaces do not count.
func hexadecimal(_ text: String) -> [UInt8] {
    let digits = text.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}

extension HTTP2HeaderList {
    /// The fields, in their order.
    var fields: [HPACKField] {
        var fields: [HPACKField] = []
        forEachField {
            fields.append(HPACKField(String(decoding: $0, as: UTF8.self), String(decoding: $1, as: UTF8.self)))
        }
        return fields
    }
}

extension HPACKDecoder {
    /// A decoder without limits that matter.
    init(tableBytes: Int = 4096) { self.init(tableBytes: tableBytes, listBytes: 1 << 20, fieldCount: 1 << 16) }

    /// The fields of a block.
    mutating func fields(_ block: [UInt8]) throws(HPACKFailure) -> [HPACKField] {
        var list = HTTP2HeaderList()
        _ = try decode(block, &list)
        return list.fields
    }

    /// Decodes a block that stands in memory of just its size.
    mutating func decode(_ block: [UInt8], _ list: inout HTTP2HeaderList) throws(HPACKFailure) -> Outcome {
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: block.count, alignment: 1)
        defer { copy.deallocate() }
        copy.copyBytes(from: block)
        return try decode(UnsafeRawBufferPointer(copy), into: &list)
    }

    /// The fields of the dynamic table, found out with a copy. Each must have room in a list.
    var tableFields: [HPACKField] {
        var (copy, fields) = (self, [HPACKField]())
        while let field = try? copy.fields(HPACKBlock.indexed(62 + fields.count)), !field.isEmpty { fields += field }
        return fields
    }

    /// What the dynamic table counts.
    var tableSize: Int { tableFields.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + 32 } }
}

/// Parts of header blocks as a peer could write them.
enum HPACKBlock {
    static func number(_ number: Int, mask: Int, kind: Int = 0) -> [UInt8] {
        guard number >= mask else { return [UInt8(kind | number)] }
        var (bytes, rest) = ([UInt8(kind | mask)], number - mask)
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7F | 0x80))
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }

    static func string(_ text: String) -> [UInt8] { number(text.utf8.count, mask: 0x7F) + bytes(text) }

    static func indexed(_ index: Int) -> [UInt8] { number(index, mask: 0x7F, kind: 0x80) }

    static func tableSize(_ size: Int) -> [UInt8] { number(size, mask: 0x1F, kind: 0x20) }

    /// A field that goes into the table.
    static func added(_ name: String, _ value: String) -> [UInt8] { [0x40] + string(name) + string(value) }

    /// A field that goes into the table, whose name has an index.
    static func added(_ name: Int, _ value: String) -> [UInt8] { number(name, mask: 0x3F, kind: 0x40) + string(value) }

    /// A field that does not go into the table.
    static func literal(_ name: String, _ value: String) -> [UInt8] { [0] + string(name) + string(value) }
}
