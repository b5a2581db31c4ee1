// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// One step of the pattern machine.
enum Instruction: Sendable, Hashable {
    /// Consumes this scalar.
    case scalar(UInt32)
    /// Consumes a scalar of the set with this number.
    case set(Int)
    /// Continues at both.
    case split(Int, Int)
    /// Continues elsewhere.
    case jump(Int)
    /// Continues at the start of the input only.
    case start
    /// Continues at the end of the input only.
    case end
    /// The input matches.
    case match
}

/// Turns a syntax tree into instructions, counting them as it goes.
struct PatternCompiler {
    private(set) var program: [Instruction] = []
    private(set) var sets: [ScalarSet] = []

    /// Compiles the whole pattern.
    mutating func compile(_ tree: PatternTree) throws(LinearPatternError) {
        try emit(tree)
        try append(.match)
    }

    private mutating func append(_ instruction: Instruction) throws(LinearPatternError) {
        guard program.count < LinearPattern.maximumInstructions else { throw LinearPatternError(.tooLarge, at: 0) }
        program.append(instruction)
    }

    private mutating func emit(_ tree: PatternTree) throws(LinearPatternError) {
        switch tree {
        case .empty: break
        case .scalar(let value): try append(.scalar(value))
        case .set(let set):
            if let known = sets.firstIndex(of: set) {
                try append(.set(known))
            } else {
                sets.append(set)
                try append(.set(sets.count - 1))
            }
        case .start: try append(.start)
        case .end: try append(.end)
        case .sequence(let parts):
            for part in parts { try emit(part) }
        case .choice(let branches): try emitChoice(branches[...])
        case .repetition(let inner, let minimum, let maximum):
            for _ in 0..<minimum {
                let before = program.count
                try emit(inner)
                if program.count == before { break }  // Repeating nothing is nothing.
            }
            try emitRest(of: inner, count: maximum.map { $0 - minimum })
        }
    }

    private mutating func emitChoice(_ branches: ArraySlice<PatternTree>) throws(LinearPatternError) {
        var exits: [Int] = []
        for (position, branch) in branches.enumerated() {
            guard position < branches.count - 1 else {
                try emit(branch)
                break
            }
            let split = program.count
            try append(.split(split + 1, 0))
            try emit(branch)
            exits.append(program.count)
            try append(.jump(0))
            program[split] = .split(split + 1, program.count)
        }
        for exit in exits { program[exit] = .jump(program.count) }
    }

    /// What follows the required repetitions: a loop, or `count` optional ones.
    private mutating func emitRest(of inner: PatternTree, count: Int?) throws(LinearPatternError) {
        guard let count else {
            let split = program.count
            try append(.split(split + 1, 0))
            try emit(inner)
            try append(.jump(split))
            program[split] = .split(split + 1, program.count)
            return
        }
        var splits: [Int] = []
        for _ in 0..<max(0, count) {
            splits.append(program.count)
            try append(.split(program.count + 1, 0))
            try emit(inner)
        }
        for split in splits { program[split] = .split(split + 1, program.count) }
    }
}
