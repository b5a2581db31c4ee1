// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension LinearPattern {
    /// Whether the pattern occurs anywhere in the text, as JSON Schema's `pattern` asks.
    ///
    /// Takes at most ``maximumSteps`` steps; a text that would need more does not match.
    public func matches(_ text: some StringProtocol) -> Bool {
        var machine = PatternMachine(program: program, sets: sets)
        var isStart = true
        for scalar in text.unicodeScalars {
            // The pattern may begin at every position.
            machine.add(0, isStart: isStart, isEnd: false)
            isStart = false
            if machine.hasMatched { return true }
            machine.advance(over: scalar.value)
            if machine.isExhausted { return false }
        }
        machine.finish(isStart: isStart)
        return machine.hasMatched && !machine.isExhausted
    }
}

/// The set of instructions that are live at one position of the input.
private struct PatternMachine {
    private let program: [Instruction]
    private let sets: [ScalarSet]
    private var live: [Int] = []
    private var following: [Int] = []
    /// The position at which an instruction was last added, so that it is added once for each.
    private var added: [Int]
    private var position = 0
    private var stack: [Int] = []
    private var steps = 0
    private(set) var hasMatched = false

    var isExhausted: Bool { steps > LinearPattern.maximumSteps }

    init(program: [Instruction], sets: [ScalarSet]) {
        self.program = program
        self.sets = sets
        added = Array(repeating: -1, count: program.count)
        live.reserveCapacity(program.count)
        following.reserveCapacity(program.count)
    }

    /// Makes an instruction live at this position, following all that consumes nothing.
    mutating func add(_ address: Int, isStart: Bool, isEnd: Bool) {
        stack.append(address)
        while let next = stack.popLast() {
            guard next < program.count, added[next] != position else { continue }
            added[next] = position
            steps &+= 1
            switch program[next] {
            case .jump(let target): stack.append(target)
            case .split(let first, let second):
                stack.append(second)
                stack.append(first)
            case .start: if isStart { stack.append(next + 1) }
            case .end:
                // Whether this is the end is known only later: stay live until then.
                if isEnd { stack.append(next + 1) } else { live.append(next) }
            case .match: hasMatched = true
            case .scalar, .set: live.append(next)
            }
        }
    }

    /// Consumes one scalar.
    mutating func advance(over value: UInt32) {
        following.removeAll(keepingCapacity: true)
        swap(&live, &following)
        position += 1
        for address in following {
            steps &+= 1
            switch program[address] {
            case .scalar(let expected): if expected == value { add(address + 1, isStart: false, isEnd: false) }
            case .set(let number):
                if sets[number].contains(value) { add(address + 1, isStart: false, isEnd: false) }
            default: break
            }
        }
    }

    /// Judges the end of the input: `$` holds now.
    mutating func finish(isStart: Bool) {
        let waiting = live
        position += 1
        for address in waiting {
            if case .end = program[address] { add(address + 1, isStart: isStart, isEnd: true) }
        }
        add(0, isStart: isStart, isEnd: true)
    }
}
