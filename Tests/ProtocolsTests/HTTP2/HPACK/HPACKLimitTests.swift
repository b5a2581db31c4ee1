// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Protocols

@Suite("Limits of HPACK") struct HPACKLimitTests {
    private static let large = HPACKField("bomb", String(repeating: "v", count: 4000))

    /// Decodes a block and says how it went and what the list has.
    private static func decode(_ block: [UInt8], _ decoder: inout HPACKDecoder) throws -> ([HPACKField], Bool) {
        var list = HTTP2HeaderList()
        let isTooLarge = try decoder.decode(block, &list) == .tooLarge
        return (list.fields, isTooLarge)
    }

    @Test("keeps the fields up to the first beyond the limit, and goes on with the table")
    func bytes() throws {
        let (a, b) = (HPACKField("a", "1"), HPACKField("b", "2"))
        var decoder = HPACKDecoder(listBytes: 68, fieldCount: 9)
        let two = HPACKBlock.added("a", "1") + HPACKBlock.added("b", "2")
        #expect(try Self.decode(two, &decoder) == ([a, b], false))
        #expect(try Self.decode(two + HPACKBlock.added("", ""), &decoder) == ([a, b], true))
        #expect(decoder.tableSize == 4 * 34 + 32)
        // What comes after is in the table too, and does not count as kept, even if there was room for it.
        let later =
            HPACKBlock.literal("name", "much too long for the list of sixty-eight bytes") + HPACKBlock.added("c", "3")
        #expect(try Self.decode(later, &decoder) == ([], true))
        #expect(try Self.decode(HPACKBlock.indexed(62), &decoder) == ([HPACKField("c", "3")], false))
    }

    @Test("keeps no more fields than there may be")
    func count() throws {
        var decoder = HPACKDecoder(listBytes: 1 << 16, fieldCount: 2)
        #expect(try Self.decode([0x82, 0x84], &decoder).1 == false)
        let (fields, isTooLarge) = try Self.decode([0x82, 0x84, 0x86, 0x87], &decoder)
        #expect(fields == [HPACKField(":method", "GET"), HPACKField(":path", "/")])
        #expect(isTooLarge)
        #expect(throws: HPACKFailure.index) { try Self.decode([0x82, 0x84, 0x86, 0xBE], &decoder) }
        #expect(throws: HPACKFailure.huffman) { try Self.decode([0x82, 0x84, 0x86, 0x01, 0x81, 0xFF], &decoder) }
    }

    @Test("takes a field into the table that is too large for the list", arguments: [false, true])
    func tableOnly(_ isCompressed: Bool) throws {
        var decoder = HPACKDecoder(listBytes: 100, fieldCount: 9)
        // Compressed, a is 00011: five bytes of bits are eight of them.
        let eight: [UInt8] = [0x18, 0xC6, 0x31, 0x8C, 0x63]
        let compressed = (0..<60).flatMap { _ in eight }
        let value = String(repeating: "a", count: 480)
        let string =
            isCompressed ? HPACKBlock.number(300, mask: 0x7F, kind: 0x80) + compressed : HPACKBlock.string(value)
        #expect(try Self.decode([0x41] + string, &decoder) == ([], true))
        #expect(try Self.decode(HPACKBlock.indexed(62), &decoder) == ([], true))
        #expect(throws: HPACKFailure.index) { try Self.decode(HPACKBlock.indexed(63), &decoder) }
        #expect(try Self.decode(HPACKBlock.added(62, "b"), &decoder).0 == [HPACKField(":authority", "b")])
    }

    @Test("gives a list that is far too large no memory, whatever spells it")
    func bomb() throws {
        var decoder = HPACKDecoder(listBytes: 8192, fieldCount: 1000)
        var list = HTTP2HeaderList()
        let entry = HPACKBlock.added(Self.large.name, Self.large.value)
        #expect(try decoder.decode(entry + [UInt8](repeating: 0xBE, count: 1 << 20), &list) == .tooLarge)
        #expect(list.fields == [Self.large, Self.large])
        #expect(list.memory <= 16_384)
        // A name that goes on and on from field to field.
        _ = try decoder.decode([0x40] + HPACKBlock.string(Self.large.value) + [0], &list)
        let names = (0..<(1 << 14)).flatMap { _ in HPACKBlock.added(62, "") }
        #expect(try decoder.decode(names, &list) == .tooLarge)
        #expect(list.fields.count == 2)
        #expect(list.memory <= 16_384)
        // Strings that neither the list nor the table takes.
        let huge = [UInt8](repeating: 0x18, count: 1 << 20)
        for isAdded in [UInt8(0), 0x40] {
            for kind in [0, 0x80] {
                let name = [isAdded] + HPACKBlock.number(huge.count, mask: 0x7F, kind: kind) + huge + [1, 0x61]
                let outcome = try? decoder.decode(name, &list)
                #expect(outcome == .tooLarge || kind == 0x80)
                #expect(list.count == 0)
                let value = [isAdded, 1, 0x61] + HPACKBlock.number(huge.count, mask: 0x7F, kind: kind) + huge
                _ = try? decoder.decode(value, &list)
                #expect(list.count == 0)
                #expect(list.memory <= 16_384)
            }
        }
    }

    @Test("takes memory for a string only when the string is there")
    func announcedLength() {
        var decoder = HPACKDecoder(listBytes: 1 << 28, fieldCount: 9)
        var list = HTTP2HeaderList()
        #expect(throws: HPACKFailure.truncated) {
            try decoder.decode([0x40, 0x7F] + hexadecimal("ff ff ff 7f") + [1, 2, 3], &list)
        }
        #expect(list.memory == 0)
    }

    @Test("takes no memory for a list when it had one as large before")
    func steadyState() throws {
        var decoder = HPACKDecoder(listBytes: 1 << 16, fieldCount: 100)
        var list = HTTP2HeaderList()
        let fields = (0..<40).flatMap { HPACKBlock.added("name-\($0)", String(repeating: "v", count: 40)) }
        _ = try decoder.decode(fields, &list)
        let (memory, all) = (list.memory, list.fields)
        for _ in 0..<100 {
            #expect(try decoder.decode((0..<40).flatMap { HPACKBlock.indexed(101 - $0) }, &list) == .complete)
        }
        #expect(list.fields == all)
        #expect(list.memory == memory)
    }
}

extension HTTP2HeaderList {
    /// Bytes of the storage, found out by looking.
    fileprivate var memory: Int {
        Mirror(reflecting: self).children.compactMap { $0.value as? [UInt8] }.reduce(0) { $0 + $1.capacity }
    }
}
