// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A text at one level of escapes: what is kept of it, and where it came from.
struct Lane: Sendable {
    /// What is kept, with places in the lane before it, or in the scanned text.
    var text: MappedBytes
    /// Makes the text of the next lane, while there are escapes.
    var unescaper: Unescaper?
    /// Up to where runs were decoded.
    var decodedEnd = 0

    init(at position: Int) { text = MappedBytes(at: position) }
}
