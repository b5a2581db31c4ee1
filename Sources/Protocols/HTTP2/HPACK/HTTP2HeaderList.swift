// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A header list of HTTP/2 as bytes, in its order.
///
/// All of it is in one storage, which ``removeAll()`` keeps: a list that is used again allocates nothing once it has been
/// as large as it gets.
public struct HTTP2HeaderList: Sendable {
    /// Fields one behind the other: the counts of name and value, four bytes each, then name and value.
    ///
    /// Bytes from `byteCount` on are free, or those of a field that is being staged.
    private var storage: [UInt8] = []
    private var byteCount = 0

    /// Bytes of the two counts before each field.
    private static let prefix = 8

    /// How many fields the list has.
    public private(set) var count = 0

    /// An empty list.
    public init() {}

    /// Forgets the fields. Keeps the storage.
    public mutating func removeAll() {
        byteCount = 0
        count = 0
    }

    /// Adds a field at the end. Name and value must not be bytes of this list.
    public mutating func append(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) {
        stage(name, at: 0)
        stage(value, at: name.count)
        commit(nameCount: name.count, valueCount: value.count)
    }

    /// Hands over each field. The bytes live as long as the call.
    public func forEachField(_ take: (_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Void) {
        storage.withUnsafeBytes { bytes in
            var position = 0
            while let (name, value) = next(in: bytes, &position) { take(name, value) }
        }
    }

    /// Hands over the value of the first field of a name and returns what `body` makes of it, or nil when there is none.
    /// The bytes live as long as the call.
    public func withFirst<Answer>(_ name: StaticString, _ body: (UnsafeRawBufferPointer) -> Answer) -> Answer? {
        storage.withUnsafeBytes { bytes in
            var position = 0
            while let field = next(in: bytes, &position) {
                if ByteScan.equals(field.name, name) { return body(field.value) }
            }
            return nil
        }
    }

    /// The value of the first field of a name, or nil when there is none or the value is not UTF-8.
    public func text(_ name: StaticString) -> String? {
        withFirst(name) { String(utf8: $0) } ?? nil
    }

    /// The field at a position, which moves behind it; nil at the end.
    @inline(__always)
    private func next(
        in bytes: UnsafeRawBufferPointer, _ position: inout Int
    ) -> (name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer)? {
        guard position < byteCount, let base = bytes.baseAddress else { return nil }
        let field = base + position
        let nameCount = Int(field.loadUnaligned(as: UInt32.self))
        let valueCount = Int(field.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
        let name = field + Self.prefix
        position &+= Self.prefix &+ nameCount &+ valueCount
        return (
            UnsafeRawBufferPointer(start: name, count: nameCount),
            UnsafeRawBufferPointer(start: name + nameCount, count: valueCount)
        )
    }
}

// MARK: A field that is put together before it counts

extension HTTP2HeaderList {
    /// Writes bytes of the next field, `offset` bytes behind the start of its name.
    mutating func stage(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
        guard let source = bytes.baseAddress else { return }
        withStaging(offset &+ bytes.count) { ($0 + offset).copyMemory(from: source, byteCount: bytes.count) }
    }

    /// Hands over where the next field's name begins, with room for `count` bytes from there on.
    @inline(__always)
    mutating func withStaging<Answer>(_ count: Int, _ body: (UnsafeMutableRawPointer) -> Answer) -> Answer? {
        let end = byteCount &+ Self.prefix &+ count
        if end > storage.count { grow(to: end) }
        return storage.withUnsafeMutableBytes { bytes in
            bytes.baseAddress.map { body($0 + byteCount + Self.prefix) }
        }
    }

    /// Makes what was staged a field of the list.
    @inline(__always)
    mutating func commit(nameCount: Int, valueCount: Int) {
        let start = byteCount
        withStaging(nameCount &+ valueCount) { name in
            let field = name - Self.prefix
            field.storeBytes(of: UInt32(truncatingIfNeeded: nameCount), as: UInt32.self)
            field.storeBytes(of: UInt32(truncatingIfNeeded: valueCount), toByteOffset: 4, as: UInt32.self)
        }
        byteCount = start &+ Self.prefix &+ nameCount &+ valueCount
        count &+= 1
    }

    @inline(never)
    private mutating func grow(to size: Int) {
        let added = max(size, 2 &* storage.count, 512) &- storage.count
        storage.append(contentsOf: repeatElement(0, count: added))
    }
}
