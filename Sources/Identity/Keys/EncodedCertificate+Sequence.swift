// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import SwiftASN1

extension EncodedCertificate {
    /// Reads DER certificates that follow one another without anything between.
    ///
    /// - Throws: ``CertificateError``: too many, too long, or something that is no certificate.
    public static func sequence(der: [UInt8], atMost limit: Int) throws(CertificateError) -> [EncodedCertificate] {
        guard der.count <= limit &* maximumBytes else { throw .tooLong }
        var certificates: [EncodedCertificate] = []
        var rest = der[...]
        while !rest.isEmpty {
            guard certificates.count < limit else { throw .tooMany }
            guard let length = elementLength(rest), length <= rest.count else { throw .unreadable }
            certificates.append(try EncodedCertificate(der: rest.prefix(length)))
            rest = rest.dropFirst(length)
        }
        return certificates
    }

    /// Reads the `CERTIFICATE` blocks of a PEM text; other blocks are passed over.
    ///
    /// - Throws: ``CertificateError``: too many, too long, no block at all, or something that is no certificate.
    public static func sequence(pem: [UInt8], atMost limit: Int) throws(CertificateError) -> [EncodedCertificate] {
        // Base64 has four characters for three bytes; the rest is for line ends and the lines around.
        guard pem.count <= limit &* maximumBytes &* 2 else { throw .tooLong }
        let documents: [PEMDocument]
        do {
            documents = try PEMDocument.parseMultiple(pemString: String(decoding: pem, as: UTF8.self))
        } catch {
            throw .unreadable
        }
        let blocks = documents.filter { $0.discriminator.isExactly("CERTIFICATE") }
        guard !blocks.isEmpty else { throw .unreadable }
        guard blocks.count <= limit else { throw .tooMany }
        var certificates: [EncodedCertificate] = []
        for block in blocks { certificates.append(try EncodedCertificate(der: block.derBytes)) }
        return certificates
    }

    /// How many bytes the SEQUENCE has that stands first, its head included; nil when none does.
    private static func elementLength(_ bytes: ArraySlice<UInt8>) -> Int? {
        var iterator = bytes.makeIterator()
        guard iterator.next() == 0x30, let first = iterator.next() else { return nil }
        guard first & 0x80 != 0 else { return Int(first) &+ 2 }
        let count = Int(first & 0x7f)
        guard (1...3).contains(count) else { return nil }
        var length = 0
        for _ in 0..<count {
            guard let byte = iterator.next() else { return nil }
            length = length << 8 | Int(byte)
        }
        return length &+ 2 &+ count
    }
}
