// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Writes the fields of header blocks (RFC 7541), which refer to no dynamic table: it has no state, and what is the same in
/// each message can be written once.
///
/// Strings stay as they are. Names must be in lower case.
public enum HPACKEncoder {
    /// Adds a field to a block.
    public static func append(
        name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer, to block: inout [UInt8]
    ) {
        let (index, isWhole) = HPACKStaticTable.find(name, value)
        guard !isWhole else { return append(index, 0x7F, 0x80, to: &block) }
        // Without indexing.
        append(index, 0x0F, 0, to: &block)
        if index == 0 { append(name, to: &block) }
        append(value, to: &block)
    }

    /// Adds a field to a block.
    public static func append(name: StaticString, value: String, to block: inout [UInt8]) {
        var value = value
        value.withUTF8 { append(name: bytes(of: name), value: UnsafeRawBufferPointer($0), to: &block) }
    }

    /// Adds a field to a block.
    public static func append(name: StaticString, value: StaticString, to block: inout [UInt8]) {
        append(name: bytes(of: name), value: bytes(of: value), to: &block)
    }

    /// Adds a field to a block.
    public static func append(name: String, value: String, to block: inout [UInt8]) {
        var (name, value) = (name, value)
        name.withUTF8 { name in
            value.withUTF8 { value in
                append(name: UnsafeRawBufferPointer(name), value: UnsafeRawBufferPointer(value), to: &block)
            }
        }
    }

    /// Adds `:status`, which comes before all other fields.
    ///
    /// - Parameter status: Three digits.
    public static func append(status: Int, to block: inout [UInt8]) {
        append(name: ":status", value: String(status), to: &block)
    }

    private static func bytes(of text: StaticString) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    }

    private static func append(_ string: UnsafeRawBufferPointer, to block: inout [UInt8]) {
        append(string.count, 0x7F, 0, to: &block)
        block.append(contentsOf: string)
    }

    /// Adds a number to a block (RFC 7541 section 5.1).
    ///
    /// - Parameters:
    ///   - mask: The bits of the first byte that belong to it.
    ///   - kind: The bits above them.
    private static func append(_ number: Int, _ mask: UInt8, _ kind: UInt8, to block: inout [UInt8]) {
        guard number >= Int(mask) else { return block.append(kind | UInt8(truncatingIfNeeded: number)) }
        block.append(kind | mask)
        var rest = number &- Int(mask)
        while rest >= 0x80 {
            block.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest &>>= 7
        }
        block.append(UInt8(truncatingIfNeeded: rest))
    }
}
