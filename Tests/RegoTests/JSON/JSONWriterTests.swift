// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Rego

@Suite struct JSONWriterTests {
    let heap = Heap()

    func text(_ value: Value, _ options: JSONWriter.Options = JSONWriter.Options()) throws -> String {
        var writer = JSONWriter(options)
        try writer.write(value)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    func string(_ text: String) -> Value { heap.string(text) }

    @Test func `writes sets in order and keys as texts`() throws {
        let set = heap.set([.integer(3), .integer(1), string("a"), .null])
        #expect(try text(set) == "[null,1,3,\"a\"]")
        let object = heap.object([
            (.integer(1), .integer(2)), (string("0"), .boolean(true)), (heap.array([string("x"), .integer(1)]), .null),
            (set, .integer(4)),
        ])
        #expect(try text(object) == #"{"0":true,"1":2,"[\"x\",1]":null,"[null,1,3,\"a\"]":4}"#)
        let doubled = heap.object([(.integer(1), .integer(2)), (string("1"), .integer(3))])
        #expect(try text(doubled) == #"{"1":3}"#)
    }

    @Test func `escapes for HTML on demand`() throws {
        var options = JSONWriter.Options()
        #expect(try text(string("<a&b>")) == "\"<a&b>\"")
        options.escapesHTML = true
        #expect(try text(string("<a&b>"), options) == #""\u003ca\u0026b\u003e""#)
        #expect(try text(string("\u{2028}é\u{7}"), options) == #""\u2028é\u0007""#)
    }

    @Test func `lays out lines`() throws {
        var options = JSONWriter.Options()
        options.indent = [0x09]
        options.prefix = Array("> ".utf8)
        let value = heap.object([
            (string("foo"), heap.array([.integer(1), heap.emptyArray()])), (string("bar"), heap.emptyObject()),
        ])
        #expect(try text(value, options) == "{\n> \t\"bar\": {},\n> \t\"foo\": [\n> \t\t1,\n> \t\t[]\n> \t]\n> }")
    }

    @Test func `stops at its limit`() throws {
        var options = JSONWriter.Options()
        options.byteLimit = 100
        let value = heap.array((0..<1000).map { .integer($0) })
        #expect {
            try text(value, options)
        } throws: {
            if case .limit(.result)? = $0 as? BuiltinFailure { true } else { false }
        }
        var deep = heap.emptyArray()
        for _ in 0..<3000 { deep = heap.array([deep]) }
        #expect {
            try text(deep)
        } throws: {
            if case .limit(.depth)? = $0 as? BuiltinFailure { true } else { false }
        }
    }

    @Test func `prints as Rego`() throws {
        let value = heap.object([
            (string("a\"\u{7}é\u{200B}\n"), heap.set([.integer(2), .integer(1)])), (.integer(1), heap.emptySet()),
            (.null, heap.array([.boolean(true), heap.emptyObject()])),
        ])
        #expect(RegoPrinter.string(value) == #"{null: [true, {}], 1: set(), "a\"\aé\u200b\n": {1, 2}}"#)
    }

    @Test func `turns into constants of the syntax tree and back`() throws {
        let text = #"{"a":[1,2.50,"x",null,true,{}],"b":{"c":false}}"#
        let value = try JSONReader(heap: heap).read(Array(text.utf8))
        #expect(heap.value(value.syntaxValue).isEqual(to: value))
        #expect(try self.text(heap.value(value.syntaxValue)) == text)
    }
}
