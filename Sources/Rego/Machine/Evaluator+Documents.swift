// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A part of `data` that holds rules, as `Value.Tag.document` points to it.
private struct DocumentCell: BitwiseCopyable {
    var node: Int
    /// The base document at the same place, undefined if there is none.
    var base: Value
}

extension Evaluator {
    /// A part of `data`, to be evaluated as far as it is looked at.
    func document(node: Int, base: Value) -> Value {
        let memory = heap.allocate(MemoryLayout<DocumentCell>.stride)
        memory.initializeMemory(as: DocumentCell.self, to: DocumentCell(node: node, base: base))
        return .address(.document, memory)
    }

    /// The document at a node of the rule tree under the current replacements.
    func document(atNode node: Int) -> Value {
        if state.pointee.replacesData, let base = replacement(ofNode: Int32(node)) { return base }
        var keys: [Value] = []
        var current = node
        while current > 0 {
            keys.append(program.nodes[current].key)
            current = Int(program.nodes[current].parent)
        }
        return document(node: node, base: keys.reversed().reduce(state.pointee.data) { $0.member($1) })
    }

    private func cell(_ document: Value) -> DocumentCell? {
        document.pointer?.assumingMemoryBound(to: DocumentCell.self).pointee
    }

    /// What stands below a document or value at a key.
    func child(
        of document: Value, key: Value, top: UnsafeMutablePointer<Value>
    ) throws(EvaluationError) -> Value {
        guard document.tag == .document, let cell = cell(document) else { return document.member(key) }
        let base = cell.base.tag == .object ? cell.base.member(key) : .undefined
        let child = program.nodes[cell.node].children.member(key)
        guard child.tag == .integer else { return base }
        let number = Int(child.immediate)
        if state.pointee.replacesData, nodeIsReplaced(Int32(number)) { return base }
        let node = program.nodes[number]
        guard node.group >= 0 else { return self.document(node: number, base: base) }
        if node.isFunction { return base }
        let slot = slots[Int(node.group)]
        return slot.isUnknown ? try evaluateRule(Int(node.group), top: top) : slot
    }

    /// The keys of a document: those of its rules and packages and those of the base document.
    func keys(of document: Value) -> Value {
        let result = heap.emptySet()
        guard let cell = cell(document) else { return result }
        for key in program.nodes[cell.node].children.keys { heap.insert(key, into: result) }
        for key in cell.base.keys { heap.insert(key, into: result) }
        return result
    }

    /// All of a document, evaluated; where a rule and a base document have the same path, the base document is kept.
    func materialize(_ document: Value, top: UnsafeMutablePointer<Value>) throws(EvaluationError) -> Value {
        guard document.tag == .document else { return document }
        let result = heap.emptyObject()
        let base = cell(document)?.base ?? .undefined
        for key in keys(of: document).elements {
            try charge(at: .none)
            let child = try child(of: document, key: key, top: top)
            var value = try materialize(child, top: top)
            if child.tag != .document, base.tag == .object { value = try merged(base.member(key), value) }
            if value.isDefined { heap.insert(key, value, into: result) }
        }
        return result
    }

    /// A value with the members of another that it lacks.
    private func merged(_ value: Value, _ other: Value) throws(EvaluationError) -> Value {
        if value.isUndefined { return other }
        guard value.tag == .object, other.tag == .object, !value.isIdentical(to: other) else { return value }
        let result = heap.emptyObject()
        for (key, member) in value.members {
            try charge(at: .none)
            heap.insert(key, try merged(member, other.member(key)), into: result)
        }
        for (key, member) in other.members where value.member(key).isUndefined {
            try charge(at: .none)
            heap.insert(key, member, into: result)
        }
        return result
    }
}
