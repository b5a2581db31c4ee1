// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Puts the statements of bodies in an order in which every variable has a value before it is needed.
///
/// Statements move as little as possible: in each round those that have become possible are taken in source order.
struct SafetyPass {
    let compilation: Compilation
    let outputs: OutputVariables
    /// What could not be placed, with the variables that it lacks.
    private(set) var unsafe: [(location: Location, variables: Set<Text>)] = []

    init(compilation: Compilation, outputs: OutputVariables) {
        self.compilation = compilation
        self.outputs = outputs
    }

    /// The body of a rule in a safe order; mistakes are noted.
    mutating func order(_ body: Body, safe: Set<Text>) -> Body {
        unsafe = []
        let result = reorder(body, globals: safe)
        report()
        return result
    }

    // MARK: One body

    private struct Item {
        var expression: Expression
        /// What must have a value, or get one from the statement.
        var needs: [Text]
        /// What its closures share with the body.
        var closed: Set<Text>
        /// Whether it was found to bind some of its variables while it lacked others.
        var waits = false
    }

    private mutating func reorder(_ body: Body, globals: Set<Text>) -> Body {
        var safe = globals
        var pending: [Item] = []
        pending.reserveCapacity(body.count)
        var hasClosures = false
        for expression in body {
            var needs: [Text] = []
            // Repetitions do no harm, so they are only looked for in short lists.
            forEachOpenVariable(expression) {
                if !globals.contains($0), needs.count > 16 || !needs.contains($0) { needs.append($0) }
            }
            hasClosures = hasClosures || expression.hasClosures
            pending.append(Item(expression: expression, needs: needs, closed: []))
        }
        if hasClosures {
            var shared: Set<Text> = []
            for item in pending { shared.formUnion(item.needs) }
            for index in pending.indices {
                pending[index].expression.forEachClosureVariable {
                    if shared.contains($0) { pending[index].closed.insert($0) }
                }
            }
        }
        let result = place(&pending, &safe)
        for item in pending {
            unsafe.append((item.expression.location, Set(item.needs).union(item.closed).subtracting(safe)))
        }
        guard hasClosures else { return pending.isEmpty ? result : body }
        let ordered = orderClosures(result, globals)
        return pending.isEmpty ? ordered : body
    }

    /// Takes statements round by round; a statement is looked at again when a variable that it waits for got a value.
    private func place(_ items: inout [Item], _ safe: inout Set<Text>) -> Body {
        var result: Body = []
        result.reserveCapacity(items.count)
        var rest: [Item] = []
        for var item in items {
            if place(&item, &safe) { result.append(item.expression) } else { rest.append(item) }
        }
        items = rest
        if items.isEmpty || result.isEmpty { return result }
        var waiting: [Text: [Int]] = [:]
        for (index, item) in items.enumerated() {
            item.expression.forEachVariable([]) { waiting[$0, default: []].append(index) }
        }
        var isDue = [Bool](repeating: true, count: items.count)
        var isPlaced = [Bool](repeating: false, count: items.count)
        var hasMoved = true
        while hasMoved {
            hasMoved = false
            for index in items.indices where isDue[index] && !isPlaced[index] {
                isDue[index] = false
                guard let bound = bind(&items[index], safe) else { continue }
                safe.formUnion(bound)
                isPlaced[index] = true
                hasMoved = true
                result.append(items[index].expression)
                for name in bound { for other in waiting[name] ?? [] { isDue[other] = true } }
            }
        }
        items = items.indices.filter { !isPlaced[$0] }.map { items[$0] }
        return result
    }

    private func place(_ item: inout Item, _ safe: inout Set<Text>) -> Bool {
        guard let bound = bind(&item, safe) else { return false }
        safe.formUnion(bound)
        return true
    }

