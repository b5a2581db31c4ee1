// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Rego

@Suite struct EncodingTests {
    private func decode(_ text: String, padding: Int = 0) throws -> [UInt8] {
        try Array(text.utf8).withUnsafeBufferPointer { try Base64.standard.decode($0, padding: padding) }
    }

    @Test(
        arguments: [
            ("", []), ("QQ==", [65]), ("QUI=", [65, 66]), ("QUJD", [65, 66, 67]), ("QU\nJD\r\n", [65, 66, 67]),
            ("QR==", [65]), ("QQ\n=\n=\n", [65]), ("QUJDQUJDQQ==", [65, 66, 67, 65, 66, 67, 65]),
        ] as [(String, [UInt8])])
    func `decodes base64 as Go does`(text: String, bytes: [UInt8]) throws {
        #expect(try decode(text) == bytes)
    }

    @Test(
        arguments: [
            ("Q", 0), ("QQ", 0), ("QUI", 0), ("=", 0), ("Q=", 1), ("QQ=", 3), ("QQ=Q", 2), ("QQ==Q", 4),
            ("QUJD^AAA", 4), ("QUJDA-AA", 5), ("QUJDQUI", 4), ("QUI==", 4),
        ])
    func `says which byte is not base64`(text: String, position: Int) {
        let error = #expect(throws: Base64.Corrupt.self) { try decode(text) }
        #expect(error?.message == "illegal base64 data at input byte \(position)")
    }

    @Test func `encodes what it decodes`() throws {
        for count in 0..<70 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ count) }
            let text = Base64.standard.encode(bytes, padded: true)
            #expect(try text.withUnsafeBufferPointer { try Base64.standard.decode($0) } == bytes)
            let bare = Base64.url.encode(bytes, padded: false)
            #expect(try bare.withUnsafeBufferPointer { try Base64.url.decodeUnpadded($0) } == bytes)
        }
    }

    @Test(
        arguments: [
            ([], "0"), ([0, 0, 7], "7"), ([0x3B, 0x9A, 0xCA, 0x00], "1000000000"),
            ([0x01] + [UInt8](repeating: 0, count: 16), "340282366920938463463374607431768211456"),
            ([UInt8](repeating: 0xFF, count: 16), "340282366920938463463374607431768211455"),
        ] as [([UInt8], String)])
    func `writes large numbers in decimal`(bytes: [UInt8], text: String) {
        #expect(String(decoding: UnsignedNumber.decimal(bytes), as: UTF8.self) == text)
    }

    @Test func `finds PEM blocks among other text`() {
        let text = """
            note
            -----BEGIN A-----
            Header: x

            QUI=
            -----END A-----
            -----BEGIN B-----
            QQ==
            -----END C-----
            -----BEGIN D-----\r
            QUJD\r
            -----END D-----
            """
        let blocks = PEMBlock.all(in: Array(text.utf8))
        #expect(blocks.map { $0.typeName } == ["A", "D"])
        #expect(blocks.map { $0.bytes } == [[65, 66], [65, 66, 67]])
    }

    @Test(arguments: [
        "", "-----BEGIN ", "-----BEGIN A-----", "-----BEGIN A-----\n", "x-----BEGIN A-----\n-----END A-----",
    ])
    func `finds no block in what only looks like one`(text: String) {
        #expect(PEMBlock.all(in: Array(text.utf8)).isEmpty)
    }
}
