// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Reads the fields of a Protocol Buffers message in their order, without a copy and without a type for the message.
///
/// For messages that are read for each request; all others go through generated code. Stricter than the format: groups,
/// field numbers out of range and a known field of another type are refused, and not skipped.
/// Source: Protocol Buffers, "Encoding".
public struct ProtobufReader {
    /// Why bytes are no message.
    public enum Failure: Error, Sendable, Hashable {
        /// They end within a field.
        case truncated
        /// A number has more bytes than it may have.
        case overlongNumber
        /// A field has the number 0, or one that is too large.
        case fieldNumber
        /// A field is of a type that it must not have, or that nobody uses any more.
        case wireType
        /// A text is not UTF-8.
        case text
        /// A key stands twice in a map.
        case repeatedKey
    }

    /// What a field holds. Bytes are those of the message itself, and live no longer.
    public enum Value {
        /// An integer, an enumeration or a Boolean.
        case number(UInt64)
        /// Eight or four bytes of a fixed width.
        case fixed(UInt64)
        /// A text, bytes or another message.
        case bytes(UnsafeRawBufferPointer)
    }

    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    /// A reader at the start of a message.
    public init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// The next field, or `nil` at the end of the message.
    public mutating func next() throws(Failure) -> (number: Int, value: Value)? {
        guard position < bytes.count else { return nil }
        let tag = try varint()
        let number = tag &>> 3
        guard number > 0, number < 1 << 29 else { throw .fieldNumber }
        switch tag & 7 {
        case 0: return (Int(number), .number(try varint()))
        case 1: return (Int(number), .fixed(try fixed(8)))
        case 2: return (Int(number), .bytes(try delimited()))
        case 5: return (Int(number), .fixed(try fixed(4)))
        default: throw .wireType
        }
    }

    private mutating func varint() throws(Failure) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while position < bytes.count {
            let byte = bytes[position]
            position &+= 1
            // The tenth byte has room for one bit.
            guard shift < 63 || byte <= 1 else { throw .overlongNumber }
            value |= UInt64(byte & 0x7F) &<< shift
            if byte < 0x80 { return value }
            shift &+= 7
        }
        throw .truncated
    }

    private mutating func fixed(_ width: Int) throws(Failure) -> UInt64 {
        guard bytes.count &- position >= width else { throw .truncated }
        var value: UInt64 = 0
        for offset in 0..<width { value |= UInt64(bytes[position &+ offset]) &<< UInt64(offset &* 8) }
        position &+= width
        return value
    }

    private mutating func delimited() throws(Failure) -> UnsafeRawBufferPointer {
        let count = try varint()
        guard count <= UInt64(bytes.count &- position) else { throw .truncated }
        let start = position
        position &+= Int(count)
        return UnsafeRawBufferPointer(rebasing: bytes[start..<position])
    }
}

extension ProtobufReader.Value {
    /// The message that the field holds.
    public func message() throws(ProtobufReader.Failure) -> ProtobufReader { ProtobufReader(try content()) }

    /// The bytes that the field holds.
    public func content() throws(ProtobufReader.Failure) -> UnsafeRawBufferPointer {
        guard case .bytes(let bytes) = self else { throw .wireType }
        return bytes
    }

    /// The text that the field holds.
    public func text() throws(ProtobufReader.Failure) -> String {
        guard let text = String(utf8: try content()) else { throw .text }
        return text
    }

    /// The integer that the field holds.
    public func number() throws(ProtobufReader.Failure) -> UInt64 {
        guard case .number(let number) = self else { throw .wireType }
        return number
    }

    /// Key and value of an entry of a map from texts to texts.
    public func entry() throws(ProtobufReader.Failure) -> (key: String, value: String) {
        var reader = try message()
        var entry = (key: "", value: "")
        while let field = try reader.next() {
            switch field.number {
            case 1: entry.key = try field.value.text()
            case 2: entry.value = try field.value.text()
            default: break
            }
        }
        return entry
    }
}
