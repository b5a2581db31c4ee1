// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension Value {
    /// Whether two values are equal in Rego: numbers by value, strings by code points, collections by content.
    @inline(__always)
    public func isEqual(to other: Value) -> Bool {
        if isIdentical(to: other) { return true }
        if tag == .string { return other.tag == .string && isSameString(as: other) }
        if tag == .integer && other.tag == .integer { return false }
        return isDeeplyEqual(to: other)
    }

    @inline(never)
    private func isDeeplyEqual(to other: Value) -> Bool {
        if isNumber { return other.isNumber && compareNumber(to: other) == 0 }
        guard tag == other.tag, let header = header, let otherHeader = other.header,
            header.pointee.count == otherHeader.pointee.count
        else { return false }
        let count = Int(header.pointee.count)
        switch tag {
        case .array:
            for position in 0..<count
            where !header.pointee.storage[position].isEqual(to: otherHeader.pointee.storage[position]) {
                return false
            }
        case .set:
            for position in 0..<count
            where otherHeader.pointee.position(of: header.pointee.storage[position], width: 1) == nil {
                return false
            }
        default:
            for position in 0..<count {
                let key = header.pointee.storage[position &* 2]
                guard let match = otherHeader.pointee.position(of: key, width: 2),
                    header.pointee.storage[position &* 2 &+ 1].isEqual(
                        to: otherHeader.pointee.storage[match &* 2 &+ 1])
                else { return false }
            }
        }
        return true
    }

    /// Whether it comes before another value in Rego's order.
    public func isOrdered(before other: Value) -> Bool {
        compare(to: other) < 0
    }

    /// Rego's order over all values: null, booleans, numbers, strings, arrays, objects, sets.
    ///
    /// - Returns: negative, zero or positive.
    public func compare(to other: Value) -> Int {
        if isIdentical(to: other) { return 0 }
        if tag == .integer && other.tag == .integer { return immediate < other.immediate ? -1 : 1 }
        if rank != other.rank { return rank < other.rank ? -1 : 1 }
        switch tag {
        case .false, .true: return tag == .false ? -1 : 1
        case .integer, .decimal: return compareNumber(to: other)
        case .string: return compareString(to: other)
        case .array, .set: return compareLists(elements, other.elements)
        case .object: return compareMembers(to: other)
        case .undefined, .null, .document: return 0
        }
    }

    private var rank: UInt8 {
        switch tag {
        case .true: Tag.false.rawValue
        case .decimal: Tag.integer.rawValue
        default: tag.rawValue
        }
    }

    private func compareString(to other: Value) -> Int {
        let left = utf8
        let right = other.utf8
        let shared = min(left.count, right.count)
        var position = 0
        while position < shared {
            let one = left[position]
            let two = right[position]
            if one != two { return one < two ? -1 : 1 }
            position &+= 1
        }
        return left.count == right.count ? 0 : (left.count < right.count ? -1 : 1)
    }

    private func compareLists(_ left: ValueList, _ right: ValueList) -> Int {
        for (one, two) in zip(left, right) {
            let order = one.compare(to: two)
            if order != 0 { return order }
        }
        return left.count == right.count ? 0 : (left.count < right.count ? -1 : 1)
    }

    private func compareMembers(to other: Value) -> Int {
        let left = members
        let right = other.members
        for (one, two) in zip(left, right) {
            var order = one.key.compare(to: two.key)
            if order != 0 { return order }
            order = one.value.compare(to: two.value)
            if order != 0 { return order }
        }
        return left.count == right.count ? 0 : (left.count < right.count ? -1 : 1)
    }

    /// A hash that equal values share.
    @inline(__always) var hash: UInt64 {
        switch tag {
        case .string: stringHash
        case .integer: StringHash.mix(payload ^ Heap.processSeed, 0xD6E8_FEB8_6659_FD93)
        default: deepHash
        }
    }

    @inline(never)
    private var deepHash: UInt64 {
        guard let header = header else {
            return isNumber
                ? numberHash : StringHash.mix(word ^ Heap.processSeed ^ 0xA076_1D64_78BD_642F, 0xE703_7ED1_A0B4_28DB)
        }
        if header.pointee.hash != 0 { return header.pointee.hash }
        var result = UInt64(tag.rawValue) &* 0x9E37_79B9_7F4A_7C15 ^ Heap.processSeed
        let count = Int(header.pointee.count)
        for position in 0..<count {
            switch tag {
            case .array:
                result = StringHash.mix(result ^ 0xA076_1D64_78BD_642F, header.pointee.storage[position].hash)
            case .set:
                result = result &+ StringHash.mix(header.pointee.storage[position].hash, 0xE703_7ED1_A0B4_28DB)
            default:
                let key = header.pointee.storage[position &* 2].hash
                let value = header.pointee.storage[position &* 2 &+ 1].hash
                result = result &+ StringHash.mix(key ^ 0x8EBC_6AF0_9C88_C6E3, value ^ 0xA076_1D64_78BD_642F)
            }
        }
        if result == 0 { result = 1 }
        header.pointee.hash = result
        return result
    }
}
