// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Why a header block cannot be decoded: the peer's fault, and an error of its connection, `COMPRESSION_ERROR` (RFC 9113
/// section 4.3).
public enum HPACKFailure: Error, Sendable, Hashable {
    /// The block ends within a field.
    case truncated
    /// A number has more than five bytes.
    case overlongNumber
    /// An index is 0 where it must not be, or beyond both tables.
    case index
    /// A compressed string holds the symbol for its end, or its padding is too long or not all ones.
    case huffman
    /// The size of the table changes behind a field, more than twice or to more than what was announced.
    case tableSize
}
