// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Turns an analyzed policy into a program.
///
/// A body becomes straight code: what fails goes on with the next turn of the innermost open loop, or leaves the body. So there
/// is no unification and no unwinding when it runs.
struct CodeGenerator {
    let policy: AnalyzedPolicy
    let builtins: BuiltinTable
    let heap: Heap
    let symbols: SymbolTable
    /// What is made so far.
    var parts: Program.Parts
    var pool = ConstantPool()
    var pathNumbers: [[Text]: Int32] = [:]
    /// The builtins that some `with` replaces; they are always called, never inlined.
    let replacedBuiltins: Set<Text>

    // State of the unit that is being made.
    var scope = Scope()
    var location = Location.none
    var isFunction = false

    /// The target of each label, once it is known.
    var labels: [Int32] = []

    /// The registers of a unit.
    struct Scope {
        /// The register or constant of each variable that is bound.
        var bound: [Text: Int32] = [:]
        /// Where a failing instruction goes on.
        var failure: Int32 = -1
        var next: Int32 = 0
        var peak: Int32 = 0
    }

    /// Compiles a policy, paths below `data` that are asked for, and queries.
    static func program(
        policy: AnalyzedPolicy, entryPoints: [[SyntaxValue]], queries: [AnalyzedQuery], builtins: BuiltinTable,
        notesPlaces: Bool = false
    ) throws(Diagnostics) -> Program {
        var generator = CodeGenerator(policy: policy, queries: queries, builtins: builtins)
        generator.parts.notesPlaces = notesPlaces
        do throws(Diagnostic) {
            for group in policy.groups.indices { try generator.emitGroup(policy.groups[group], number: group) }
            for path in entryPoints { try generator.emitEntryPoint(path) }
            for query in queries { try generator.emitQuery(query) }
        } catch {
            throw Diagnostics([error])
        }
        return generator.finished(entryPoints: entryPoints.count)
    }

    private init(policy: AnalyzedPolicy, queries: [AnalyzedQuery], builtins: BuiltinTable) {
        self.policy = policy
        self.builtins = builtins
        heap = Heap()
        symbols = SymbolTable(heap: heap)
        parts = Program.Parts(symbols: symbols, heap: heap)
        var replaced: Set<Text> = []
        for part in policy.dependencies { replaced.formUnion(part.replacedBuiltins) }
        for query in queries { replaced.formUnion(query.dependencies.replacedBuiltins) }
        replacedBuiltins = replaced
    }

    private mutating func finished(entryPoints: Int) -> Program {
        for position in parts.code.indices where parts.code[position].target >= 0 {
            parts.code[position].target = labels[Int(parts.code[position].target)]
        }
        for position in parts.candidates.indices where parts.candidates[position] >= 0 {
            parts.candidates[position] = labels[Int(parts.candidates[position])]
        }
        for value in pool.values { value.freeze(in: heap) }
        parts.constants = pool.values
        parts.nodes = makeNodes()
        parts.builtins = builtins.list
        parts.groupCount = policy.groups.count
        parts.entryPointCount = entryPoints
        parts.sources = policy.sources
        parts.inputFreeGroups = policy.groups.indices.filter { isInputFree($0) }.map { Int32($0) }
        return Program(parts)
    }

    /// Whether the document of a group depends on nothing but the base documents.
    private func isInputFree(_ group: Int) -> Bool {
        if case .function = policy.groups[group].kind { return false }
        let reads = policy.closure(of: policy.dependencies[group])
        return reads.inputPaths.isEmpty && reads.isDeterministic
    }

    private mutating func makeNodes() -> [Program.Node] {
        policy.tree.nodes.map { node in
            let children = heap.emptyObject(capacity: node.order.count)
            for child in node.order {
                heap.update(constant(policy.tree.nodes[child].key), to: .integer(Int64(child)), in: children)
            }
            children.freeze(in: heap)
            var isFunction = false
            if let group = node.group, case .function = policy.groups[group].kind { isFunction = true }
            return Program.Node(
                parent: Int32(node.parent ?? -1), key: constant(node.key), group: Int32(node.group ?? -1),
                isFunction: isFunction,
                children: children)
        }
    }

    // MARK: Instructions

