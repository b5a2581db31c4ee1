// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension Heap {
    /// An array of the given values.
    public func array(_ values: some Collection<Value>) -> Value {
        let array = emptyArray(capacity: values.count)
        for value in values { append(value, to: array) }
        return array
    }

    /// A set of the given values.
    public func set(_ values: some Collection<Value>) -> Value {
        let set = emptySet(capacity: values.count)
        for value in values { insert(value, into: set) }
        return set
    }

    /// An object of the given members; of equal keys the last one stays.
    public func object(_ members: some Collection<(key: Value, value: Value)>) -> Value {
        let object = emptyObject(capacity: members.count)
        for member in members { update(member.key, to: member.value, in: object) }
        return object
    }

    /// An array to append to, until it is handed on.
    public func emptyArray(capacity: Int = 0) -> Value { emptyCollection(.array, capacity: capacity) }
    /// A set to insert into, until it is handed on.
    public func emptySet(capacity: Int = 0) -> Value { emptyCollection(.set, capacity: capacity) }
    /// An object to insert into, until it is handed on.
    public func emptyObject(capacity: Int = 0) -> Value { emptyCollection(.object, capacity: capacity) }

    private func emptyCollection(_ tag: Value.Tag, capacity: Int) -> Value {
        let slots = max(capacity, 4)
        let width = tag == .object ? 2 : 1
        let size = MemoryLayout<CollectionHeader>.stride
        let memory = allocate(size &+ slots &* width &* MemoryLayout<Value>.stride)
        memory.initializeMemory(
            as: CollectionHeader.self,
            to: CollectionHeader(storage: (memory + size).assumingMemoryBound(to: Value.self), capacity: slots))
        return .address(tag, memory)
    }

    /// Adds a value at the end of an array under construction.
    @inline(__always)
    public func append(_ value: Value, to array: Value) {
        guard array.tag == .array, let header = array.header else { return }
        if header.pointee.count == header.pointee.capacity { grow(header, width: 1) }
        header.pointee.storage[Int(header.pointee.count)] = value
        header.pointee.count &+= 1
        weigh(value.weight, in: header)
    }

    @inline(__always)
    private func weigh(_ weight: Int, in header: UnsafeMutablePointer<CollectionHeader>) {
        if header.pointee.add(weight: weight) > weightLimit { exhaust() }
    }

    /// Adds a value to a set under construction.
    ///
    /// - Returns: whether it was new.
    @discardableResult
    public func insert(_ value: Value, into set: Value) -> Bool {
        guard set.tag == .set, let header = set.header else { return false }
        if header.pointee.position(of: value, width: 1) != nil { return false }
        add(value, .undefined, to: header, width: 1)
        return true
    }

    /// Adds a member to an object under construction, unless the key is there.
    ///
    /// - Returns: the value that the key had, else undefined.
    @discardableResult
    public func insert(_ key: Value, _ value: Value, into object: Value) -> Value {
        guard object.tag == .object, let header = object.header else { return .undefined }
        if let position = header.pointee.position(of: key, width: 2) {
            return header.pointee.storage[position &* 2 &+ 1]
        }
        add(key, value, to: header, width: 2)
        return .undefined
    }

    /// Sets the value of a key in an object under construction.
    public func update(_ key: Value, to value: Value, in object: Value) {
        guard object.tag == .object, let header = object.header else { return }
        if let position = header.pointee.position(of: key, width: 2) {
            header.pointee.storage[position &* 2 &+ 1] = value
            weigh(value.weight, in: header)
        } else {
            add(key, value, to: header, width: 2)
        }
    }

    private func add(
        _ key: Value, _ value: Value, to header: UnsafeMutablePointer<CollectionHeader>, width: Int
    ) {
        if header.pointee.count == header.pointee.capacity { grow(header, width: width) }
        let position = Int(header.pointee.count)
        header.pointee.storage[position &* width] = key
        if width == 2 { header.pointee.storage[position &* 2 &+ 1] = value }
        header.pointee.count &+= 1
        weigh(width == 2 ? key.weight &+ value.weight : key.weight, in: header)
        if position > 0, header.pointee.isSorted,
            !header.pointee.storage[(position &- 1) &* width].isOrdered(before: key)
        {
            header.pointee.isSorted = false
        }
        if position >= CollectionHeader.scanLimit { updateIndex(header, width: width) }
    }

    private func grow(_ header: UnsafeMutablePointer<CollectionHeader>, width: Int) {
        let old = Int(header.pointee.capacity)
        let capacity = min(old &* 2, Int(UInt32.max))
        let bytes = capacity &* width &* MemoryLayout<Value>.stride
        let storage = allocate(bytes).assumingMemoryBound(to: Value.self)
        storage.update(from: header.pointee.storage, count: Int(header.pointee.count) &* width)
        header.pointee.storage = storage
        header.pointee.capacity = UInt32(truncatingIfNeeded: capacity)
    }

    /// Enters the last element into the index, or builds the index anew when it is too small.
    private func updateIndex(_ header: UnsafeMutablePointer<CollectionHeader>, width: Int) {
        let count = Int(header.pointee.count)
        if let _ = header.pointee.index, count &* 2 <= Int(header.pointee.indexMask) &+ 1 {
            header.pointee.enter(count &- 1, width: width)
            return
        }
        buildIndex(header, width: width)
    }

    func buildIndex(_ header: UnsafeMutablePointer<CollectionHeader>, width: Int) {
        let count = Int(header.pointee.count)
        var slots = 32
        while slots < count &* 4 { slots &*= 2 }
        let index = allocate(slots &* 4).assumingMemoryBound(to: UInt32.self)
        index.update(repeating: 0, count: slots)
        header.pointee.index = index
        header.pointee.indexMask = UInt32(truncatingIfNeeded: slots &- 1)
        for position in 0..<count { header.pointee.enter(position, width: width) }
    }
}

