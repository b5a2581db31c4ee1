// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// `walk` and `graph.*`.
enum GraphBuiltins {
    private static let graph = RegoType.map(.any, .union([.anySet, .anyArray]))
    private static let vertices = RegoType.union([.anySet, .anyArray])

    static let all: [Builtin] = [
        Builtin("walk", [.any], .array([.anyArray, .any], rest: nil), traits: .relation) {
            arguments, context throws(BuiltinFailure) in
            let result = context.heap.emptyArray()
            var walk = Walk(context: context, result: result)
            try walk.visit(arguments[0])
            return result
        },
        Builtin("graph.reachable", [graph, vertices], .anySet, evaluate: reachable),
        Builtin("graph.reachable_paths", [graph, vertices], .set(.anyArray), evaluate: reachablePaths),
    ]

    /// The elements of a collection that lists vertices; empty for other values.
    private static func vertices(_ value: Value) -> ValueList { value.elements }

    private static func operands(_ arguments: Arguments) throws(BuiltinFailure) -> (Value, ValueList) {
        let graph = try arguments.object(0)
        let initial = arguments[1]
        guard initial.tag == .array || initial.tag == .set else {
            throw .operand(2, mustBe: "{array, set}", got: initial)
        }
        return (graph, initial.elements)
    }

    private static func reachable(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        let (graph, initial) = try operands(arguments)
        try context.charge(initial.count)
        let reached = context.heap.emptySet()
        var queue = Array(initial)
        while let vertex = queue.popLast() {
            let edges = graph.member(vertex)
            guard edges.isDefined, context.heap.insert(vertex, into: reached) else { continue }
            try context.checkElement(after: reached.count)
            try context.charge(edges.count)
            queue += vertices(edges).filter { !reached.contains($0) }
        }
        return reached
    }

    private static func reachablePaths(
        _ arguments: Arguments, _ context: BuiltinContext
    ) throws(BuiltinFailure) -> Value {
        let (graph, initial) = try operands(arguments)
        var paths = ReachablePaths(graph: graph, context: context)
        for vertex in initial {
            let edges = graph.member(vertex)
            guard edges.isDefined else { continue }
            try paths.begin(at: vertex, edges: vertices(edges))
        }
        return paths.result
    }
}

/// The search of paths: a path ends where there is no edge on, or where all edges lead to what was passed before.
private struct ReachablePaths {
    let graph: Value
    let context: BuiltinContext
    let result: Value
    /// The vertices of the path that is being followed.
    private var path: [Value] = []
    /// The vertices whose edges were followed since the first edge.
    private var passed = Value.undefined

    init(graph: Value, context: BuiltinContext) {
        self.graph = graph
        self.context = context
        result = context.heap.emptySet()
    }

    mutating func begin(at vertex: Value, edges: ValueList) throws(BuiltinFailure) {
        path = [vertex]
        if edges.isEmpty { return try keep() }
        for neighbor in edges {
            passed = context.heap.set([vertex])
            try follow(neighbor)
        }
    }

    private func keep() throws(BuiltinFailure) {
        try context.charge(path.count)
        if context.heap.insert(context.heap.array(path), into: result) {
            try context.checkElement(after: result.count)
        }
    }

    private mutating func follow(_ vertex: Value) throws(BuiltinFailure) {
        try context.charge(1)
        let edges = graph.member(vertex)
        guard edges.isDefined else { return try keep() }
        if path.count > 1000 { throw .limit(.depth) }
        path.append(vertex)
        if edges.elements.isEmpty { try keep() }
        for neighbor in edges.elements {
            if passed.contains(neighbor) {
                try keep()
            } else {
                context.heap.insert(vertex, into: passed)
                try follow(neighbor)
            }
        }
        path.removeLast()
    }
}

/// The listing of a value and all values in it, each with its path, parents first.
private struct Walk {
    let context: BuiltinContext
    let result: Value
    private var path: [Value] = []

    init(context: BuiltinContext, result: Value) {
        self.context = context
        self.result = result
    }

    mutating func visit(_ value: Value) throws(BuiltinFailure) {
        try context.checkElement(after: result.count)
        try context.charge(1 &+ path.count / 4)
        if path.count > 2000 { throw .limit(.depth) }
        let heap = context.heap
        heap.append(heap.array([heap.array(path), value]), to: result)
        switch value.tag {
        case .array:
            for (position, element) in value.elements.enumerated() {
                try visit(element, at: .integer(Int64(position)))
            }
        case .set:
            for element in value.elements { try visit(element, at: element) }
        case .object:
            for member in value.members { try visit(member.value, at: member.key) }
        default: break
        }
    }

    private mutating func visit(_ value: Value, at key: Value) throws(BuiltinFailure) {
        path.append(key)
        try visit(value)
        path.removeLast()
    }
}