    /// A label whose place is given later.
    mutating func label() -> Int32 {
        labels.append(-1)
        return Int32(labels.count - 1)
    }

    /// Gives a label the place of the next instruction.
    mutating func place(_ label: Int32) {
        labels[Int(label)] = Int32(parts.code.count)
    }

    mutating func emit(
        _ operation: Operation, a: Int32 = -1, b: Int32 = -1, c: Int32 = -1, to target: Int32 = -1, extra: Int32 = -1
    ) {
        parts.code.append(Instruction(operation: operation, a: a, b: b, c: c, target: target, extra: extra))
        parts.locations.append(location)
    }

    /// Notes the current place in programs that are made to be watched.
    mutating func emitNote() {
        if parts.notesPlaces { emit(.note) }
    }

    /// An instruction that goes on at the current failure.
    mutating func emitFailing(
        _ operation: Operation, a: Int32 = -1, b: Int32 = -1, c: Int32 = -1, extra: Int32 = -1
    ) {
        emit(operation, a: a, b: b, c: c, to: scope.failure, extra: extra)
    }

    /// Registers of their own, one after the other.
    mutating func register(count: Int32 = 1) -> Int32 {
        let first = scope.next
        scope.next += count
        scope.peak = max(scope.peak, scope.next)
        return first
    }

    // MARK: Constants

    /// The operand of a constant.
    mutating func operand(_ value: Value) -> Int32 {
        pool.operand(value)
    }

    mutating func constant(_ text: Text) -> Value {
        symbols.intern(text.bytes)
    }

    mutating func constant(_ value: SyntaxValue) -> Value {
        switch value {
        case .null: return .null
        case .boolean(let value): return .boolean(value)
        case .number(let text): return heap.number(text)
        case .string(let text): return constant(text)
        case .array(let values): return heap.array(values.map { constant($0) })
        case .object(let members):
            return heap.object(members.map { (key: constant($0.key), value: constant($0.value)) })
        }
    }

    /// The value of a term without variables, references, calls and comprehensions; nil for others.
    mutating func constant(_ term: Term) -> Value? {
        switch term.kind {
        case .null: return .null
        case .boolean(let value): return .boolean(value)
        case .number(let text): return heap.number(text)
        case .string(let text): return constant(text)
        case .array(let items):
            guard let values = constants(items) else { return nil }
            return heap.array(values)
        case .set(let items):
            guard let values = constants(items) else { return nil }
            return heap.set(values)
        case .object(let items):
            guard let keys = constants(items.map(\.key)), let values = constants(items.map(\.value)) else { return nil }
            let object = heap.emptyObject(capacity: items.count)
            for (key, value) in zip(keys, values) {
                let known = heap.insert(key, value, into: object)
                // Two values for a key are an error when it runs.
                if known.isDefined && !known.isEqual(to: value) { return nil }
            }
            return object
        default: return nil
        }
    }

    private mutating func constants(_ terms: [Term]) -> [Value]? {
        var values: [Value] = []
        for term in terms {
            guard let value = constant(term) else { return nil }
            values.append(value)
        }
        return values
    }

    /// The number of a path of strings.
    mutating func path(_ keys: [Text]) -> Int32 {
        if let number = pathNumbers[keys] { return number }
        let number = Int32(parts.paths.count)
        let start = Int32(parts.pathKeys.count)
        parts.pathKeys.append(contentsOf: keys.map { constant($0) })
        parts.paths.append(Program.Path(start: start, end: Int32(parts.pathKeys.count)))
        pathNumbers[keys] = number
        return number
    }
}

/// The constants of a program; strings and integers stand in it once.
struct ConstantPool {
    private(set) var values: [Value] = []
    private var strings: [Text: Int32] = [:]
    private var integers: [Int64: Int32] = [:]

    /// The operand of a constant: the complement of its number.
    mutating func operand(_ value: Value) -> Int32 {
        switch value.tag {
        case .string:
            let text = value.text
            if let number = strings[text] { return number }
            strings[text] = ~Int32(values.count)
        case .integer:
            if let number = integers[value.immediate] { return number }
            integers[value.immediate] = ~Int32(values.count)
        default: break
        }
        values.append(value)
        return ~Int32(values.count - 1)
    }

    subscript(operand: Int32) -> Value { values[Int(~operand)] }
}