extension CollectionHeader {
    /// Up to this many elements are searched one by one.
    static let scanLimit = 8

    mutating func enter(_ position: Int, width: Int) {
        guard let index = index else { return }
        var slot = Int(truncatingIfNeeded: storage[position &* width].hash) & Int(indexMask)
        while index[slot] != 0 { slot = (slot &+ 1) & Int(indexMask) }
        index[slot] = UInt32(truncatingIfNeeded: position &+ 1)
    }

    /// The number of the element whose key equals a value.
    @inline(__always)
    func position(of key: Value, width: Int) -> Int? {
        if let index = index { return indexedPosition(of: key, index: index, width: width) }
        let count = Int(count)
        var position = 0
        while position < count {
            if storage[position &* width].isEqual(to: key) { return position }
            position &+= 1
        }
        return nil
    }

    private func indexedPosition(of key: Value, index: UnsafeMutablePointer<UInt32>, width: Int) -> Int? {
        var slot = Int(truncatingIfNeeded: key.hash) & Int(indexMask)
        while true {
            let entry = Int(index[slot])
            if entry == 0 { return nil }
            if storage[(entry &- 1) &* width].isEqual(to: key) { return entry &- 1 }
            slot = (slot &+ 1) & Int(indexMask)
        }
    }
}

extension Value {
    /// The value of an object's key, the element of an array at an integer, or the value itself if a set contains it; else undefined.
    @inline(__always)
    public func member(_ key: Value) -> Value {
        guard let header = header else { return .undefined }
        switch tag {
        case .object:
            guard let position = header.pointee.position(of: key, width: 2) else { return .undefined }
            // An integer does not find a key that was written as a fraction (`1.0`), though they are equal.
            if key.tag == .integer && header.pointee.storage[position &* 2].tag == .decimal { return .undefined }
            return header.pointee.storage[position &* 2 &+ 1]
        case .array:
            guard let position = key.literalInteger, position >= 0, position < Int64(header.pointee.count) else {
                return .undefined
            }
            return header.pointee.storage[Int(position)]
        default:
            guard let position = header.pointee.position(of: key, width: 1) else { return .undefined }
            return header.pointee.storage[position]
        }
    }

    /// The value of an object's key that equals a value, however numbers in either are written; else undefined.
    @inline(__always)
    func memberOfEqualKey(_ key: Value) -> Value {
        guard tag == .object, let header, let position = header.pointee.position(of: key, width: 2) else {
            return .undefined
        }
        return header.pointee.storage[position &* 2 &+ 1]
    }

    /// Whether a set has a value or an object a key.
    public func contains(_ key: Value) -> Bool {
        tag != .array && member(key).isDefined
    }

    /// Puts the elements of a set or object into Rego's order.
    @inline(never)
    func sortElements() {
        guard let header = header else { return }
        let count = Int(header.pointee.count)
        if tag == .object {
            let storage = UnsafeMutableRawPointer(header.pointee.storage)
            var pairs = UnsafeMutableBufferPointer(
                start: storage.assumingMemoryBound(to: (Value, Value).self), count: count)
            pairs.sort { $0.0.isOrdered(before: $1.0) }
        } else {
            var values = UnsafeMutableBufferPointer(start: header.pointee.storage, count: count)
            values.sort { $0.isOrdered(before: $1) }
        }
        header.pointee.isSorted = true
        if let index = header.pointee.index {
            index.update(repeating: 0, count: Int(header.pointee.indexMask) &+ 1)
            for position in 0..<count { header.pointee.enter(position, width: tag == .object ? 2 : 1) }
        }
    }
}
