// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Evaluates the queries of one policy version, one at a time; what it uses is reused, so keep one for each event loop.
public final class Evaluator {
    /// The policy and data.
    public let version: PolicyVersion
    /// What builtins use; its heap holds results until the next evaluation.
    public let context: BuiltinContext
    /// Whether the first error of a builtin ends the evaluation; else the call is undefined.
    public var isStrict = false
    /// The first error of a builtin that was turned into undefined.
    public private(set) var firstBuiltinError: EvaluationError?

    let program: Program
    let heap: Heap
    let code: UnsafePointer<Instruction>
    let constants: UnsafePointer<Value>
    let slots: UnsafeMutablePointer<Value>
    let registers: UnsafeMutableBufferPointer<Value>
    let registersEnd: UnsafeMutablePointer<Value>
    let operations: UnsafeMutableBufferPointer<Builtin.Evaluate>
    let state: UnsafeMutablePointer<State>
    let meter: Meter
    private let nodeOverrides: UnsafeMutableBufferPointer<UInt8>
    var notedPlaces: [Bool]
    var overlayFrames: [OverlayFrame] = []
    var mocks: [Int32: Mock] = [:]

    /// What the interpreter reads often.
    struct State {
        var input: Value = .undefined
        var data: Value = .undefined
        var depth = 0
        var depthLimit = 0
        /// Whether `with` replaces base documents or rules.
        var replacesData = false
        /// Whether `with` replaces functions.
        var replacesCalls = false
    }

    /// What a `with` put aside.
    struct OverlayFrame {
        var input: Value
        var data: Value
        var replacesData: Bool
        var replacesCalls: Bool
        var nodes: [Int32]
        var mocks: [Int32: Mock]
        var slots: UnsafeMutablePointer<Value>
    }

    enum Mock {
        case callable(Int32)
        case value(Value)
    }

    private static let registerCount = 1 << 16
    /// Registers beyond the last that a unit may have, for operands of builtins.
    private static let spareRegisters = 8

    /// Makes an evaluator.
    public init(version: PolicyVersion, limits: Limits = Limits()) {
        self.version = version
        program = version.program
        notedPlaces = Array(repeating: false, count: program.notesPlaces ? program.code.count : 0)
        heap = Heap(firstChunk: 256 * 1024, byteLimit: limits.heapBytes)
        // Base documents were not made by evaluations.
        heap.weightLimit = limits.heapBytes.addingReportingOverflow(4 &* version.data.root.weight).partialValue
        context = BuiltinContext(heap: heap, limits: limits)
        meter = context.meter
        code = UnsafePointer(program.code.baseAddress ?? .allocate(capacity: 0))
        constants = UnsafePointer(program.constants.baseAddress ?? .allocate(capacity: 0))
        slots = .allocate(capacity: max(program.groupCount, 1))
        registers = .allocate(capacity: Evaluator.registerCount + Evaluator.spareRegisters)
        registersEnd = (registers.baseAddress ?? slots) + Evaluator.registerCount
        operations = .allocate(capacity: program.builtins.count)
        _ = operations.initialize(from: program.builtins.map(\.evaluate))
        state = .allocate(capacity: 1)
        state.initialize(to: State())
        nodeOverrides = .allocate(capacity: program.nodes.count)
        nodeOverrides.initialize(repeating: 0)
    }

    deinit {
        slots.deallocate()
        registers.deallocate()
        operations.deinitialize()
        operations.deallocate()
        state.deallocate()
        nodeOverrides.deallocate()
    }

    // MARK: Entry

    /// Gives back what the last evaluation left and forgets its input.
    public func reset() {
        heap.reset()
    }

    /// What stands at an entry point of the program, undefined if nothing does.
    ///
    /// - Parameter input: lives in a heap that outlives the result; undefined if there is no input.
    public func evaluate(entryPoint: Int, input: Value) throws(EvaluationError) -> Value {
        try evaluate(unit: program.groupCount &+ entryPoint, input: input)
    }

    /// The answers of a query: an array of arrays with the values of the query's variables.
    public func evaluate(query: Int, input: Value) throws(EvaluationError) -> Value {
        try evaluate(unit: program.groupCount &+ program.entryPointCount &+ query, input: input)
    }

    /// What stands at a path below `data`.
    public func evaluate(path: [Value], input: Value) throws(EvaluationError) -> Value {
        begin(input: input)
        var value = document(node: 0, base: state.pointee.data)
        for key in path {
            value = try child(of: value, key: key, top: registersStart)
            if value.isUndefined { return .undefined }
        }
        return try checked(try materialize(value, top: registersStart))
    }