    /// What a statement binds; nil when it lacks something.
    private func bind(_ item: inout Item, _ safe: Set<Text>) -> Set<Text>? {
        item.needs.removeAll { safe.contains($0) }
        let closed = item.closed.isEmpty ? [] : item.closed.subtracting(safe)
        if item.needs.isEmpty, closed.isEmpty, !item.waits { return [] }
        let bound = outputs.of(item.expression) { Name.isRoot($0) || safe.contains($0) }
        if !closed.isEmpty {
            if closed == bound { return nil }
            item.needs.append(contentsOf: closed.subtracting(item.needs))
        }
        item.needs.removeAll { bound.contains($0) }
        item.waits = !item.needs.isEmpty
        return item.waits ? nil : bound
    }

    /// Visits the variables of a statement that must have or get values in the body around it.
    private func forEachOpenVariable(_ expression: Expression, _ visit: (Text) -> Void) {
        expression.forEachVariable(.skipClosures, visit)
        for body in expression.implicitBodies {
            for inner in body {
                forEachOpenVariable(inner) { if compilation.sourceName(of: $0) != nil { visit($0) } }
            }
        }
    }

    // MARK: Closures

    private mutating func orderClosures(_ body: Body, _ globals: Set<Text>) -> Body {
        var body = body
        var globals = globals
        for index in body.indices {
            if body[index].hasClosures { order(&body[index], &globals) }
            body[index].forEachVariable(.skipClosures) { globals.insert($0) }
        }
        return body
    }

    private mutating func order(_ expression: inout Expression, _ globals: inout Set<Text>) {
        let location = expression.location
        switch expression.kind {
        case .term(let term): expression.kind = .term(self.term(term, globals, location))
        case .every(let key, let value, let domain, let body):
            let ordered = self.term(domain, globals, location)
            var inner = globals
            if let name = key?.variableName { inner.insert(name) }
            if let name = value.variableName { inner.insert(name) }
            expression.kind = .every(key: key, value: value, domain: ordered, body: reorder(body, globals: inner))
        case .negatedBody(let body): expression.kind = .negatedBody(reorder(body, globals: globals))
        case .and(let operands): expression.kind = .and(operands.map { operand($0, globals) })
        case .or(let operands): expression.kind = .or(operands.map { operand($0, globals) })
        case .someVariables, .someIn: break
        }
        for index in expression.modifiers.indices {
            expression.modifiers[index].value = term(expression.modifiers[index].value, globals, location)
        }
    }

    private mutating func operand(_ operand: LogicalOperand, _ globals: Set<Text>) -> LogicalOperand {
        LogicalOperand(body: reorder(operand.body, globals: globals), isBraced: operand.isBraced)
    }

    private mutating func closure(_ heads: [Term], _ body: Body, _ globals: Set<Text>, _ location: Location) -> Body {
        var known = globals
        body.forEachVariable(.skipClosures) { known.insert($0) }
        var missing: Set<Text> = []
        for head in heads { head.forEachVariable([]) { if !known.contains($0) { missing.insert($0) } } }
        if !missing.isEmpty { unsafe.append((location, missing)) }
        return reorder(body, globals: globals)
    }

    private mutating func term(_ term: Term, _ globals: Set<Text>, _ location: Location) -> Term {
        switch term.kind {
        case .null, .boolean, .number, .string, .variable, .template: return term
        case .reference(let parts):
            guard parts.contains(where: \.hasClosures) else { return term }
            return Term(.reference(parts.map { self.term($0, globals, location) }), at: term.location)
        case .array(let elements):
            return Term(.array(elements.map { self.term($0, globals, location) }), at: term.location)
        case .set(let elements):
            return Term(.set(elements.map { self.term($0, globals, location) }), at: term.location)
        case .object(let items):
            return Term(
                .object(
                    items.map {
                        ObjectItem(
                            key: self.term($0.key, globals, location), value: self.term($0.value, globals, location))
                    }), at: term.location)
        case .call(let function, let arguments):
            return Term(
                .call(function: function, arguments: arguments.map { self.term($0, globals, location) }),
                at: term.location)
        case .arrayComprehension(let head, let body):
            return Term(
                .arrayComprehension(head: head, body: closure([head], body, globals, location)), at: term.location)
        case .setComprehension(let head, let body):
            return Term(
                .setComprehension(head: head, body: closure([head], body, globals, location)), at: term.location)
        case .objectComprehension(let key, let value, let body):
            let ordered = closure([key, value], body, globals, location)
            return Term(.objectComprehension(key: key, value: value, body: ordered), at: term.location)
        }
    }

