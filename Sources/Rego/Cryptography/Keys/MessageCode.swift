// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Crypto

/// A keyed hash (RFC 2104) whose key is prepared once for many messages.
enum MessageCode: Sendable {
    case sha256(HMAC<SHA256>)
    case sha384(HMAC<SHA384>)
    case sha512(HMAC<SHA512>)

    /// Prepares a key.
    init(key: some Collection<UInt8>, _ hash: SignatureAlgorithm.Hash) {
        let key = SymmetricKey(data: Array(key))
        switch hash {
        case .sha256: self = .sha256(HMAC(key: key))
        case .sha384: self = .sha384(HMAC(key: key))
        case .sha512: self = .sha512(HMAC(key: key))
        }
    }

    /// The code of a message.
    func code(of message: UnsafeRawBufferPointer) -> [UInt8] {
        switch self {
        case .sha256(let code): Self.finish(code, message)
        case .sha384(let code): Self.finish(code, message)
        case .sha512(let code): Self.finish(code, message)
        }
    }

    private static func finish<Hash: HashFunction>(
        _ code: HMAC<Hash>, _ message: UnsafeRawBufferPointer
    ) -> [UInt8] {
        var code = code
        code.update(data: message)
        return Array(code.finalize())
    }

    /// Whether a code is that of a message; takes the same time wherever they differ.
    func isValid(_ expected: [UInt8], over message: UnsafeRawBufferPointer) -> Bool {
        switch self {
        case .sha256(let code): Self.isValid(code, expected, message)
        case .sha384(let code): Self.isValid(code, expected, message)
        case .sha512(let code): Self.isValid(code, expected, message)
        }
    }

    private static func isValid<Hash: HashFunction>(
        _ code: HMAC<Hash>, _ expected: [UInt8], _ message: UnsafeRawBufferPointer
    ) -> Bool {
        var code = code
        code.update(data: message)
        return code.finalize().withUnsafeBytes { actual in
            expected.withUnsafeBytes { isEqual(actual, $0) }
        }
    }

    /// Whether two codes are the same; takes the same time wherever they differ.
    static func isEqual(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for index in 0..<left.count { difference |= left[index] ^ right[index] }
        return difference == 0
    }
}

extension MessageCode {
    /// Whether it uses a hash.
    func isOf(_ hash: SignatureAlgorithm.Hash) -> Bool {
        switch (self, hash) {
        case (.sha256, .sha256), (.sha384, .sha384), (.sha512, .sha512): true
        default: false
        }
    }
}
