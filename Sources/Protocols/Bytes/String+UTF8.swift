// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension String {
    /// The text of bytes that are UTF-8 (RFC 3629), or `nil`.
    ///
    /// The same as `String(validating:as:)`, which looks types up at run time and takes some hundred nanoseconds for it: for
    /// ASCII, which most texts are, this does not.
    package init?(utf8 bytes: UnsafeRawBufferPointer) {
        var union: UInt8 = 0
        for byte in bytes { union |= byte }
        if union < 0x80 {
            self.init(decoding: bytes, as: UTF8.self)
        } else {
            self.init(validating: bytes, as: UTF8.self)
        }
    }

    /// Whether two texts are the same bytes; `==` asks whether they are the same to Unicode, which has several spellings.
    ///
    /// The same as comparing their views of UTF-8 element by element, without an iterator for each; for the data path.
    package func hasBytes(of other: String) -> Bool {
        let (bytes, others) = (utf8.span, other.utf8.span)
        guard bytes.count == others.count else { return false }
        for index in bytes.indices where bytes[index] != others[index] { return false }
        return true
    }
}
