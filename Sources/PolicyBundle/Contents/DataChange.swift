// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Rego

/// A change of data that a delta bundle makes.
public struct DataChange: Sendable, Hashable {
    /// What is done.
    public enum Operation: String, Sendable {
        /// Sets a value, with the objects above it where they are missing.
        case upsert
        /// Sets a value that is there.
        case replace
        /// Takes a value away.
        case remove
    }

    /// What is done.
    public let operation: Operation
    /// Where, from the top of data; the parts as bytes.
    public let path: [[UInt8]]
    /// The value as JSON; empty for `remove`.
    public let value: [UInt8]

    /// Describes a change.
    public init(_ operation: Operation, at path: [[UInt8]], value: [UInt8] = []) {
        self.operation = operation
        self.path = path
        self.value = value
    }

    /// Reads the content of `patch.json`.
    static func read(_ bytes: [UInt8], limits: BundleLimits) throws(BundleFailure) -> [DataChange] {
        let document = try JSONDocument(bytes, limits: limits) { .patch($0) }
        defer { document.hold() }
        let list = document.member("data", of: document.root)
        guard list.tag == .array else { throw .patch("'data' is no array") }
        var changes: [DataChange] = []
        for item in list.elements {
            guard let operation = Operation(rawValue: document.member("op", of: item).string) else {
                throw .patch("'op' is neither upsert, replace nor remove")
            }
            let path = document.member("path", of: item)
            guard path.isString else { throw .patch("'path' is no string") }
            let value = document.member("value", of: item)
            if operation != .remove, value.isUndefined { throw .patch("'value' is missing") }
            changes.append(
                DataChange(
                    operation, at: try pointer(path.utf8),
                    value: operation == .remove ? [] : JSONWriter.bytes(value)))
        }
        return changes
    }

    /// The parts of a JSON pointer (RFC 6901).
    private static func pointer(_ text: UnsafeBufferPointer<UInt8>) throws(BundleFailure) -> [[UInt8]] {
        var parts: [[UInt8]] = []
        guard text.first == UInt8(ascii: "/") else { throw .patch("a path must start with '/'") }
        for part in text.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            var name: [UInt8] = []
            var isEscaped = false
            for byte in part {
                if isEscaped {
                    guard byte == UInt8(ascii: "0") || byte == UInt8(ascii: "1") else {
                        throw .patch("a path has a wrong escape")
                    }
                    name.append(byte == UInt8(ascii: "0") ? UInt8(ascii: "~") : UInt8(ascii: "/"))
                    isEscaped = false
                } else if byte == UInt8(ascii: "~") {
                    isEscaped = true
                } else {
                    name.append(byte)
                }
            }
            if isEscaped { throw .patch("a path has a wrong escape") }
            parts.append(name)
        }
        // "/" means the top, as in OPA.
        return parts.count == 1 && parts.first?.isEmpty == true ? [] : parts
    }

    /// Data after some changes; either all are made or none.
    public static func apply(
        _ changes: [DataChange], to data: [UInt8], limits: BundleLimits = BundleLimits()
    ) throws(BundleFailure) -> [UInt8] {
        let document = try JSONDocument(data, limits: limits) { .data($0) }
        defer { document.hold() }
        guard document.root.isObject else { throw .data("the top of data must be an object") }
        var root = document.root
        for change in changes { root = try change.apply(to: root, document.heap, limits) }
        return JSONWriter.bytes(root)
    }

    private func apply(to root: Value, _ heap: Heap, _ limits: BundleLimits) throws(BundleFailure) -> Value {
        let new =
            operation == .remove
            ? Value.undefined : try JSONDocument.read(value, into: heap, limits: limits) { .patch($0) }
        guard !path.isEmpty else {
            guard new.isObject else { throw .patch("the top of data must be an object") }
            return new
        }
        return try set(path[...], of: root, to: new, heap)
    }

    /// The value with a change below it; only what lies on the way is made anew.
    private func set(
        _ rest: ArraySlice<[UInt8]>, of value: Value, to new: Value, _ heap: Heap
    ) throws(BundleFailure) -> Value {
        guard let name = rest.first else { return new }
        let shown = String(decoding: name, as: UTF8.self)
        if value.tag == .array { return try setElement(rest, of: value, to: new, heap) }
        let isMissing = value.isUndefined && operation == .upsert
        guard value.isObject || isMissing else { throw .patch("there is nothing above '\(shown)'") }
        let key = heap.string(name)
        let known = value.member(key)
        if known.isUndefined, operation != .upsert { throw .patch("there is no '\(shown)'") }
        let changed = try set(rest.dropFirst(), of: known, to: new, heap)
        let result = heap.emptyObject(capacity: value.count &+ 1)
        for member in value.members where !member.key.utf8.elementsEqual(name) {
            heap.insert(member.key, member.value, into: result)
        }
        if changed.isDefined { heap.insert(key, changed, into: result) }
        return result
    }

    private func setElement(
        _ rest: ArraySlice<[UInt8]>, of array: Value, to new: Value, _ heap: Heap
    ) throws(BundleFailure) -> Value {
        let name = String(decoding: rest.first ?? [], as: UTF8.self)
        let isAppended = name.utf8.elementsEqual("-".utf8) && rest.count == 1 && operation == .upsert
        let position = isAppended ? array.count : Int(name) ?? -1
        guard position >= 0, position < array.count || isAppended else { throw .patch("there is no element '\(name)'") }
        var elements = Array(array.elements)
        if isAppended { return heap.array(elements + [new]) }
        let changed = try set(rest.dropFirst(), of: elements[position], to: new, heap)
        if changed.isDefined {
            elements[position] = changed
        } else {
            elements.remove(at: position)
        }
        return heap.array(elements)
    }
}
