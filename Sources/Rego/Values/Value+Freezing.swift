// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension Value {
    /// Computes everything that would be computed on demand (orders, indices, hashes), so that several threads may read the value.
    public func freeze(in heap: Heap) {
        guard let header else { return }
        for position in 0..<Int(header.pointee.count) {
            if tag == .object {
                header.pointee.storage[position &* 2].freeze(in: heap)
                header.pointee.storage[position &* 2 &+ 1].freeze(in: heap)
            } else {
                header.pointee.storage[position].freeze(in: heap)
            }
        }
        if !header.pointee.isSorted { sortElements() }
        _ = hash
    }

    /// The same value in another heap, which need not outlive this one's.
    public func copy(to heap: Heap) -> Value {
        switch tag {
        case .string: return heap.storeText(utf8, tag: .string, hash: stringHash)
        case .decimal: return heap.storeText(utf8, tag: .decimal, hash: stringHash)
        case .array:
            let result = heap.emptyArray(capacity: count)
            for element in elements { heap.append(element.copy(to: heap), to: result) }
            return result
        case .set:
            let result = heap.emptySet(capacity: count)
            for element in elements { heap.insert(element.copy(to: heap), into: result) }
            return result
        case .object:
            let result = heap.emptyObject(capacity: count)
            for member in members { heap.insert(member.key.copy(to: heap), member.value.copy(to: heap), into: result) }
            return result
        case .undefined, .null, .false, .true, .integer, .document: return self
        }
    }
}
