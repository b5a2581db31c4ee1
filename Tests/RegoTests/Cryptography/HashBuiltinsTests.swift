// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Rego

@Suite struct HashBuiltinsTests {
    @Test(
        arguments: [
            ("crypto.md5", "", "d41d8cd98f00b204e9800998ecf8427e"),
            ("crypto.sha1", "a", "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"),
            ("crypto.sha256", "a", "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"),
        ])
    func `hashes the bytes of a string`(name: String, text: String, digest: String) throws {
        #expect(try BuiltinCaller()(name, .string(text)) == .string(digest))
    }

    @Test func `keys a hash, empty keys and long keys too`() throws {
        let call = BuiltinCaller()
        #expect(try call("crypto.hmac.md5", "foo", "bar") == "31b6db9e5eb4addb42f1a6ca07367adc")
        #expect(try call("crypto.hmac.sha1", "", "") == "fbdb1d1b18aa6c08324b7d64b71fb76370690e1d")
        let long = Operand.string(String(repeating: "k", count: 200))
        #expect(
            try call("crypto.hmac.sha256", "a", long)
                == "d7f8e98271dcb639c89f64e845c96931ff9594e0d8f69abe33ec5f1d427835d1")
    }

    @Test func `compares codes of any length`() throws {
        let call = BuiltinCaller()
        #expect(try call("crypto.hmac.equal", "abc", "abc") == true)
        #expect(try call("crypto.hmac.equal", "abc", "abd") == false)
        #expect(try call("crypto.hmac.equal", "abc", "ab") == false)
        #expect(try call("crypto.hmac.equal", "", "") == true)
    }

    @Test func `refuses operands that are no strings`() {
        #expect(BuiltinCaller().failure("crypto.md5", 1) == "type: operand 1 must be string but got number")
        #expect(BuiltinCaller().failure("crypto.hmac.equal", "a", nil) == "type: operand 2 must be string but got null")
    }
}
