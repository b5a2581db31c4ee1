// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A name that equals another exactly when their bytes do.
///
/// Swift's `String` takes Unicode's canonical equivalents for the same; a name with an accent written in two ways must
/// not pass for one that was seen before.
struct ByteName: Hashable, Sendable {
    let text: String

    init(_ text: String) { self.text = text }

    static func == (left: ByteName, right: ByteName) -> Bool {
        // Equal bytes are always equal strings, so that the slower comparison is for equals only.
        left.text.utf8.count == right.text.utf8.count && left.text == right.text
            && left.text.utf8.elementsEqual(right.text.utf8)
    }

    func hash(into hasher: inout Hasher) {
        let isContiguous: Void? = text.utf8.withContiguousStorageIfAvailable {
            hasher.combine(bytes: UnsafeRawBufferPointer($0))
        }
        if isContiguous == nil { for byte in text.utf8 { hasher.combine(byte) } }
    }
}

extension ByteName: Comparable {
    static func < (left: ByteName, right: ByteName) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }
}
