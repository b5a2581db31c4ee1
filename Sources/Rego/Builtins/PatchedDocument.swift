// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A document under change: what operations reach is taken apart once, the rest stays as it is.
final class PatchedDocument {
    private let context: BuiltinContext
    /// What stands here as long as nothing below it changed; undefined for what was removed.
    private var original: Value
    private var content: Content = .original

    private enum Content {
        case original
        case elements([PatchedDocument])
        /// The changed members of an object or set, and an object from their keys to their positions.
        case members([(key: Value, value: PatchedDocument)], positions: Value)
    }

    init(_ value: Value, _ context: BuiltinContext) {
        original = value
        self.context = context
    }

    /// The document as it is now.
    var value: Value {
        get throws(BuiltinFailure) {
            let heap = context.heap
            switch content {
            case .original: return original
            case .elements(let elements):
                try context.checkCollection(elements.count)
                let result = heap.emptyArray(capacity: elements.count)
                for element in elements { heap.append(try element.value, to: result) }
                return result
            case .members(let changed, let positions):
                try context.checkCollection(original.count &+ changed.count)
                let result = original.tag == .set ? heap.emptySet() : heap.emptyObject()
                for element in original.elements where !positions.contains(element) {
                    heap.insert(element, into: result)
                }
                for member in original.members where !positions.contains(member.key) {
                    heap.update(member.key, to: member.value, in: result)
                }
                for member in changed {
                    let value = try member.value.value
                    guard value.isDefined else { continue }
                    if original.tag == .set {
                        heap.insert(value, into: result)
                    } else {
                        heap.update(member.key, to: value, in: result)
                    }
                }
                return result
            }
        }
    }

    /// The value at a path; undefined if there is none.
    func value(at path: [Value]) throws(BuiltinFailure) -> Value {
        try part(at: path[...])?.value ?? .undefined
    }

    /// Sets a member, or puts an element before that of the index.
    ///
    /// - Returns: whether there is a place for it.
    func add(_ value: Value, at path: [Value]) throws(BuiltinFailure) -> Bool {
        guard let key = path.last else {
            original = value
            content = .original
            return true
        }
        guard let parent = try part(at: path.dropLast()) else { return false }
        return try parent.insert(value, at: key)
    }

    /// Takes away what stands at a path.
    ///
    /// - Returns: whether something stood there.
    func remove(_ path: [Value]) throws(BuiltinFailure) -> Bool {
        guard let key = path.last else {
            let wasDefined = original.isDefined
            original = .undefined
            content = .original
            return wasDefined
        }
        guard let parent = try part(at: path.dropLast()), let child = try parent.child(key) else { return false }
        if case .elements(var elements) = parent.content {
            guard let index = parent.index(key, count: elements.count), index < elements.count else { return false }
            parent.content = .original
            elements.remove(at: index)
            parent.content = .elements(elements)
        } else {
            child.original = .undefined
            child.content = .original
        }
        return true
    }

    private func part(at path: ArraySlice<Value>) throws(BuiltinFailure) -> PatchedDocument? {
        var part = self
        for key in path {
            guard let child = try part.child(key) else { return nil }
            part = child
        }
        return part.original.isDefined ? part : nil
    }

    /// What a key leads to, taken apart from the rest.
    private func child(_ key: Value) throws(BuiltinFailure) -> PatchedDocument? {
        try unfold()
        switch content {
        case .original: return nil
        case .elements(let elements):
            guard let index = index(key, count: elements.count), index < elements.count else { return nil }
            return elements[index]
        case .members(let changed, let positions):
            if let position = positions.member(key).exactInteger, position < Int64(changed.count) {
                let child = changed[Int(position)].value
                return child.original.isDefined ? child : nil
            }
            let value = original.member(key)
            return value.isDefined ? change(key, to: value) : nil
        }
    }

    private func insert(_ value: Value, at key: Value) throws(BuiltinFailure) -> Bool {
        try unfold()
        switch content {
        case .original:
            return false
        case .elements(var elements):
            guard let index = index(key, count: elements.count) else { return false }
            try context.checkElement(after: elements.count)
            content = .original
            elements.insert(PatchedDocument(value, context), at: index)
            content = .elements(elements)
        case .members(let changed, let positions):
            if original.tag == .set && !key.isEqual(to: value) { return false }
            if let position = positions.member(key).exactInteger, position < Int64(changed.count) {
                changed[Int(position)].value.original = value
                changed[Int(position)].value.content = .original
            } else {
                try context.checkElement(after: original.count &+ changed.count)
                change(key, to: value)
            }
        }
        return true
    }

    @discardableResult
    private func change(_ key: Value, to value: Value) -> PatchedDocument {
        let child = PatchedDocument(value, context)
        guard case .members(var changed, let positions) = content else { return child }
        content = .original
        context.heap.update(key, to: .integer(Int64(changed.count)), in: positions)
        changed.append((key, child))
        content = .members(changed, positions: positions)
        return child
    }

    /// Takes a collection apart. The elements of a set are known by what they are now, so changes below them are settled first.
    private func unfold() throws(BuiltinFailure) {
        if original.tag == .set, case .members(let changed, _) = content, !changed.isEmpty {
            original = try value
            content = .original
        }
        guard case .original = content else { return }
        switch original.tag {
        case .array:
            try context.charge(original.count)
            content = .elements(original.elements.map { PatchedDocument($0, context) })
        case .object, .set:
            content = .members([], positions: context.heap.emptyObject())
        default: break
        }
    }

    /// The place in an array: a number, its text without leading zeros, or `-` for the end.
    private func index(_ key: Value, count: Int) -> Int? {
        var index = key.literalInteger
        if key.isString {
            if key.isText("-") { return count }
            let isPadded = key.byteCount > 1 && key.utf8.first == UInt8(ascii: "0")
            index = isPadded ? nil : Int64(key.string)
        }
        guard let index, index >= 0, index <= Int64(count) else { return nil }
        return Int(index)
    }
}
