// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension Evaluator {
    /// Executes instructions from `start` until a unit ends.
    ///
    /// - Parameters:
    ///   - base: the registers of the unit.
    ///   - top: where the registers of called units begin.
    func run(
        _ start: Int, _ base: UnsafeMutablePointer<Value>, _ top: UnsafeMutablePointer<Value>
    ) throws(EvaluationError) -> Value {
        let code = self.code
        let constants = self.constants
        let state = self.state
        let slots = self.slots
        @inline(__always) func load(_ operand: Int32) -> Value {
            operand >= 0 ? base[Int(operand)] : constants[Int(~operand)]
        }
        var place = start
        while true {
            let current = code + place
            place &+= 1
            switch current.pointee.operation {
            case .jump:
                place = Int(current.pointee.target)
            case .move:
                base[Int(current.pointee.a)] = load(current.pointee.b)
            case .testTrue:
                let value = load(current.pointee.b)
                if value.isUndefined || value.isFalse { place = Int(current.pointee.target) }
            case .equal:
                let left = load(current.pointee.b)
                let right = load(current.pointee.c)
                if left.isHeavy && right.isHeavy { try chargeComparison(left, right, at: place &- 1) }
                if !left.isEqual(to: right) { place = Int(current.pointee.target) }
            case .notEqual:
                let left = load(current.pointee.b)
                let right = load(current.pointee.c)
                if left.isHeavy && right.isHeavy { try chargeComparison(left, right, at: place &- 1) }
                if left.isEqual(to: right) { place = Int(current.pointee.target) }
            case .less:
                if try compare(load(current.pointee.b), load(current.pointee.c), at: place &- 1) >= 0 {
                    place = Int(current.pointee.target)
                }
            case .lessOrEqual:
                if try compare(load(current.pointee.b), load(current.pointee.c), at: place &- 1) > 0 {
                    place = Int(current.pointee.target)
                }
            case .greater:
                if try compare(load(current.pointee.b), load(current.pointee.c), at: place &- 1) <= 0 {
                    place = Int(current.pointee.target)
                }
            case .greaterOrEqual:
                if try compare(load(current.pointee.b), load(current.pointee.c), at: place &- 1) < 0 {
                    place = Int(current.pointee.target)
                }
            case .isIn:
                if try !contains(load(current.pointee.c), load(current.pointee.b), at: place &- 1) {
                    place = Int(current.pointee.target)
                }
            case .isArray:
                let value = load(current.pointee.b)
                if value.tag != .array || value.count != Int(current.pointee.extra) {
                    place = Int(current.pointee.target)
                }
            case .isObject:
                let value = load(current.pointee.b)
                if value.tag != .object || value.count != Int(current.pointee.extra) {
                    place = Int(current.pointee.target)
                }
            case .input:
                let value = state.pointee.input
                base[Int(current.pointee.a)] = value
                if value.isUndefined { place = Int(current.pointee.target) }
            case .inputPath:
                let value = walk(state.pointee.input, current.pointee.extra)
                base[Int(current.pointee.a)] = value
                if value.isUndefined { place = Int(current.pointee.target) }
            case .inputPathEqual:
                let value = walk(state.pointee.input, current.pointee.extra)
                if value.isUndefined || !value.isEqual(to: load(current.pointee.b)) {
                    place = Int(current.pointee.target)
                }
            case .dataPath:
                let path = current.pointee.extra
                let value =
                    state.pointee.replacesData ? walk(state.pointee.data, path) : version.baseValues[Int(path)]
                base[Int(current.pointee.a)] = value
                if value.isUndefined { place = Int(current.pointee.target) }
            case .document:
                base[Int(current.pointee.a)] = document(atNode: Int(current.pointee.extra))
            case .materialize:
                let value = try materialize(load(current.pointee.b), top: top)
                base[Int(current.pointee.a)] = value
                if value.isUndefined { place = Int(current.pointee.target) }
            case .member:
                let collection = load(current.pointee.b)
                let key = load(current.pointee.c)
                let value =
                    collection.tag == .document ? try child(of: collection, key: key, top: top) : collection.member(key)
                base[Int(current.pointee.a)] = value
                if value.isUndefined { place = Int(current.pointee.target) }
            case .baseMember:
                let collection = load(current.pointee.b)
                let key = load(current.pointee.c)
                var value = collection.member(key)
                if value.isUndefined, collection.tag == .object {
                    value = collection.member(heap.string(JSONWriter.bytes(key)))
                }
                base[Int(current.pointee.a)] = value
                if value.isUndefined { place = Int(current.pointee.target) }
            case .iterate:
                let collection = load(current.pointee.b)
                if try !startLoop(base + Int(current.pointee.a), collection, at: place &- 1) {
                    place = Int(current.pointee.target)
                }
            case .next:
                if let limit = meter.charge(1) { throw limitError(limit, at: program.locations[place &- 1]) }
                let cursor = base + Int(current.pointee.a)
                if cursor[0].tag == .document {
                    guard let (key, value) = try nextChild(cursor, isEvaluated: current.pointee.c >= 0, top: top) else {
                        place = Int(current.pointee.target)
                        continue
                    }
                    if current.pointee.b >= 0 { base[Int(current.pointee.b)] = key }
                    if current.pointee.c >= 0 { base[Int(current.pointee.c)] = value }
                    continue
                }
                let position = Int(cursor[1].immediate)
                guard let header = cursor[0].header, position < Int(header.pointee.count) else {
                    place = Int(current.pointee.target)
                    continue
                }
                cursor[1].payload &+= 1
                let storage = header.pointee.storage
                switch cursor[0].tag {
                case .array:
                    if current.pointee.b >= 0 { base[Int(current.pointee.b)] = .integer(Int64(position)) }
                    if current.pointee.c >= 0 { base[Int(current.pointee.c)] = storage[position] }
                case .object:
                    if current.pointee.b >= 0 { base[Int(current.pointee.b)] = storage[position &* 2] }
                    if current.pointee.c >= 0 { base[Int(current.pointee.c)] = storage[position &* 2 &+ 1] }
                default:
                    if current.pointee.b >= 0 { base[Int(current.pointee.b)] = storage[position] }
                    if current.pointee.c >= 0 { base[Int(current.pointee.c)] = storage[position] }
                }
            case .newArray:
                base[Int(current.pointee.a)] = heap.emptyArray()
            case .newSet:
                base[Int(current.pointee.a)] = heap.emptySet()
            case .newObject:
                base[Int(current.pointee.a)] = heap.emptyObject()
            case .append:
                heap.append(load(current.pointee.b), to: base[Int(current.pointee.a)])
            case .insert:
                let value = load(current.pointee.b)
                if value.isHeavy { try chargeComparison(value, value, at: place &- 1) }
                heap.insert(value, into: base[Int(current.pointee.a)])
            case .insertMember:
                let value = load(current.pointee.c)
                let known = heap.insert(load(current.pointee.b), value, into: base[Int(current.pointee.a)])
                if known.isDefined, try !isSame(known, value, at: place &- 1) {
                    throw makeError(
                        "eval_conflict_error", "object keys must be unique", at: program.locations[place &- 1])
                }
            case .callRule:
                let group = Int(current.pointee.extra)
                var value = slots[group]
                if value.isUnknown { value = try evaluateRule(group, top: top) }
                base[Int(current.pointee.a)] = value
                if value.isUndefined { place = Int(current.pointee.target) }
            case .callFunction:
                let arguments = base + Int(current.pointee.b)
                let value =
                    state.pointee.replacesCalls
                    ? try callReplaced(
                        program.builtins.count &+ Int(current.pointee.extra), arguments, Int(current.pointee.c),
                        at: place &- 1, top: top)
                    : try callFunction(Int(current.pointee.extra), arguments, Int(current.pointee.c), top: top)
                base[Int(current.pointee.a)] = value
                if value.isUndefined { place = Int(current.pointee.target) }
            case .callBuiltin:
                let arguments = base + Int(current.pointee.b)
                let value =
                    state.pointee.replacesCalls
                    ? try callReplaced(
                        Int(current.pointee.extra), arguments, Int(current.pointee.c), at: place &- 1, top: top)
                    : try callBuiltin(Int(current.pointee.extra), arguments, Int(current.pointee.c), at: place &- 1)
                base[Int(current.pointee.a)] = value
                if value.isUndefined { place = Int(current.pointee.target) }
            case .add, .subtract:
                let left = load(current.pointee.b)
                let right = load(current.pointee.c)
                if left.tag == .integer && right.tag == .integer {
                    let (sum, overflow) =
                        current.pointee.operation == .add
                        ? left.immediate.addingReportingOverflow(right.immediate)
                        : left.immediate.subtractingReportingOverflow(right.immediate)
                    if !overflow {
                        base[Int(current.pointee.a)] = .integer(sum)
                        continue
                    }
                }
                top[0] = left
                top[1] = right
                let value = try callBuiltin(Int(current.pointee.extra), top, 2, at: place &- 1)
                base[Int(current.pointee.a)] = value
                if value.isUndefined { place = Int(current.pointee.target) }
            case .setResult:
                let value = load(current.pointee.b)
                let known = base[Int(current.pointee.a)]
                if known.isUndefined {
                    base[Int(current.pointee.a)] = value
                } else if try !isSame(known, value, at: place &- 1) {
                    throw conflict(isFunction: current.pointee.extra == 1, at: place &- 1)
                }
            case .addPartial:
                try add(
                    program.partials[Int(current.pointee.extra)], to: base[Int(current.pointee.a)], base, at: place &- 1
                )
            case .finish:
                return load(current.pointee.b)
            case .select:
                let selector = program.selectors[Int(current.pointee.extra)]
                let value =
                    selector.path >= 0 ? walk(state.pointee.input, selector.path) : base[Int(selector.register)]
                let list = value.isUndefined ? .undefined : selector.table.memberOfEqualKey(value)
                let first =
                    list.tag == .integer
                    ? program.lists[Int(selector.firstList) &+ Int(list.immediate)] : selector.otherwise
                base[Int(current.pointee.a)] = .integer(Int64(first))
            case .dispatch:
                let cursor = Int(current.pointee.a)
                let next = program.candidates[Int(base[cursor].immediate)]
                base[cursor].payload &+= 1
                place = next >= 0 ? Int(next) : Int(current.pointee.target)
            case .beginWith:
                try beginOverlay(program.overlays[Int(current.pointee.extra)], base, at: place &- 1)
            case .endWith:
                endOverlay()
            case .note:
                note(place &- 1)
            }
        }
    }

    @inline(__always)
    private func walk(_ root: Value, _ path: Int32) -> Value {
        let range = program.paths[Int(path)]
        var value = root
        var position = Int(range.start)
        while position < Int(range.end) {
            value = value.member(program.pathKeys[position])
            if value.isUndefined { return value }
            position &+= 1
        }
        return value
    }

    private func contains(_ collection: Value, _ element: Value, at place: Int) throws(EvaluationError) -> Bool {
        if element.isHeavy { try chargeComparison(element, collection, at: place) }
        switch collection.tag {
        case .set: return collection.member(element).isDefined
        case .array, .object:
            if let limit = meter.charge(collection.count) { throw limitError(limit, at: program.locations[place]) }
            guard let header = collection.header else { return false }
            let width = collection.tag == .object ? 2 : 1
            for position in 0..<Int(header.pointee.count)
            where header.pointee.storage[position &* width &+ width &- 1].isEqual(to: element) {
                return true
            }
            return false
        default: return false
        }
    }

    private func startLoop(
        _ cursor: UnsafeMutablePointer<Value>, _ collection: Value, at place: Int
    ) throws(EvaluationError) -> Bool {
        switch collection.tag {
        case .array: break
        case .set, .object:
            if let header = collection.header, !header.pointee.isSorted {
                if collection.isHeavy { try chargeComparison(collection, collection, at: place) }
                collection.sortElements()
            }
        case .document:
            cursor[2] = keys(of: collection)
            cursor[2].sortElements()
        default: return false
        }
        cursor[0] = collection
        cursor[1] = .integer(0)
        return true
    }

    private func nextChild(
        _ cursor: UnsafeMutablePointer<Value>, isEvaluated: Bool, top: UnsafeMutablePointer<Value>
    ) throws(EvaluationError) -> (Value, Value)? {
        let keys = cursor[2].elements
        while cursor[1].immediate < Int64(keys.count) {
            let key = keys[Int(cursor[1].immediate)]
            cursor[1].payload &+= 1
            if !isEvaluated { return (key, .undefined) }
            let value = try child(of: cursor[0], key: key, top: top)
            if value.isDefined { return (key, value) }
        }
        return nil
    }

    /// A call while `with` replaces functions.
    private func callReplaced(
        _ callable: Int, _ arguments: UnsafeMutablePointer<Value>, _ count: Int, at place: Int,
        top: UnsafeMutablePointer<Value>
    ) throws(EvaluationError) -> Value {
        var target = callable
        switch mocks[Int32(callable)] {
        case .value(let value)?: return value
        case .callable(let other)?:
            target = Int(other)
            let saved = mocks
            mocks = [:]
            let value = try call(target, arguments, count, at: place, top: top)
            mocks = saved
            return value
        case nil: return try call(target, arguments, count, at: place, top: top)
        }
    }

    private func call(
        _ callable: Int, _ arguments: UnsafeMutablePointer<Value>, _ count: Int, at place: Int,
        top: UnsafeMutablePointer<Value>
    ) throws(EvaluationError) -> Value {
        let builtins = program.builtins.count
        return callable < builtins
            ? try callBuiltin(callable, arguments, count, at: place)
            : try callFunction(callable &- builtins, arguments, count, top: top)
    }

    private func conflict(isFunction: Bool, at place: Int) -> EvaluationError {
        makeError(
            "eval_conflict_error",
            isFunction
                ? "functions must not produce multiple outputs for same inputs"
                : "complete rules must not produce multiple outputs", at: program.locations[place])
    }

    /// Adds to a partial document: objects on the way are made, a set or value stands at the end.
    private func add(
        _ partial: Program.Partial, to document: Value, _ base: UnsafeMutablePointer<Value>, at place: Int
    ) throws(EvaluationError) {
        func load(_ operand: Int32) -> Value { operand >= 0 ? base[Int(operand)] : constants[Int(~operand)] }
        func conflict() -> EvaluationError {
            makeError("eval_conflict_error", "object keys must be unique", at: program.locations[place])
        }
        var current = document
        for (position, operand) in partial.tail.enumerated() {
            let key = load(operand)
            let isLast = position == partial.tail.count &- 1
            if isLast && partial.key == nil {
                let value = load(partial.value)
                let known = heap.insert(key, value, into: current)
                if known.isUndefined { return }
                if known.isOpen { throw conflict() }
                if try !isSame(known, value, at: place) { throw conflict() }
                return
            }
            var below = current.memberOfEqualKey(key)
            if below.isUndefined {
                below = (isLast ? heap.emptySet() : heap.emptyObject()).opened
                heap.insert(key, below, into: current)
            } else if !below.isOpen || below.tag != (isLast ? .set : .object) {
                throw conflict()
            }
            current = below
        }
        if let key = partial.key { heap.insert(load(key), into: current) }
    }
}

extension Value {
    private static let openBit: UInt64 = 1 << 9

    /// Whether it is a collection that rules with general heads are still adding to.
    var isOpen: Bool { word & Value.openBit != 0 }

    var opened: Value { Value(word: word | Value.openBit, payload: payload) }
}