    func document(ofGroup group: Int) throws(EvaluationError) -> Value {
        begin(input: .undefined)
        return try checked(try evaluateRule(group, top: registersStart))
    }

    /// A result, unless more memory was used for it than allowed.
    private func checked(_ result: Value) throws(EvaluationError) -> Value {
        if heap.isExhausted { throw limitError(.memory, at: .none) }
        return result
    }

    private var registersStart: UnsafeMutablePointer<Value> { registersEnd - Evaluator.registerCount }

    private func evaluate(unit number: Int, input: Value) throws(EvaluationError) -> Value {
        guard number < program.units.count else { return .undefined }
        begin(input: input)
        let unit = program.units[number]
        let base = registersStart
        let end = base + Int(unit.registers)
        guard end <= registersEnd else { throw limitError(.callDepth, at: unit.location) }
        return try checked(try run(Int(unit.start), base, end))
    }

    private func begin(input: Value) {
        meter.start(context.limits)
        state.pointee = State(
            input: input, data: version.data.root, depth: 0, depthLimit: context.limits.callDepth)
        if program.groupCount > 0, let initial = version.initialSlots.baseAddress {
            slots.update(from: initial, count: program.groupCount)
        }
        if firstBuiltinError != nil { firstBuiltinError = nil }
        if !context.notes.isEmpty { context.notes.removeAll() }
        if !overlayFrames.isEmpty { dropOverlays() }
        if !context.evaluationCache.isEmpty { context.evaluationCache.removeAll(keepingCapacity: true) }
    }

    private func dropOverlays() {
        overlayFrames.removeAll(keepingCapacity: true)
        mocks.removeAll()
        nodeOverrides.update(repeating: 0)
    }

    // MARK: Rules

    func evaluateRule(_ group: Int, top: UnsafeMutablePointer<Value>) throws(EvaluationError) -> Value {
        let unit = program.units[group]
        if state.pointee.replacesData, let base = replacement(ofNode: unit.node) { return base }
        try charge(at: unit.location)
        let end = top + Int(unit.registers)
        guard end <= registersEnd, state.pointee.depth < state.pointee.depthLimit else {
            throw limitError(.callDepth, at: unit.location)
        }
        state.pointee.depth &+= 1
        let value = try run(Int(unit.start), top, end)
        state.pointee.depth &-= 1
        slots[group] = value
        return value
    }

    func callFunction(
        _ group: Int, _ arguments: UnsafeMutablePointer<Value>, _ count: Int, top: UnsafeMutablePointer<Value>
    ) throws(EvaluationError) -> Value {
        let unit = program.units[group]
        try charge(at: unit.location)
        let end = top + Int(unit.registers)
        guard end <= registersEnd, state.pointee.depth < state.pointee.depthLimit else {
            throw limitError(.callDepth, at: unit.location)
        }
        top.update(from: arguments, count: count)
        state.pointee.depth &+= 1
        let value = try run(Int(unit.start), top, end)
        state.pointee.depth &-= 1
        return value
    }

    func callBuiltin(
        _ number: Int, _ arguments: UnsafePointer<Value>, _ count: Int, at place: Int
    ) throws(EvaluationError) -> Value {
        if let limit = meter.charge(1) { throw limitError(limit, at: program.locations[place]) }
        do throws(BuiltinFailure) {
            return try operations[number](Arguments(start: arguments, count: count), context)
        } catch {
            return try failed(error, builtin: number, at: place)
        }
    }

    @inline(never)
    private func failed(_ failure: BuiltinFailure, builtin: Int, at place: Int) throws(EvaluationError) -> Value {
        let location = program.locations[place]
        let name = program.builtins[builtin].name
        let error: EvaluationError
        switch failure {
        case .type(let message): error = makeError("eval_type_error", "\(name): \(message)", at: location)
        case .value(let message): error = makeError("eval_builtin_error", "\(name): \(message)", at: location)
        case .limit(let limit): throw limitError(limit, at: location)
        case .halt(let code, let message): throw makeError(code, message, at: location)
        }
        if isStrict { throw error }
        if firstBuiltinError == nil { firstBuiltinError = error }
        return .undefined
    }

    // MARK: with

    func nodeIsReplaced(_ node: Int32) -> Bool { nodeOverrides[Int(node)] > 0 }

