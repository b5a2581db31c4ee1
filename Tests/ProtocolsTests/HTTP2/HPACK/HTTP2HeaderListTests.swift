// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Protocols
import Testing

@Suite("Header lists of HTTP/2") struct HTTP2HeaderListTests {
    private static func list(_ fields: [(String, [UInt8])]) -> HTTP2HeaderList {
        var list = HTTP2HeaderList()
        for (name, value) in fields {
            bytes(name).withUnsafeBytes { name in value.withUnsafeBytes { list.append(name: name, value: $0) } }
        }
        return list
    }

    @Test("have their fields in order, each with all of its bytes")
    func order() {
        var generator = SeededGenerator(state: 7)
        var list = HTTP2HeaderList()
        for _ in 0..<20 {
            let fields = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
                let lengths = (0..<2).map { _ in Int.random(in: 0...300, using: &generator) }
                return HPACKField(String(repeating: "n", count: lengths[0]), String(repeating: "v", count: lengths[1]))
            }
            list.removeAll()
            #expect(list.fields == [])
            for field in fields {
                bytes(field.name).withUnsafeBytes { name in
                    bytes(field.value).withUnsafeBytes { list.append(name: name, value: $0) }
                }
            }
            #expect(list.count == fields.count)
            #expect(list.fields == fields)
        }
    }

    @Test("find the first field of a name, and no other")
    func first() {
        let list = Self.list([("te", bytes("trailers")), ("tex", bytes("1")), ("tex", bytes("2")), ("e", [])])
        #expect(list.text("tex") == "1")
        #expect(list.text("te") == "trailers")
        #expect(list.text("e") == "")
        #expect(list.text("t") == nil)
        #expect(list.text("Te") == nil)
        #expect(list.withFirst("te", { $0.count }) == 8)
        #expect(list.withFirst("", { $0.count }) == nil)
        #expect(HTTP2HeaderList().text("te") == nil)
    }

    @Test("make no text of what is not UTF-8")
    func text() {
        let list = Self.list([("a", [0xC3, 0xA9]), ("b", [0xC3]), ("c", [0x61, 0x00])])
        #expect(list.text("a") == "é")
        #expect(list.text("b") == nil)
        #expect(list.withFirst("b", { Array($0) }) == [0xC3])
        #expect(list.text("c") == "a\0")
    }

    @Test("are values")
    func values() {
        var list = Self.list([("a", bytes("1"))])
        let copy = list
        list.removeAll()
        bytes("b").withUnsafeBytes { list.append(name: $0, value: $0) }
        #expect(copy.fields == [HPACKField("a", "1")])
        #expect(list.fields == [HPACKField("b", "b")])
    }
}
