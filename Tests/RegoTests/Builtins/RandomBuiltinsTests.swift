// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Rego

@Suite struct RandomBuiltinsTests {
    @Test(
        arguments: [
            BuiltinCase(
                "uuid.parse", #""00000000-0000-1000-8000-000000000000""#,
                #"{"clocksequence":0,"macvariables":"global:unicast","nodeid":"00-00-00-00-00-00","time":6227451273709551616,"variant":"RFC4122","version":1}"#
            ),
            BuiltinCase(
                "uuid.parse", #""URN:uuid:000003e8-48b9-21ee-b200-325096B39f47""#,
                #"{"clocksequence":12800,"domain":"Person","id":1000,"macvariables":"local:unicast","nodeid":"32-50-96-b3-9f-47","time":1693566990121469600,"variant":"RFC4122","version":2}"#
            ),
            BuiltinCase(
                "uuid.parse", #""{38074da4-0b00-388d-9c3c-362de965547a}""#, #"{"variant":"RFC4122","version":3}"#),
            BuiltinCase("uuid.parse", #""000000000000400000000000000000000""#, "undefined"),
            BuiltinCase("uuid.parse", #""00000000000040000000000000000000""#, #"{"variant":"Reserved","version":4}"#),
            BuiltinCase(
                "uuid.parse", #""00000000-0000-7000-c000-000000000000""#, #"{"variant":"Microsoft","version":7}"#),
            BuiltinCase("uuid.parse", #""00000000-0000-4000-8000+000000000000""#, "undefined"),
            BuiltinCase("uuid.parse", #""0000000g-0000-4000-8000-000000000000""#, "undefined"),
            BuiltinCase("uuid.parse", "123", "type: operand 1 must be string but got number"),
            BuiltinCase("rand.intn", #""x", 0"#, "0"),
            BuiltinCase("rand.intn", #""x", 1"#, "0"),
            BuiltinCase("rand.intn", #""x", -1"#, "0"),
            BuiltinCase(
                "rand.intn", #""x", 1.5"#, "type: operand 2 must be integer number but got floating-point number"),
        ])
    func `reads identifiers and refuses wrong operands`(example: BuiltinCase) throws {
        let result = try example.run()
        #expect(result == example.expected)
    }

    @Test func `answers the same to the same operands within an evaluation`() throws {
        let call = BuiltinCaller()
        let first = try call("rand.intn", "a", .integer(1 << 62))
        #expect(try call("rand.intn", "a", .integer(1 << 62)) == first)
        #expect(try call("rand.intn", "b", .integer(1 << 62)) != first)
        let identifier = try call("uuid.rfc4122", "a")
        #expect(try call("uuid.rfc4122", "a") == identifier)
        #expect(try call("uuid.rfc4122", "b") != identifier)
        call.context.evaluationCache.removeAll()
        #expect(try call("uuid.rfc4122", "a") != identifier)
    }

    @Test func `makes identifiers of version 4`() throws {
        let call = BuiltinCaller()
        for number in 0..<32 {
            let identifier = try call("uuid.rfc4122", .string("\(number)"))
            #expect(try call("uuid.parse", identifier) == ["variant": "RFC4122", "version": 4])
        }
    }

    @Test func `draws numbers below the bound`() throws {
        let call = BuiltinCaller()
        for name in 0..<64 {
            guard case .integer(let number) = try call("rand.intn", .string("\(name)"), 3) else {
                Issue.record("no integer")
                return
            }
            #expect((0..<3).contains(number))
        }
    }
}