    /// The base document that stands in place of a rule or package, if `with` replaces it or something above it.
    func replacement(ofNode node: Int32) -> Value? {
        var current = node
        while current >= 0 {
            if nodeOverrides[Int(current)] > 0 { return baseValue(atNode: node) }
            current = program.nodes[Int(current)].parent
        }
        return nil
    }

    private func baseValue(atNode node: Int32) -> Value {
        if node <= 0 { return state.pointee.data }
        let entry = program.nodes[Int(node)]
        return baseValue(atNode: entry.parent).member(entry.key)
    }

    func beginOverlay(
        _ overlay: Program.Overlay, _ base: UnsafeMutablePointer<Value>, at place: Int
    ) throws(EvaluationError) {
        func load(_ operand: Int32) -> Value { operand >= 0 ? base[Int(operand)] : constants[Int(~operand)] }
        let count = program.groupCount
        // Documents on the way to what is replaced are copied, and so is what is known of the rules.
        var work = 1 &+ count / 16
        for replacement in overlay.replacements {
            switch replacement {
            case .input(let path, _): work &+= copiedMembers(state.pointee.input, path.map(load))
            case .data(let path, _, _): work &+= copiedMembers(state.pointee.data, path.map(load))
            case .callable, .value: work &+= 1
            }
        }
        if let limit = meter.charge(work) { throw limitError(limit, at: program.locations[place]) }
        let saved = heap.allocate(count &* MemoryLayout<Value>.stride).assumingMemoryBound(to: Value.self)
        saved.update(from: slots, count: count)
        var frame = OverlayFrame(
            input: state.pointee.input, data: state.pointee.data, replacesData: state.pointee.replacesData,
            replacesCalls: state.pointee.replacesCalls, nodes: [], mocks: mocks, slots: saved)
        for replacement in overlay.replacements {
            switch replacement {
            case .input(let path, let value):
                state.pointee.input = replaced(state.pointee.input, path.map(load), load(value))
            case .data(let path, let node, let value):
                state.pointee.data = replaced(state.pointee.data, path.map(load), load(value))
                state.pointee.replacesData = true
                if let node {
                    nodeOverrides[Int(node)] &+= 1
                    frame.nodes.append(node)
                }
            case .callable(let callable, let other):
                mocks[callable] = .callable(other)
                state.pointee.replacesCalls = true
            case .value(let callable, let value):
                mocks[callable] = .value(load(value))
                state.pointee.replacesCalls = true
            }
        }
        for group in overlay.groups { slots[Int(group)] = .unknown }
        overlayFrames.append(frame)
    }

    func endOverlay() {
        guard let frame = overlayFrames.popLast() else { return }
        state.pointee.input = frame.input
        state.pointee.data = frame.data
        state.pointee.replacesData = frame.replacesData
        state.pointee.replacesCalls = frame.replacesCalls
        mocks = frame.mocks
        for node in frame.nodes { nodeOverrides[Int(node)] &-= 1 }
        slots.update(from: frame.slots, count: program.groupCount)
    }

    private func copiedMembers(_ document: Value, _ path: [Value]) -> Int {
        var current = document
        var result = 0
        for key in path where current.tag == .object {
            result &+= current.count / 4 &+ 1
            current = current.member(key)
        }
        return result
    }

    /// A copy of a document with another value at a path.
    private func replaced(_ document: Value, _ path: [Value], _ value: Value) -> Value {
        guard let key = path.first else { return value }
        let rest = Array(path.dropFirst())
        let result = heap.emptyObject(capacity: document.count &+ 1)
        if document.tag == .object {
            for member in document.members { heap.insert(member.key, member.value, into: result) }
        }
        let below = document.tag == .object ? document.member(key) : .undefined
        heap.update(key, to: replaced(below, rest, value), in: result)
        return result
    }

    // MARK: Errors

    @inline(__always)
    func charge(at location: @autoclosure () -> Location) throws(EvaluationError) {
        if let limit = meter.charge(1) { throw limitError(limit, at: location()) }
    }

    func limitError(_ limit: Limit, at location: Location) -> EvaluationError {
        var error = makeError("eval_limit_error", "the policy reached its limit of \(limit.rawValue)", at: location)
        error.limit = limit
        return error
    }

    func makeError(_ code: String, _ message: String, at location: Location) -> EvaluationError {
        let known = program.sources.indices.contains(Int(location.file))
        return EvaluationError(
            code: code, message: message, file: known ? program.sources[Int(location.file)] : "", location: location)
    }
}
