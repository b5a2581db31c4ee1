// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Rego

@Suite struct NoteBuiltinsTests {
    @Test(
        arguments: [
            ([.set(["a"]), .set([1])], ["a 1"]),
            ([.set([]), .set([nil])], ["<undefined> null"]),
            ([.set(["a", "b"]), .set([1, 2])], ["a 1", "a 2", "b 1", "b 2"]),
            ([.set([["x", true]]), .set([["k": "v"]])], [#"["x", true] {"k": "v"}"#]),
            ([.set([.set([])])], ["set()"]),
            ([], [""]),
        ] as [([Operand], [String])])
    func `prints a line for each choice of values`(operands: [Operand], lines: [String]) throws {
        let call = BuiltinCaller()
        #expect(try call("internal.print", .array(operands)) == true)
        #expect(call.context.notes == lines)
    }

    @Test func `notes what is traced`() throws {
        let call = BuiltinCaller()
        #expect(try call("trace", "here") == true)
        #expect(call.context.notes == ["here"])
        #expect(call.failure("trace", 1) == "type: operand 1 must be string but got number")
    }

    @Test func `prints no more than the limits allow`() {
        let many = Operand.set((0..<100).map { .integer($0) })
        let failure = BuiltinCaller().failure("internal.print", [many, many, many, many])
        #expect(failure == "limit: instructions")
    }

    @Test func `tells policies nothing of the runtime`() throws {
        #expect(try BuiltinCaller()("opa.runtime") == [:])
    }
}
