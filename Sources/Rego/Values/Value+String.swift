// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What stands before the bytes of a string in a heap.
@usableFromInline
struct StringHeader: BitwiseCopyable {
    @usableFromInline var hash: UInt64
    @usableFromInline static let size = 8
}

extension Value {
    /// How many bytes the string has.
    @inlinable var byteCount: Int { Int(truncatingIfNeeded: word >> 32) }

    /// The bytes of a string, or the text of a decimal; empty for other values. Valid while its heap is.
    @inlinable public var utf8: UnsafeBufferPointer<UInt8> {
        guard tag == .string || tag == .decimal, let pointer = pointer else {
            return UnsafeBufferPointer(start: nil, count: 0)
        }
        let start = (pointer + StringHeader.size).assumingMemoryBound(to: UInt8.self)
        return UnsafeBufferPointer(start: start, count: byteCount)
    }

    /// The characters of a string as a `String`; empty for other values.
    public var string: String {
        String(decoding: utf8, as: UTF8.self)
    }

    /// The characters of a string as a `Text`; empty for other values.
    public var text: Text {
        Text(bytes: Array(utf8))
    }

    @inline(__always) var stringHash: UInt64 {
        pointer.map { $0.assumingMemoryBound(to: UInt64.self).pointee } ?? 0
    }

    @inline(__always) var isSymbol: Bool { word & Value.symbolBit != 0 }

    /// Whether two strings have the same bytes.
    @inline(__always)
    func isSameString(as other: Value) -> Bool {
        if payload == other.payload { return true }
        // Symbols of different tables may have the same bytes.
        if byteCount != other.byteCount { return false }
        return isSameBytes(as: other)
    }

    @inline(never)
    private func isSameBytes(as other: Value) -> Bool {
        guard stringHash == other.stringHash else { return false }
        return StringBytes.areEqual(utf8.baseAddress, other.utf8.baseAddress, count: byteCount)
    }
}

extension Heap {
    /// A string of the given bytes, which must be valid UTF-8.
    public func string(_ bytes: UnsafeBufferPointer<UInt8>) -> Value {
        let hash = StringHash.hash(bytes, seed: seed)
        return storeText(bytes, tag: .string, hash: hash)
    }

    /// A string of the given bytes, which must be valid UTF-8.
    public func string(_ bytes: [UInt8]) -> Value {
        bytes.withUnsafeBufferPointer { string($0) }
    }

    /// A string of the given bytes, which must be valid UTF-8.
    public func string(_ bytes: ArraySlice<UInt8>) -> Value {
        bytes.withUnsafeBufferPointer { string($0) }
    }

    /// A string.
    public func string(_ text: String) -> Value {
        var text = text
        return text.withUTF8 { string($0) }
    }

    /// A string.
    public func string(_ text: Text) -> Value {
        string(text.bytes)
    }

    func storeText(_ bytes: UnsafeBufferPointer<UInt8>, tag: Value.Tag, hash: UInt64, symbol: Bool = false) -> Value {
        let memory = allocate(StringHeader.size + bytes.count)
        memory.storeBytes(of: hash, as: UInt64.self)
        if let source = bytes.baseAddress {
            (memory + StringHeader.size).copyMemory(from: source, byteCount: bytes.count)
        }
        let word = UInt64(tag.rawValue) | (symbol ? Value.symbolBit : 0) | UInt64(truncatingIfNeeded: bytes.count) << 32
        return Value(word: word, payload: UInt64(UInt(bitPattern: memory)))
    }
}

/// The comparison of strings of one length.
enum StringBytes {
    @inline(__always)
    static func areEqual(_ left: UnsafePointer<UInt8>?, _ right: UnsafePointer<UInt8>?, count: Int) -> Bool {
        guard let left, let right else { return count == 0 }
        let one = UnsafeRawPointer(left)
        let two = UnsafeRawPointer(right)
        var position = 0
        while position &+ 8 <= count {
            let first = one.loadUnaligned(fromByteOffset: position, as: UInt64.self)
            if first != two.loadUnaligned(fromByteOffset: position, as: UInt64.self) { return false }
            position &+= 8
        }
        while position < count {
            if left[position] != right[position] { return false }
            position &+= 1
        }
        return true
    }
}

/// The hash of strings: fast on short keys, keyed, since attackers choose the keys of inputs.
enum StringHash {
    @inline(__always)
    static func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }

    static func hash(_ bytes: UnsafeBufferPointer<UInt8>, seed: UInt64) -> UInt64 {
        var state = seed ^ 0x9E37_79B9_7F4A_7C15
        var count = bytes.count
        guard let base = bytes.baseAddress else { return mix(state, seed ^ 0xD6E8_FEB8_6659_FD93) }
        var pointer = UnsafeRawPointer(base)
        while count > 16 {
            let first = pointer.loadUnaligned(as: UInt64.self)
            let second = pointer.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
            state = mix(first ^ 0xA076_1D64_78BD_642F ^ seed, second ^ state)
            pointer += 16
            count &-= 16
        }
        var first: UInt64 = 0
        var second: UInt64 = 0
        if count >= 8 {
            first = pointer.loadUnaligned(as: UInt64.self)
            second = (pointer + (count &- 8)).loadUnaligned(as: UInt64.self)
        } else if count >= 4 {
            first = UInt64(pointer.loadUnaligned(as: UInt32.self))
            second = UInt64((pointer + (count &- 4)).loadUnaligned(as: UInt32.self))
        } else if count > 0 {
            first = UInt64(pointer.load(as: UInt8.self))
            let middle = UInt64((pointer + (count >> 1)).load(as: UInt8.self))
            second = UInt64((pointer + (count &- 1)).load(as: UInt8.self)) | middle << 8
        }
        state = mix(first ^ 0xE703_7ED1_A0B4_28DB ^ seed, second ^ state)
        return mix(state ^ UInt64(truncatingIfNeeded: bytes.count), seed ^ 0x8EBC_6AF0_9C88_C6E3)
    }
}
