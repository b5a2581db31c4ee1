// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The fields that a peer has sent and may refer to (RFC 7541 section 2.3.2), the newest first.
///
/// Names and values stand one behind the other in a storage of twice the table's size: what is added comes behind the
/// newest, and when the end is reached, what is left moves to the front. It is made with the first field.
struct HPACKDynamicTable: Sendable {
    /// What each field counts besides its bytes (RFC 7541 section 4.1).
    static let overhead = 32

    /// The most that ``limit`` can become.
    let capacity: Int

    /// Bytes that the fields may have, with what each counts besides.
    private(set) var limit: Int

    /// Fields in the table.
    private(set) var count = 0

    private var size = 0
    private var storage: [UInt8] = []
    /// Where the storage begins, counted as the entries are: from where the first of all fields began, modulo 2^32.
    private var front: UInt32 = 0
    /// Where the next field will begin in the storage.
    private var end = 0
    /// A ring.
    private var entries: [HPACKEntry] = []
    /// The place of the next entry in the ring.
    private var next = 0

    /// An empty table.
    ///
    /// - Parameter capacity: The most that ``limit`` can become, in bytes.
    init(capacity: Int) {
        self.capacity = capacity
        limit = capacity
    }

    /// The field of an index, the newest having 0; nil when there is none.
    func entry(_ index: Int) -> HPACKEntry? {
        guard index < count else { return nil }
        return entries[place(index)]
    }

    /// Hands over the first bytes of a field.
    @inline(__always)
    func withBytes(_ count: Int, of entry: HPACKEntry, _ body: (UnsafeRawBufferPointer) -> Void) {
        storage.withUnsafeBytes { body(entry.bytes(count, in: $0, from: front)) }
    }

    /// Adds a field after the oldest have made room for it. One that is larger than the table only empties it (RFC 7541
    /// section 4.4), and then nothing is read.
    ///
    /// - Parameter field: Name and value, not in this table.
    mutating func insert(_ field: UnsafeRawPointer, nameCount: Int, valueCount: Int) {
        let byteCount = nameCount &+ valueCount
        evict(above: limit &- byteCount &- Self.overhead)
        guard byteCount &+ Self.overhead <= limit else { return }
        makeRoom(byteCount)
        storage.withUnsafeMutableBytes { bytes in
            UnsafeMutableRawBufferPointer(rebasing: bytes[end...])
                .copyMemory(from: UnsafeRawBufferPointer(start: field, count: byteCount))
        }
        entries[next] = HPACKEntry(
            start: front &+ UInt32(truncatingIfNeeded: end), nameCount: UInt32(truncatingIfNeeded: nameCount),
            valueCount: UInt32(truncatingIfNeeded: valueCount))
        next = next &+ 1 == entries.count ? 0 : next &+ 1
        end &+= byteCount
        count &+= 1
        size &+= byteCount &+ Self.overhead
    }

    /// Changes the limit, which is no more than the capacity.
    mutating func resize(to limit: Int) {
        self.limit = limit
        evict(above: limit)
    }

    /// Takes the oldest fields away until those that stay have no more than some bytes.
    private mutating func evict(above most: Int) {
        while size > most, count > 0 {
            count &-= 1
            size &-= entries[place(count)].byteCount &+ Self.overhead
        }
    }

    /// The place of a field in the ring.
    @inline(__always)
    private func place(_ index: Int) -> Int {
        let place = next &- 1 &- index
        return place < 0 ? place &+ entries.count : place
    }

    /// Makes room for bytes behind the newest field.
    private mutating func makeRoom(_ byteCount: Int) {
        if storage.isEmpty {
            storage = [UInt8](repeating: 0, count: 2 &* capacity)
            let none = HPACKEntry(start: 0, nameCount: 0, valueCount: 0)
            entries = [HPACKEntry](repeating: none, count: capacity / Self.overhead)
        }
        guard end &+ byteCount > storage.count else { return }
        let oldest = count > 0 ? Int(entries[place(count &- 1)].start &- front) : end
        storage.withUnsafeMutableBytes { bytes in
            bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[oldest..<end]))
        }
        front &+= UInt32(truncatingIfNeeded: oldest)
        end &-= oldest
    }
}
