// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Protocols
import Testing

@Suite("Protocol Buffers") struct ProtobufTests {
    /// The fields of a message as text, for comparison.
    private static func fields(_ bytes: [UInt8]) throws -> [String] {
        try bytes.withUnsafeBytes { bytes in
            var reader = ProtobufReader(bytes)
            var fields: [String] = []
            while let (number, value) = try reader.next() {
                switch value {
                case .number(let value): fields.append("\(number)=\(value)")
                case .fixed(let value): fields.append("\(number)#\(value)")
                case .bytes(let value): fields.append("\(number):\(Array(value))")
                }
            }
            return fields
        }
    }

    @Test("are read field by field")
    func reads() throws {
        // The examples of the encoding guide: 150 in field 1, "testing" in field 2, a message in field 3.
        #expect(try Self.fields([0x08, 0x96, 0x01]) == ["1=150"])
        let text: [UInt8] = [0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6E, 0x67]
        #expect(try Self.fields(text) == ["2:\(Array("testing".utf8))"])
        #expect(try Self.fields([0x1A, 0x03, 0x08, 0x96, 0x01]) == ["3:[8, 150, 1]"])
        #expect(
            try Self.fields([0x0D, 1, 0, 0, 0x80, 0x11, 1, 0, 0, 0, 0, 0, 0, 0x80]) == [
                "1#\(0x8000_0001)", "2#\(UInt64(1) << 63 | 1)",
            ])
        let largest: [UInt8] = [0x08] + [UInt8](repeating: 0xFF, count: 9) + [0x01]
        #expect(try Self.fields(largest) == ["1=\(UInt64.max)"])
        #expect(try Self.fields([0xF8, 0xFF, 0xFF, 0xFF, 0x0F, 0x00]) == ["\((1 << 29) - 1)=0"])
        #expect(try Self.fields([]).isEmpty)
    }

    @Test(
        "that break the format are refused",
        arguments: [
            ([0x08], .truncated), ([0x08, 0x80], .truncated), ([0x0A, 0x02, 0x00], .truncated),
            ([0x0D, 0, 0, 0], .truncated), ([0x09, 0, 0, 0, 0, 0, 0, 0], .truncated),
            ([0x08] + [UInt8](repeating: 0xFF, count: 9) + [0x02], .overlongNumber),
            ([0x08] + [UInt8](repeating: 0x80, count: 10) + [0x00], .overlongNumber),
            ([0x0A] + [UInt8](repeating: 0xFF, count: 9) + [0x01], .truncated),
            ([0x00, 0x00], .fieldNumber), ([0x80, 0x80, 0x80, 0x80, 0x10, 0x00], .fieldNumber),
            ([0x0B], .wireType), ([0x0C], .wireType), ([0x0E], .wireType), ([0x0F], .wireType),
        ] as [([UInt8], ProtobufReader.Failure)])
    func refusals(_ bytes: [UInt8], _ failure: ProtobufReader.Failure) {
        #expect(throws: failure) { try Self.fields(bytes) }
    }

    @Test("are read as what they should hold, or refused")
    func types() throws {
        let bytes: [UInt8] = [0x08, 0x01, 0x12, 0x01, 0xFF, 0x1A, 0x02, 0xC3, 0xA9]
        try bytes.withUnsafeBytes { bytes in
            var reader = ProtobufReader(bytes)
            let number = try #require(try reader.next()).value
            #expect(try number.number() == 1)
            #expect(throws: ProtobufReader.Failure.wireType) { try number.text() }
            #expect(throws: ProtobufReader.Failure.wireType) { _ = try number.message() }
            let broken = try #require(try reader.next()).value
            #expect(throws: ProtobufReader.Failure.text) { try broken.text() }
            #expect(throws: ProtobufReader.Failure.wireType) { try broken.number() }
            #expect(try #require(try reader.next()).value.text() == "é")
        }
    }

    @Test("are written as they are read", arguments: [0, 1, 127, 128, 300, 16_383, 16_384, 70_000])
    func writes(_ count: Int) throws {
        let text = String(repeating: "a", count: count)
        var writer = ProtobufWriter()
        writer.write(as: 2) { outer in
            outer.write(as: 1) { $0.write(text, as: 3) }
            outer.write(-1, as: 4)
        }
        writer.write(150, as: 1)
        writer.write(double: 1.5, as: 100)
        let bytes = writer.bytes
        try bytes.withUnsafeBytes { bytes in
            var reader = ProtobufReader(bytes)
            var outer = try #require(try reader.next()).value.message()
            var inner = try #require(try outer.next()).value.message()
            let field = try #require(try inner.next())
            #expect(field.number == 3)
            #expect(try field.value.text() == text)
            #expect(try inner.next()?.number == nil)
            #expect(try #require(try outer.next()).value.number() == UInt64.max)
            #expect(try outer.next()?.number == nil)
            #expect(try #require(try reader.next()).value.number() == 150)
            let last = try #require(try reader.next())
            #expect(last.number == 100)
            guard case .fixed(let bits) = last.value else {
                Issue.record("it is no number of fixed width")
                return
            }
            #expect(Double(bitPattern: bits) == 1.5)
            #expect(try reader.next()?.number == nil)
        }
    }
}
