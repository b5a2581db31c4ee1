// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree

/// Frames of the journal one after another, each `big-endian u32 length ‖ u32 CRC-32 of the record ‖ record`.
final class FrameBuffer: @unchecked Sendable {
    static let headerBytes = 8

    private(set) var base: UnsafeMutableRawPointer
    private(set) var capacity: Int
    private(set) var count = 0
    private(set) var records = 0

    init(capacity: Int) {
        base = .allocate(byteCount: capacity, alignment: 16)
        self.capacity = capacity
    }

    deinit {
        base.deallocate()
    }

    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

    func removeAll() {
        count = 0
        records = 0
    }

    /// Gives back memory beyond `limit` after a burst.
    func shrink(to limit: Int) {
        guard capacity > limit, count == 0 else { return }
        base.deallocate()
        base = .allocate(byteCount: limit, alignment: 16)
        capacity = limit
    }

    private func reserve(_ additional: Int) {
        guard capacity - count < additional else { return }
        let larger = max(capacity * 2, count + additional)
        let memory = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
        memory.copyMemory(from: base, byteCount: count)
        base.deallocate()
        base = memory
        capacity = larger
    }

    /// Encodes an event as one frame.
    func append(_ event: borrowing AuditEvent) {
        reserve(Self.headerBytes + AuditEvent.largestRecord)
        let start = base + count + Self.headerBytes
        let space = UnsafeMutableBufferPointer(
            start: start.assumingMemoryBound(to: UInt8.self), count: AuditEvent.largestRecord)
        let length = event.encode(into: space)
        let checksum = Checksum.crc32(UnsafeRawBufferPointer(start: start, count: length))
        (base + count).storeBytes(of: UInt32(length).bigEndian, as: UInt32.self)
        (base + count).storeBytes(of: checksum.bigEndian, toByteOffset: 4, as: UInt32.self)
        count += Self.headerBytes + length
        records += 1
    }

    /// Appends whole frames of another buffer.
    func append(_ other: FrameBuffer) {
        reserve(other.count)
        (base + count).copyMemory(from: other.base, byteCount: other.count)
        count += other.count
        records += other.records
    }

    /// Calls `body` with each record.
    func forEachRecord(_ body: (UnsafeRawBufferPointer) throws -> Void) rethrows {
        var offset = 0
        while count - offset >= Self.headerBytes {
            let length = Int(UInt32(bigEndian: (base + offset).loadUnaligned(as: UInt32.self)))
            guard length <= count - offset - Self.headerBytes else { return }
            try body(UnsafeRawBufferPointer(start: base + offset + Self.headerBytes, count: length))
            offset += Self.headerBytes + length
        }
    }
}
