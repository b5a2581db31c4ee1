// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Rego

@Suite struct EncodingBuiltinsTests {
    @Test(
        arguments: [
            BuiltinCase("base64.encode", #""subjects?_d""#, #""c3ViamVjdHM/X2Q=""#),
            BuiltinCase("base64.decode", #""dGhlcmU=""#, #""there""#),
            BuiltinCase("base64.decode", #""YQ""#, "value: illegal base64 data at input byte 0"),
            BuiltinCase("base64.decode", #""/w==""#, "\"\u{FFFD}\""),
            BuiltinCase("base64.is_valid", #""YQ==""#, "true"),
            BuiltinCase("base64.is_valid", #""{'not':'base64'}""#, "false"),
            BuiltinCase("base64.is_valid", "1", "false"),
            BuiltinCase("base64url.encode", #""a?>é""#, #""YT8-w6k=""#),
            BuiltinCase("base64url.encode_no_pad", #""a""#, #""YQ""#),
            BuiltinCase("base64url.decode", #""aGVsbG8=""#, #""hello""#),
            BuiltinCase("base64url.decode", #""aGVsbG8""#, #""hello""#),
            BuiltinCase("base64url.decode", #""a""#, "value: illegal base64url string: a"),
            BuiltinCase("hex.encode", #""az""#, #""617a""#),
            BuiltinCase("hex.decode", #""617A""#, #""az""#),
            BuiltinCase("hex.decode", #""6""#, "value: encoding/hex: odd length hex string"),
            BuiltinCase("hex.decode", #""fg""#, "value: encoding/hex: invalid byte: U+0067 'g'"),
            BuiltinCase("hex.decode", #""\n0""#, "value: encoding/hex: invalid byte: U+000A"),
            BuiltinCase("urlquery.encode", #""a b&c=é/~""#, #""a+b%26c%3D%C3%A9%2F~""#),
            BuiltinCase("urlquery.decode", #""a%3Db%2B1+c""#, #""a=b+1 c""#),
            BuiltinCase("urlquery.decode", #""%zz9""#, #"value: invalid URL escape "%zz""#),
            BuiltinCase("urlquery.decode", #""%4""#, #"value: invalid URL escape "%4""#),
            BuiltinCase(
                "urlquery.encode_object", #"{"c": ["d", "e+"], "a": {"$set": ["b"]}, "b": ""}"#, #""a=b&b=&c=d&c=e%2B""#
            ),
            BuiltinCase(
                "urlquery.encode_object", #"{"a": 1}"#,
                "type: operand 1 values must be string, array[string], or set[string]"),
            BuiltinCase(
                "urlquery.decode_object", #""a=value_a1&b=value_b&&a=value+a2&c""#,
                #"{"a":["value_a1","value a2"],"b":["value_b"],"c":[""]}"#),
            BuiltinCase("urlquery.decode_object", "\"\"", "{}"),
            BuiltinCase("urlquery.decode_object", #""a;b""#, "value: invalid semicolon separator in query"),
        ])
    func `encodes and decodes texts`(example: BuiltinCase) throws {
        let result = try example.run()
        #expect(result == example.expected)
    }
}
