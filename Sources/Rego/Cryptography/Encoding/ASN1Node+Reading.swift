// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import SwiftASN1

/// What a certificate, a key or a request is made of, read without trust: everything is an optional.
extension ASN1Node {
    /// Universal tags used here.
    enum UniversalTag {
        static let boolean: UInt = 1
        static let integer: UInt = 2
        static let bitString: UInt = 3
        static let octetString: UInt = 4
        static let null: UInt = 5
        static let objectIdentifier: UInt = 6
        static let sequence: UInt = 16
        static let set: UInt = 17
    }

    /// Parses DER; nil if it is malformed or something follows it.
    static func read(_ bytes: ArraySlice<UInt8>) -> ASN1Node? {
        try? DER.parse(bytes)
    }

    /// Whether it has a universal tag.
    func isUniversal(_ tag: UInt) -> Bool {
        identifier.tagClass == .universal && identifier.tagNumber == tag
    }

    /// Whether it has a tag whose meaning depends on the place.
    func isContext(_ tag: UInt) -> Bool {
        identifier.tagClass == .contextSpecific && identifier.tagNumber == tag
    }

    /// The parts of anything constructed; empty for others.
    var parts: [ASN1Node] {
        guard case .constructed(let nodes) = content else { return [] }
        return Array(nodes)
    }

    /// The parts of a sequence.
    var sequence: [ASN1Node]? { isUniversal(UniversalTag.sequence) ? parts : nil }

    /// The content of anything not constructed; empty for others.
    var primitive: ArraySlice<UInt8> {
        guard case .primitive(let bytes) = content else { return [] }
        return bytes
    }

    /// The bytes of an integer, big-endian in two's complement.
    var integerBytes: ArraySlice<UInt8>? {
        guard isUniversal(UniversalTag.integer), !primitive.isEmpty else { return nil }
        return primitive
    }

    /// The bytes of a non-negative integer, without leading zeros.
    var unsignedBytes: ArraySlice<UInt8>? {
        guard let bytes = integerBytes, let first = bytes.first, first < 0x80 else { return nil }
        return bytes.drop { $0 == 0 }
    }

    /// A small integer, whatever the tag.
    var smallInteger: Int64? {
        guard let first = primitive.first, primitive.count <= 8 else { return nil }
        var value: Int64 = first >= 0x80 ? -1 : 0
        for byte in primitive { value = value << 8 | Int64(byte) }
        return value
    }

    /// A boolean.
    var boolean: Bool? {
        isUniversal(UniversalTag.boolean) && primitive.count == 1 ? primitive.first != 0 : nil
    }

    /// The numbers of an object identifier.
    var objectIdentifier: [UInt]? {
        guard isUniversal(UniversalTag.objectIdentifier) else { return nil }
        return (try? ASN1ObjectIdentifier(derEncoded: self))?.oidComponents
    }

    /// The content of an octet string.
    var octets: ArraySlice<UInt8>? { isUniversal(UniversalTag.octetString) ? primitive : nil }

    /// The content of a bit string of whole bytes.
    var bits: ArraySlice<UInt8>? {
        guard isUniversal(UniversalTag.bitString), primitive.first == 0 else { return nil }
        return primitive.dropFirst()
    }
}

/// Where one DER value ends and the next begins.
enum DERSequence {
    /// Cuts concatenated values apart; nil if the last one is not whole.
    static func split(_ bytes: [UInt8]) -> [ArraySlice<UInt8>]? {
        var values: [ArraySlice<UInt8>] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            guard let length = encodedLength(rest), length <= rest.count else { return nil }
            values.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        return values
    }

    private static func encodedLength(_ bytes: ArraySlice<UInt8>) -> Int? {
        var iterator = bytes.makeIterator()
        guard let tag = iterator.next(), tag & 0x1F != 0x1F, let first = iterator.next() else { return nil }
        if first < 0x80 { return 2 &+ Int(first) }
        let count = Int(first & 0x7F)
        guard count > 0, count <= 4 else { return nil }
        var length = 0
        for _ in 0..<count {
            guard let byte = iterator.next() else { return nil }
            length = length << 8 | Int(byte)
        }
        return 2 &+ count &+ length
    }
}
