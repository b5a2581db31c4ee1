// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Crypto

/// Makes values in the shapes that Go's JSON encoder gives to the types of its standard library.
struct ValueWriter {
    /// Where the values are made.
    let heap: Heap

    /// An object.
    func object(_ members: [(name: Text, value: Value)]) -> Value {
        let object = heap.emptyObject(capacity: members.count)
        for member in members { heap.insert(heap.string(member.name), member.value, into: object) }
        return object
    }

    /// An array.
    func array(_ values: [Value]) -> Value {
        heap.array(values)
    }

    /// An array, or null if there is nothing.
    func list(_ values: [Value]) -> Value {
        values.isEmpty ? .null : heap.array(values)
    }

    /// A string.
    func string(_ bytes: some Sequence<UInt8>) -> Value {
        heap.string(Array(bytes))
    }

    /// A string.
    func string(_ text: String) -> Value {
        heap.string(text)
    }

    /// An array of strings, or null if there is none.
    func strings(_ values: [[UInt8]]) -> Value {
        list(values.map { heap.string($0) })
    }

    /// Bytes as base64, or null if there are none.
    func bytes(_ bytes: ArraySlice<UInt8>?) -> Value {
        guard let bytes = bytes else { return .null }
        return heap.string(Base64.standard.encode(bytes, padded: true))
    }

    /// An object identifier as an array of its numbers.
    func identifier(_ identifier: [UInt]) -> Value {
        array(identifier.map { .integer(Int64(truncatingIfNeeded: $0)) })
    }

    /// Big-endian bytes as a number.
    func unsigned(_ bytes: some Sequence<UInt8>) -> Value {
        let text = UnsignedNumber.decimal(bytes)
        return heap.number(text: text)
    }

    /// A public key as Go's encoder writes it; null if the kind is unknown.
    func publicKey(_ key: PublicKey) -> Value {
        if let point = key.coordinates {
            return object([("Curve", object([])), ("X", unsigned(point.x)), ("Y", unsigned(point.y))])
        }
        switch key {
        case .rsa(let numbers, _):
            return object([("N", unsigned(numbers.modulus)), ("E", unsigned(numbers.exponent))])
        case .ed25519(let key): return bytes(Array(key.rawRepresentation)[...])
        default: return .null
        }
    }
}
