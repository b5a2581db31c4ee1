// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Writes the fields of a Protocol Buffers message, one behind the other.
///
/// For messages that are written for each request; all others go through generated code.
/// Source: Protocol Buffers, "Encoding".
public struct ProtobufWriter {
    /// The message so far.
    public private(set) var bytes: [UInt8] = []

    /// An empty message.
    ///
    /// - Parameter capacity: How many bytes it will probably have.
    public init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

    /// Adds an integer, an enumeration or a Boolean; negative ones take ten bytes.
    public mutating func write(_ number: Int64, as field: Int) {
        tag(field, 0)
        varint(UInt64(bitPattern: number))
    }

    /// Adds a number of double precision.
    public mutating func write(double number: Double, as field: Int) {
        tag(field, 1)
        for shift in stride(from: UInt64(0), to: 64, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: number.bitPattern &>> shift))
        }
    }

    /// Adds a text.
    public mutating func write(_ text: String, as field: Int) {
        tag(field, 2)
        varint(UInt64(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    /// Adds a message.
    ///
    /// - Parameter content: Writes its fields.
    public mutating func write(as field: Int, _ content: (inout ProtobufWriter) -> Void) {
        tag(field, 2)
        let start = bytes.count
        // Most messages need one byte for their length; for longer ones the content moves on.
        bytes.append(0)
        content(&self)
        var count = UInt64(bytes.count &- start &- 1)
        var index = start
        while count >= 0x80 {
            bytes[index] = UInt8(truncatingIfNeeded: count) | 0x80
            index &+= 1
            bytes.insert(0, at: index)
            count &>>= 7
        }
        bytes[index] = UInt8(truncatingIfNeeded: count)
    }

    private mutating func tag(_ field: Int, _ wireType: UInt64) { varint(UInt64(field) &<< 3 | wireType) }

    private mutating func varint(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest &>>= 7
        }
        bytes.append(UInt8(rest))
    }
}
