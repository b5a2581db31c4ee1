// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Protocols

@Suite("Decoding of HPACK") struct HPACKDecoderTests {
    private static let long = String(repeating: "v", count: 4000)

    @Test("knows the static table and no more")
    func staticTable() throws {
        var decoder = HPACKDecoder()
        let fields = try decoder.fields((1...61).flatMap(HPACKBlock.indexed))
        #expect(fields.count == 61)
        #expect(Set(fields).count == 61)
        #expect(fields[0] == HPACKField(":authority", ""))
        #expect(fields[15] == HPACKField("accept-encoding", "gzip, deflate"))
        #expect(fields[60] == HPACKField("www-authenticate", ""))
        #expect(throws: HPACKFailure.index) { try decoder.fields(HPACKBlock.indexed(62)) }
    }

    @Test(
        "refuses what is no block",
        arguments: [
            ("80", .index), ("be", .index), ("7e 00", .index), ("0f 2f 00", .index), ("ff 80 80 80 40", .index),
            ("ff 80 80 80 7f", .index), ("ff 80 80 80 80 00", .overlongNumber), ("ff ff ff ff ff 0f", .overlongNumber),
            ("7f 80 80 80 80 80 80 80 80 80 80 01", .overlongNumber), ("ff", .truncated), ("ff 80", .truncated),
            ("40", .truncated), ("40 01", .truncated), ("40 01 61", .truncated), ("40 01 61 02 62", .truncated),
            ("00 05 61 62", .truncated), ("41", .truncated), ("41 7f", .truncated),
            ("00 7f ff ff ff 7f 61", .truncated),
            ("41 ff 80 80 80 40 1f", .truncated), ("82 20", .tableSize), ("00 01 61 01 62 3f e1 1f", .tableSize),
            ("20 20 20", .tableSize), ("3f e2 1f", .tableSize), ("3f ff ff ff 7f", .tableSize), ("3f", .truncated),
            ("40 01 61 01 62 20 82", .tableSize),
        ] as [(String, HPACKFailure)])
    func refusals(_ block: String, _ failure: HPACKFailure) {
        #expect(throws: failure) {
            var decoder = HPACKDecoder()
            _ = try decoder.fields(hexadecimal(block))
        }
    }

    @Test("takes a number with more bytes than it needs, up to five")
    func redundantNumber() throws {
        let value = String(repeating: "v", count: 127)
        var decoder = HPACKDecoder()
        #expect(
            try decoder.fields(hexadecimal("01 7f 80 80 80 00") + bytes(value)) == [HPACKField(":authority", value)])
        #expect(throws: HPACKFailure.overlongNumber) {
            try decoder.fields(hexadecimal("01 7f 80 80 80 80 00") + bytes(value))
        }
    }

    @Test("takes a block of nothing, and fields of nothing")
    func empty() throws {
        var decoder = HPACKDecoder()
        #expect(try decoder.fields([]) == [])
        let nothing = HPACKField("", "")
        #expect(try decoder.fields(hexadecimal("400000 000000 408080 be")) == [nothing, nothing, nothing, nothing])
        #expect(decoder.tableFields == [nothing, nothing])
    }

    // MARK: The dynamic table

    @Test("makes room for a new field by giving up the oldest")
    func eviction() throws {
        var decoder = HPACKDecoder(tableBytes: 100)
        _ = try decoder.fields(HPACKBlock.added("a", "1") + HPACKBlock.added("b", "2"))
        #expect(decoder.tableFields == [HPACKField("b", "2"), HPACKField("a", "1")])
        // 34 bytes each: two and 32 more are 100.
        _ = try decoder.fields(HPACKBlock.added("", ""))
        #expect(decoder.tableFields == [HPACKField("", ""), HPACKField("b", "2"), HPACKField("a", "1")])
        _ = try decoder.fields(HPACKBlock.added("c", ""))
        #expect(decoder.tableFields == [HPACKField("c", ""), HPACKField("", ""), HPACKField("b", "2")])
    }

    @Test("is emptied by a field that is larger than the table, which it hands over all the same")
    func largeField() throws {
        var decoder = HPACKDecoder(tableBytes: 64)
        let just = HPACKField("name", String(repeating: "v", count: 28))
        let above = HPACKField("name", String(repeating: "v", count: 29))
        #expect(try decoder.fields(HPACKBlock.added(just.name, just.value)) == [just])
        #expect(decoder.tableFields == [just])
        #expect(try decoder.fields(HPACKBlock.added(above.name, above.value)) == [above])
        #expect(decoder.tableFields == [])
    }

    @Test("names a new field by one that has to go for it")
    func nameOfEvicted() throws {
        var decoder = HPACKDecoder(tableBytes: 64)
        let name = String(repeating: "n", count: 20)
        _ = try decoder.fields(HPACKBlock.added(name, "first"))
        for value in ["second", "third", ""] {
            let field = HPACKField(name, value)
            #expect(try decoder.fields(HPACKBlock.added(62, value) + HPACKBlock.indexed(62)) == [field, field])
            #expect(decoder.tableFields == [field])
        }
    }

    @Test("keeps its fields over many rounds of a ring and moves of its storage", arguments: [32, 33, 100, 4096])
    func rounds(_ tableBytes: Int) throws {
        var decoder = HPACKDecoder(tableBytes: tableBytes)
        var generator = SeededGenerator(state: 1)
        var expected: [HPACKField] = []
        for number in 0..<2000 {
            let length = Int.random(in: 0...(number % 3 == 0 ? 400 : 12), using: &generator)
            let field = HPACKField("\(number)", String(repeating: "x", count: length))
            #expect(try decoder.fields(HPACKBlock.added(field.name, field.value)) == [field])
            expected.insert(field, at: 0)
            var size = 0
            expected = Array(
                expected.prefix { field in
                    size += field.name.utf8.count + field.value.utf8.count + 32
                    return size <= tableBytes
                })
            if number % 16 == 0 { #expect(decoder.tableFields == expected) }
        }
    }

    @Test("changes the size of its table where a block begins, twice at most")
    func tableSize() throws {
        var decoder = HPACKDecoder()
        let (a, b) = (HPACKField("a", "1"), HPACKField("b", "2"))
        _ = try decoder.fields(HPACKBlock.added("a", "1") + HPACKBlock.added("b", "2"))
        #expect(try decoder.fields(HPACKBlock.tableSize(67) + HPACKBlock.indexed(62)) == [b])
        #expect(decoder.tableFields == [b])
        _ = try decoder.fields(HPACKBlock.tableSize(0) + HPACKBlock.tableSize(4096))
        #expect(decoder.tableFields == [])
        _ = try decoder.fields(HPACKBlock.added("a", "1"))
        #expect(decoder.tableFields == [a])
        #expect(try decoder.fields(HPACKBlock.tableSize(0) + HPACKBlock.added("a", "1")) == [a])
        #expect(decoder.tableFields == [])
        #expect(throws: HPACKFailure.tableSize) { try decoder.fields(HPACKBlock.tableSize(4097)) }
    }

    @Test("has no table when none was announced")
    func noTable() throws {
        var decoder = HPACKDecoder(tableBytes: 0)
        #expect(try decoder.fields(HPACKBlock.added("", "")) == [HPACKField("", "")])
        #expect(try decoder.fields(HPACKBlock.tableSize(0) + HPACKBlock.indexed(2)).count == 1)
        #expect(throws: HPACKFailure.index) { try decoder.fields(HPACKBlock.indexed(62)) }
        #expect(throws: HPACKFailure.tableSize) { try decoder.fields(HPACKBlock.tableSize(1)) }
    }

    // MARK: Compressed strings

    @Test("has a code that is complete, with one symbol for each byte")
    func code() {
        #expect(HPACKHuffman.symbols.count == 256)
        #expect(Set(HPACKHuffman.symbols).count == 256)
        #expect(HPACKHuffman.counts.reduce(0) { $0 + Int($1) } == 257)
        // Kraft's sum is one: canonical codes are then free of prefixes, and all bits begin with one of them.
        #expect(HPACKHuffman.counts.enumerated().reduce(0) { $0 + Int($1.element) << (25 - $1.offset) } == 1 << 30)
    }

    /// The value of a field whose compressed bits are given, in whole bytes.
    private static func value(_ bits: String) throws(HPACKFailure) -> String? {
        let digits = Array(bits.filter { $0 != " " })
        let bytes = stride(from: 0, to: digits.count, by: 8).compactMap {
            UInt8(String(digits[$0..<($0 + 8)]), radix: 2)
        }
        var decoder = HPACKDecoder()
        return try decoder.fields([0x01] + HPACKBlock.number(bytes.count, mask: 0x7F, kind: 0x80) + bytes).first?.value
    }

    private static let ones = String(repeating: "1", count: 30)

    @Test(
        "fills compressed strings up with ones",
        arguments: [
            ("", ""), ("00000 111", "0"), ("11111000", "&"), ("00000 00011 111111", "0a"),
            ("00000 00000 00000 00000 00000 1111111", "00000"), (String(ones.dropLast(2)) + "00 11", "\n"),
            (String(ones.dropLast(2)) + "10 00000 11111", "\u{16}0"), ("1111111000 111111", "!"),
        ])
    func compressed(_ bits: String, _ value: String) throws {
        #expect(try Self.value(bits) == value)
    }

    @Test(
        "refuses compressed strings that end otherwise, or that hold their end",
        arguments: [
            "11111111", "00000 110", "00000 000", "00000 00011 111110", "11111000 11111111",
            "00000 00000 00000 00000 00000 1111111 11111111", "1111111000 110111", "11111111 11111111 11111111",
            ones + "11", ones + "11 11111111", "00000 " + ones + " 11111", ones + " 00000 00000",
            "0000000 1", "11111110 10111110",
        ])
    func faultyEnd(_ bits: String) {
        #expect(throws: HPACKFailure.huffman) { try Self.value(bits) }
    }
}