    // MARK: Mistakes

    private func report() {
        if unsafe.isEmpty { return }
        var places: [Text: Location] = [:]
        for (location, variables) in unsafe {
            for name in variables {
                guard let known = places[name] else {
                    places[name] = location
                    continue
                }
                if location.isBefore(known) { places[name] = location }
            }
        }
        var isNamed = false
        for (name, location) in places.sorted(by: { $0.key < $1.key }) {
            guard let display = compilation.displayName(name) else { continue }
            isNamed = true
            compilation.report(.bodySafety, .unsafeVariable, "var \(display) is unsafe", at: location)
        }
        if isNamed { return }
        for (location, _) in unsafe {
            compilation.report(.bodySafety, .unsafeVariable, "expression is unsafe", at: location)
        }
    }
}

extension Location {
    /// Whether it comes first in the sources.
    func isBefore(_ other: Location) -> Bool {
        (file, row, column) < (other.file, other.row, other.column)
    }
}

extension Term {
    /// Whether a comprehension stands in it.
    var hasClosures: Bool {
        switch kind {
        case .null, .boolean, .number, .string, .variable, .template: false
        case .reference(let parts): parts.contains { $0.hasClosures }
        case .array(let elements), .set(let elements): elements.contains { $0.hasClosures }
        case .object(let items): items.contains { $0.key.hasClosures || $0.value.hasClosures }
        case .call(_, let arguments): arguments.contains { $0.hasClosures }
        case .arrayComprehension, .setComprehension, .objectComprehension: true
        }
    }

    /// Visits all variables in comprehensions.
    func forEachClosureVariable(_ visit: (Text) -> Void) {
        switch kind {
        case .null, .boolean, .number, .string, .variable, .template: break
        case .reference(let parts):
            for part in parts { part.forEachClosureVariable(visit) }
        case .array(let elements), .set(let elements):
            for element in elements { element.forEachClosureVariable(visit) }
        case .object(let items):
            for item in items {
                item.key.forEachClosureVariable(visit)
                item.value.forEachClosureVariable(visit)
            }
        case .call(_, let arguments):
            for argument in arguments { argument.forEachClosureVariable(visit) }
        case .arrayComprehension, .setComprehension, .objectComprehension: forEachVariable([], visit)
        }
    }
}

extension Expression {
    /// Whether bodies stand in it.
    var hasClosures: Bool {
        switch kind {
        case .term(let term): term.hasClosures || modifiers.contains { $0.value.hasClosures }
        case .every, .negatedBody, .and, .or: true
        case .someVariables, .someIn: false
        }
    }

    /// Bodies in it that bind no variables of their own.
    var implicitBodies: [Body] {
        switch kind {
        case .negatedBody(let body): isGenerated ? [body] : []
        case .and(let operands), .or(let operands): operands.filter { !$0.isBraced }.map(\.body)
        default: []
        }
    }

    /// Visits all variables in its bodies.
    func forEachClosureVariable(_ visit: (Text) -> Void) {
        switch kind {
        case .term(let term): term.forEachClosureVariable(visit)
        case .every(_, _, let domain, let body):
            domain.forEachClosureVariable(visit)
            body.forEachVariable([], visit)
        case .negatedBody(let body): body.forEachVariable([], visit)
        case .and(let operands), .or(let operands):
            for operand in operands { operand.body.forEachVariable([], visit) }
        case .someVariables, .someIn: break
        }
        for modifier in modifiers { modifier.value.forEachClosureVariable(visit) }
    }
}
