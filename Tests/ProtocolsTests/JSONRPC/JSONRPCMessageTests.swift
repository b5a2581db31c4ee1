// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Protocols

@Suite struct JSONRPCMessageTests {
    static func reason(_ text: String) throws -> JSONRPCRefusalReason? {
        let value = try JSONValue(parsing: text)
        do throws(JSONRPCRefusalReason) {
            _ = try JSONRPCMessage(value)
            return nil
        } catch { return error }
    }

    @Test(
        "takes what JSON-RPC 2.0 defines and writes it again",
        arguments: [
            #"{"id":1,"jsonrpc":"2.0","method":"a"}"#, #"{"id":"x","jsonrpc":"2.0","method":"a","params":{}}"#,
            #"{"jsonrpc":"2.0","method":"a"}"#, #"{"id":1,"jsonrpc":"2.0","result":null}"#,
            #"{"id":9007199254740993,"jsonrpc":"2.0","result":{"n":123456789012345678901234567890}}"#,
            #"{"error":{"code":-1,"message":"m"},"jsonrpc":"2.0"}"#,
            #"{"error":{"code":-1,"data":[1],"message":"m"},"id":-5,"jsonrpc":"2.0"}"#,
        ])
    func taken(_ text: String) throws {
        #expect(try JSONRPCMessage(JSONValue(parsing: text)).value.text == text)
    }

    @Test(
        "refuses what is no message",
        arguments: [
            ("[]", JSONRPCRefusalReason.batch), (#"[{"jsonrpc":"2.0","method":"a"}]"#, .batch), ("1", .notAnObject),
            ("null", .notAnObject), ("{}", .badVersion), (#"{"jsonrpc":2.0,"method":"a"}"#, .badVersion),
            (#"{"jsonrpc":"1.0","method":"a"}"#, .badVersion), (#"{"jsonrpc":"2.0 ","method":"a"}"#, .badVersion),
            (#"{"method":"a","id":1}"#, .badVersion), (#"{"jsonrpc":"2.0"}"#, .missingMethod),
            (#"{"jsonrpc":"2.0","id":1}"#, .missingMethod), (#"{"jsonrpc":"2.0","params":{}}"#, .missingMethod),
            (#"{"jsonrpc":"2.0","id":1,"params":{},"result":1}"#, .missingMethod),
            (#"{"jsonrpc":"2.0","method":""}"#, .badMethod), (#"{"jsonrpc":"2.0","method":7}"#, .badMethod),
            (#"{"jsonrpc":"2.0","method":"a b"}"#, .badMethod), (#"{"jsonrpc":"2.0","method":"a\u0000"}"#, .badMethod),
            (#"{"jsonrpc":"2.0","method":"t\u043eols/call"}"#, .badMethod),
            (#"{"jsonrpc":"2.0","method":"rpc.x"}"#, .reservedMethod),
            (#"{"jsonrpc":"2.0","method":"a","params":[1]}"#, .badParams),
            (#"{"jsonrpc":"2.0","method":"a","params":null}"#, .badParams),
            (#"{"jsonrpc":"2.0","method":"a","params":"x"}"#, .badParams),
            (#"{"jsonrpc":"2.0","id":null,"method":"a"}"#, .nullID),
            (#"{"jsonrpc":"2.0","id":1.5,"method":"a"}"#, .badID),
            (#"{"jsonrpc":"2.0","id":1e3,"method":"a"}"#, .badID),
            (#"{"jsonrpc":"2.0","id":1.0,"method":"a"}"#, .badID),
            (#"{"jsonrpc":"2.0","id":[1],"method":"a"}"#, .badID), (#"{"jsonrpc":"2.0","id":{},"method":"a"}"#, .badID),
            (#"{"jsonrpc":"2.0","id":true,"method":"a"}"#, .badID), (#"{"jsonrpc":"2.0","result":{}}"#, .missingID),
            (#"{"jsonrpc":"2.0","id":null,"result":{}}"#, .nullID),
            (#"{"jsonrpc":"2.0","id":1,"method":"a","result":{}}"#, .requestAndResponse),
            (#"{"jsonrpc":"2.0","id":1,"method":"a","error":{}}"#, .requestAndResponse),
            (#"{"jsonrpc":"2.0","id":1,"result":1,"error":{"code":1,"message":""}}"#, .resultAndError),
            (#"{"jsonrpc":"2.0","id":1,"error":{"code":1.5,"message":""}}"#, .badError),
            (#"{"jsonrpc":"2.0","id":1,"error":{"code":1}}"#, .badError),
            (#"{"jsonrpc":"2.0","id":1,"error":"x"}"#, .badError),
            (#"{"jsonrpc":"2.0","id":1,"method":"a","extra":1}"#, .unknownMember),
            (#"{"jsonrpc":"2.0","id":1,"method":"tools/list","Method":"tools/call"}"#, .ambiguousMember),
            (#"{"jsonrpc":"2.0","id":1,"method":"a","param\u017f":{}}"#, .ambiguousMember),
            (#"{"jsonrpc":"2.0","id":1,"method":"a","__proto__":{}}"#, .ambiguousMember),
        ] as [(String, JSONRPCRefusalReason)])
    func refused(_ text: String, _ reason: JSONRPCRefusalReason) throws {
        #expect(try Self.reason(text) == reason)
    }

    @Test("bounds identifiers and methods")
    func bounds() throws {
        let long = String(repeating: "x", count: 257)
        #expect(try Self.reason(#"{"jsonrpc":"2.0","id":"\#(long)","method":"a"}"#) == .badID)
        #expect(try Self.reason(#"{"jsonrpc":"2.0","id":"\#(long.dropLast())","method":"a"}"#) == nil)
        #expect(try Self.reason(#"{"jsonrpc":"2.0","id":1,"method":"\#(long)"}"#) == .badMethod)
    }

    @Test("tells identifiers apart by kind and digits")
    func identifiers() throws {
        func id(_ text: String) throws -> JSONRPCID { try #require(JSONRPCID(JSONValue(parsing: text))) }
        #expect(try id("1") != id(#""1""#))
        #expect(try id("9007199254740992") != id("9007199254740993"))
        #expect(try id("-0") == id("0"))
        #expect(try id(#""\u00e9""#) != id(#""e\u0301""#))
    }

    @Test("answers each outstanding request once and never holds more than its limit")
    func outstanding() throws {
        var waiting = JSONRPCOutstanding<Int>(limit: 2)
        try waiting.open(JSONRPCID(1), 10)
        #expect(throws: JSONRPCOutstanding<Int>.Refusal.duplicate) { try waiting.open(JSONRPCID(1), 11) }
        try waiting.open(.string("1"), 12)
        #expect(throws: JSONRPCOutstanding<Int>.Refusal.full) { try waiting.open(JSONRPCID(2), 13) }
        #expect(waiting.close(JSONRPCID(3)) == nil)
        #expect(waiting.close(.string("1")) == 12)
        #expect(waiting.close(.string("1")) == nil)
        #expect(waiting.count == 1)
    }

    @Test("has a sentence and a code of its own for each reason")
    func sentences() {
        #expect(JSONRPCRefusalReason.allCases.allSatisfy { $0.sentence.last == "." || $0.sentence.last == "\"" })
        #expect(JSONRPCRefusalReason.allCases.allSatisfy { $0.rawValue.hasPrefix("rpc_") })
    }
}
