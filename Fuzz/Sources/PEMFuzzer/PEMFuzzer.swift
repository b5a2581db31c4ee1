// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import FuzzSupport

@testable import RegoEncoding

/// What base64 decodes is what it encodes, and reading PEM ends.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(Input(start, count).bytes)
    expect(PEMBlock.all(in: bytes).count <= bytes.count / 20 + 1, "a block takes some bytes")
    bytes.withUnsafeBufferPointer { text in
        guard let decoded = try? Base64.standard.decode(text) else { return }
        let again = Base64.standard.encode(decoded, padded: true)
        let same = again.withUnsafeBufferPointer { try? Base64.standard.decode($0) }
        expect(same == decoded, "what is encoded is decoded the same again")
    }
    expect(Hexadecimal.encode(bytes).count == bytes.count * 2, "a byte is two digits")
    expect(!UnsignedNumber.decimal(bytes.prefix(256)).isEmpty, "a number has digits")
    return 0
}
