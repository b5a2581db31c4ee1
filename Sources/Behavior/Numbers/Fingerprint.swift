// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// 64 bits that stand for bytes, by FNV-1a. Whoever chooses the bytes can make two of them alike, so it serves only
/// where that does an attacker no good.
struct Fingerprint {
    private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func add(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
    }

    /// Adds a name and an end that no UTF-8 has.
    mutating func add(_ name: String?) {
        let isContiguous: Void? = name?.utf8.withContiguousStorageIfAvailable { add($0) }
        if isContiguous == nil, let name { add(name.utf8) }
        add(CollectionOfOne(0xff))
    }

    mutating func add(_ number: UInt64) { value = (value ^ number) &* 0x9e37_79b9_7f4a_7c15 }
}
