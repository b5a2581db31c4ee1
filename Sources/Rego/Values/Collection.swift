// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What the address of an array, an object or a set points to.
struct CollectionHeader: BitwiseCopyable {
    /// The hash, 0 while it was not needed.
    var hash: UInt64
    /// Where the elements are: values of an array or set, pairs of an object.
    var storage: UnsafeMutablePointer<Value>
    /// Slots of element numbers plus one; nil while there are few elements.
    var index: UnsafeMutablePointer<UInt32>?
    var count: UInt32
    var capacity: UInt32
    /// Slots less one.
    var indexMask: UInt32
    /// Bit 0: whether the elements stand in Rego's order; the others: the weight.
    private var packed: UInt32

    init(storage: UnsafeMutablePointer<Value>, capacity: Int) {
        hash = 0
        self.storage = storage
        index = nil
        count = 0
        self.capacity = UInt32(truncatingIfNeeded: capacity)
        indexMask = 0
        packed = 3
    }

    /// Whether the elements stand in Rego's order.
    @inline(__always) var isSorted: Bool {
        get { packed & 1 != 0 }
        set { packed = packed & ~1 | (newValue ? 1 : 0) }
    }

    /// How much there is to look at to see all of it: values that it holds several times count each time.
    @inline(__always) var weight: Int { Int(packed >> 1) }

    /// Adds to the weight.
    ///
    /// - Returns: the new weight.
    @inline(__always)
    mutating func add(weight: Int) -> Int {
        let sum = min(self.weight &+ weight, Int(UInt32.max >> 1))
        packed = UInt32(truncatingIfNeeded: sum) << 1 | packed & 1
        return sum
    }
}

extension Value {
    /// What comparing or writing the value costs: about one for each value in it and for 64 bytes of text.
    @inline(__always) var weight: Int {
        if tag.rawValue < Tag.string.rawValue { return 1 }
        if tag == .string { return 1 &+ Int(truncatingIfNeeded: word >> 38) }
        return header.map { $0.pointee.weight } ?? 1
    }
}

extension Value {
    @inline(__always) var header: UnsafeMutablePointer<CollectionHeader>? {
        guard tag == .array || tag == .object || tag == .set else { return nil }
        return pointer?.assumingMemoryBound(to: CollectionHeader.self)
    }

    /// How many elements an array, object or set has; 0 for others.
    @inline(__always) public var count: Int {
        header.map { Int($0.pointee.count) } ?? 0
    }

    /// Whether it is an array, an object or a set.
    public var isCollection: Bool {
        tag == .array || tag == .object || tag == .set
    }

    /// The values of an array in order, or those of a set in Rego's order; empty for others.
    public var elements: ValueList {
        guard tag == .array || tag == .set, let header = header else {
            return ValueList(start: nil, count: 0, stride: 1)
        }
        if !header.pointee.isSorted { sortElements() }
        return ValueList(start: header.pointee.storage, count: Int(header.pointee.count), stride: 1)
    }

    /// The keys of an object in Rego's order; empty for others.
    public var keys: ValueList {
        guard tag == .object, let header = header else { return ValueList(start: nil, count: 0, stride: 2) }
        if !header.pointee.isSorted { sortElements() }
        return ValueList(start: header.pointee.storage, count: Int(header.pointee.count), stride: 2)
    }

    /// The members of an object in Rego's order of the keys; empty for others.
    public var members: MemberList {
        MemberList(keys: keys)
    }
}

/// Values that stand in a heap one after the other.
public struct ValueList: RandomAccessCollection, BitwiseCopyable {
    let start: UnsafeMutablePointer<Value>?
    /// How many values there are.
    public let count: Int
    let stride: Int

    /// The first position.
    public var startIndex: Int { 0 }

    /// The position after the last.
    public var endIndex: Int { count }

    /// The value at a position; undefined outside of the bounds.
    public subscript(position: Int) -> Value {
        guard position >= 0, position < count, let start = start else { return .undefined }
        return start[position &* stride]
    }
}

/// The members of an object.
public struct MemberList: RandomAccessCollection, BitwiseCopyable {
    /// The keys.
    public let keys: ValueList

    /// The first position.
    public var startIndex: Int { 0 }

    /// The position after the last.
    public var endIndex: Int { keys.count }

    /// The member at a position; undefined outside of the bounds.
    public subscript(position: Int) -> (key: Value, value: Value) {
        guard position >= 0, position < keys.count, let start = keys.start else { return (.undefined, .undefined) }
        return (start[position &* 2], start[position &* 2 &+ 1])
    }
}
