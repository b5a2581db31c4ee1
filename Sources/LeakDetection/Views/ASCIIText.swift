// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What counts as text when something was decoded.
enum ASCIIText {
    /// Printable, or a blank.
    @inline(__always)
    static func isPlain(_ byte: UInt8) -> Bool {
        byte &- 0x20 < 0x5f || byte == 0x0a || byte == 0x0d || byte == 0x09
    }

    /// Whether all of it is, and there is something.
    static func isPlain(_ bytes: some Collection<UInt8>) -> Bool { !bytes.isEmpty && bytes.allSatisfy { isPlain($0) } }
}
