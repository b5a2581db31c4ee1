// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// `json.filter`, `json.remove` and `json.patch`.
enum DocumentBuiltins {
    private static let paths: RegoType = {
        let path = RegoType.union([.string, .anyArray])
        return .union([.list(path), .set(path)])
    }()

    private static let operation = RegoType.object(
        [.init(key: .string("op"), value: .string), .init(key: .string("path"), value: .any)],
        rest: .init(key: .any, value: .any))

    static let all: [Builtin] = [
        Builtin("json.filter", [.anyObject, paths], .any) { arguments, context throws(BuiltinFailure) in
            let document = try arguments.object(0)
            let tree = try DocumentPaths.tree(arguments, context)
            return try filter(document, by: tree, context)
        },
        Builtin("json.remove", [.anyObject, paths], .any) { arguments, context throws(BuiltinFailure) in
            let document = try arguments.object(0)
            let tree = try DocumentPaths.tree(arguments, context)
            return try remove(tree, from: document, context)
        },
        Builtin("json.patch", [.any, .list(operation)], .any, evaluate: patch),
    ]

    /// What the paths of a tree lead to.
    private static func filter(
        _ document: Value, by tree: Value, _ context: BuiltinContext
    ) throws(BuiltinFailure) -> Value {
        guard tree.tag == .object, document.isCollection else { return document }
        let heap = context.heap
        try context.charge(document.count)
        switch document.tag {
        case .array:
            let result = heap.emptyArray()
            for (position, element) in document.elements.enumerated() {
                let branch = tree.member(heap.string(IntegerText.bytes(Int64(position))))
                if branch.isDefined { heap.append(try filter(element, by: branch, context), to: result) }
            }
            return result
        case .set:
            let result = heap.emptySet()
            for element in document.elements {
                let branch = tree.member(element)
                if branch.isDefined { heap.insert(try filter(element, by: branch, context), into: result) }
            }
            return result
        default:
            let result = heap.emptyObject()
            for member in document.members {
                let branch = tree.member(member.key)
                guard branch.isDefined else { continue }
                heap.update(member.key, to: try filter(member.value, by: branch, context), in: result)
            }
            return result
        }
    }

    /// What the paths of a tree do not lead to; undefined for the end of a path.
    private static func remove(
        _ tree: Value, from document: Value, _ context: BuiltinContext
    ) throws(BuiltinFailure) -> Value {
        if tree.tag == .null { return .undefined }
        guard tree.tag == .object, document.isCollection else { return document }
        let heap = context.heap
        try context.charge(document.count)
        switch document.tag {
        case .array:
            let result = heap.emptyArray(capacity: document.count)
            for (position, element) in document.elements.enumerated() {
                let branch = tree.member(heap.string(IntegerText.bytes(Int64(position))))
                let rest = try remove(branch, from: element, context)
                if rest.isDefined { heap.append(rest, to: result) }
            }
            return result
        case .set:
            let result = heap.emptySet(capacity: document.count)
            for element in document.elements {
                let rest = try remove(tree.member(element), from: element, context)
                if rest.isDefined { heap.insert(rest, into: result) }
            }
            return result
        default:
            let result = heap.emptyObject(capacity: document.count)
            for member in document.members {
                let rest = try remove(tree.member(member.key), from: member.value, context)
                if rest.isDefined { heap.update(member.key, to: rest, in: result) }
            }
            return result
        }
    }

    /// A patch that cannot be applied has no value (RFC 6902, section 5).
    private static func patch(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        let document = PatchedDocument(arguments[0], context)
        for operation in try arguments.array(1).elements {
            try context.charge(1)
            guard try apply(operation, to: document, context) else { return .undefined }
        }
        return try document.value
    }

    /// Does one operation.
    ///
    /// - Returns: whether it was possible.
    private static func apply(
        _ operation: Value, to document: PatchedDocument, _ context: BuiltinContext
    ) throws(BuiltinFailure) -> Bool {
        guard let path = try DocumentPaths.path(operation.named("path"), context) else { return false }
        let name = operation.named("op")
        let value = operation.named("value")
        if name.isText("remove") { return try document.remove(path) }
        if name.isText("move") || name.isText("copy") {
            guard let from = try DocumentPaths.path(operation.named("from"), context) else { return false }
            let source = try document.value(at: from)
            guard source.isDefined else { return false }
            if name.isText("move") {
                guard try document.remove(from) else { return false }
            }
            return try document.add(source, at: path)
        }
        guard value.isDefined else { return false }
        if name.isText("add") { return try document.add(value, at: path) }
        if name.isText("replace") {
            guard try document.remove(path) else { return false }
            return try document.add(value, at: path)
        }
        guard name.isText("test") else { return false }
        let found = try document.value(at: path)
        try context.chargeComparison(found, value)
        return found.isEqual(to: value)
    }
}
