// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Crypto

/// `crypto.md5` and its like, and `crypto.hmac.*`.
enum HashBuiltins {
    static let all: [Builtin] = [
        digest("crypto.md5", Insecure.MD5.self),
        digest("crypto.sha1", Insecure.SHA1.self),
        digest("crypto.sha256", SHA256.self),
        code("crypto.hmac.md5", Insecure.MD5.self),
        code("crypto.hmac.sha1", Insecure.SHA1.self),
        code("crypto.hmac.sha256", SHA256.self),
        code("crypto.hmac.sha512", SHA512.self),
        Builtin("crypto.hmac.equal", [.string, .string], .boolean) { arguments, context throws(BuiltinFailure) in
            let left = UnsafeRawBufferPointer(try arguments.utf8(0))
            let right = UnsafeRawBufferPointer(try arguments.utf8(1))
            try context.charge(left.count / 64)
            return .boolean(MessageCode.isEqual(left, right))
        },
    ]

    private static func digest<Hash: HashFunction>(_ name: Text, _: Hash.Type) -> Builtin {
        Builtin(name, [.string], .string) { arguments, context throws(BuiltinFailure) in
            let message = try arguments.utf8(0)
            try context.charge(message.count / 64)
            return context.heap.string(
                Hexadecimal.encode(Array(Hash.hash(data: UnsafeRawBufferPointer(message)))))
        }
    }

    private static func code<Hash: HashFunction>(_ name: Text, _: Hash.Type) -> Builtin {
        Builtin(name, [.string, .string], .string) { arguments, context throws(BuiltinFailure) in
            let message = try arguments.utf8(0)
            let key = try arguments.utf8(1)
            try context.charge((message.count &+ key.count) / 64)
            let code = HMAC<Hash>.authenticationCode(
                for: UnsafeRawBufferPointer(message), using: SymmetricKey(data: Array(key)))
            return context.heap.string(Hexadecimal.encode(Array(code)))
        }
    }
}
