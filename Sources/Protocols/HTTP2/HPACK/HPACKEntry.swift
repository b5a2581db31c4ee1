// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Where a field of a table stands: its name, and behind it its value.
struct HPACKEntry: Sendable {
    let start: UInt32
    let nameCount: UInt32
    let valueCount: UInt32

    /// Bytes of name and value.
    @inline(__always) var byteCount: Int { Int(nameCount) &+ Int(valueCount) }

    /// The first bytes of the field.
    ///
    /// - Parameter origin: What counts as the start of the storage.
    @inline(__always)
    func bytes(_ count: Int, in storage: UnsafeRawBufferPointer, from origin: UInt32 = 0) -> UnsafeRawBufferPointer {
        let start = Int(self.start &- origin)
        return UnsafeRawBufferPointer(rebasing: storage[start..<(start &+ count)])
    }
}
