// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Paths into documents as `json.filter`, `json.remove` and `json.patch` take them.
enum DocumentPaths {
    /// How long a path may be.
    static let lengthLimit = 1000

    /// The keys of a path: those of an array, or of a text between slashes (RFC 6901, a leading slash may be left off); nil for
    /// other values.
    static func path(_ value: Value, _ context: BuiltinContext) throws(BuiltinFailure) -> [Value]? {
        switch value.tag {
        case .string:
            try context.charge(value.byteCount / 16 &+ 1)
            if value.byteCount == 0 { return [] }
            let slash = UInt8(ascii: "/")
            let keys = ArraySlice(value.utf8).drop { $0 == slash }
                .split(separator: slash, omittingEmptySubsequences: false)
            if keys.count > lengthLimit { throw .limit(.depth) }
            return keys.map { context.heap.string(unescape($0)) }
        case .array:
            if value.count > lengthLimit { throw .limit(.depth) }
            try context.charge(value.count)
            return Array(value.elements)
        default:
            return nil
        }
    }

    private static func unescape(_ key: ArraySlice<UInt8>) -> [UInt8] {
        let tilde = UInt8(ascii: "~")
        guard key.contains(tilde) else { return Array(key) }
        return replace(
            tilde, UInt8(ascii: "0"), by: tilde, in: replace(tilde, UInt8(ascii: "1"), by: 0x2F, in: key)[...])
    }

    private static func replace(
        _ first: UInt8, _ second: UInt8, by byte: UInt8, in text: ArraySlice<UInt8>
    ) -> [UInt8] {
        var result: [UInt8] = []
        var rest = text
        while let next = rest.popFirst() {
            if next == first, rest.first == second {
                rest.removeFirst()
                result.append(byte)
            } else {
                result.append(next)
            }
        }
        return result
    }

    /// The paths of the second operand as a tree of objects whose leaves are null; a shorter path hides longer ones.
    static func tree(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        let operand = arguments[1]
        guard operand.tag == .array || operand.tag == .set else {
            throw .operand(2, mustBeOneOf: ["set", "array"], got: operand)
        }
        let heap = context.heap
        let root = heap.emptyObject()
        for element in operand.elements {
            guard let path = try path(element, context) else {
                throw .type(
                    "operand 2 must be one of {set, array} containing string paths or array of path segments but got "
                        + element.typeName)
            }
            guard let last = path.last else { continue }
            var node = root
            for key in path.dropLast() where node.tag == .object {
                var child = node.member(key)
                if child.isUndefined {
                    child = heap.emptyObject()
                    heap.update(key, to: child, in: node)
                }
                node = child
            }
            if node.tag == .object { heap.update(last, to: .null, in: node) }
        }
        return root
    }
}
