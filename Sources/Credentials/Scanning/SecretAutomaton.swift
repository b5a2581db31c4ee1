// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The automaton of Aho and Corasick (1975): after each byte its state is the longest end of the text that begins a
/// spelling. Work for a byte is constant on average over any text, whoever wrote it.
struct SecretAutomaton: Sendable {
    /// A state.
    struct State: Sendable {
        /// The state of the longest shorter end that begins a spelling.
        var failure: Int32 = 0
        /// Bytes of the text that the state remembers.
        var depth: Int32
        /// Bytes of the longest spelling that ends here, or 0.
        var found: Int32
        /// Where its successors stand: in ``edges``, or as a row of ``rows`` when there are many.
        var first: Int32 = 0
        /// How many successors it has.
        var successors: Int16
    }

    /// A successor.
    struct Edge: Sendable {
        var byte: UInt8
        var state: Int32
    }

    /// Above so many successors a state has a row.
    static let listLimit: Int16 = 3

    private(set) var states: [State]
    private(set) var edges: [Edge] = []
    private(set) var rows: [Int32] = []

    init(_ trie: SecretTrie) {
        states = trie.children.indices.map { index in
            State(
                depth: trie.depths[index], found: trie.isEnd[index] ? trie.depths[index] : 0,
                successors: Int16(truncatingIfNeeded: trie.children[index].count))
        }
        for (index, children) in trie.children.enumerated() {
            // The root has a row in any case: it is where a scan stands most.
            if index == 0 || states[index].successors > Self.listLimit {
                states[index].first = Int32(truncatingIfNeeded: rows.count)
                states[index].successors = .max
                rows.append(contentsOf: repeatElement(0, count: 256))
                let row = rows.count &- 256
                for child in children { rows[row &+ Int(child.byte)] = child.state }
            } else {
                states[index].first = Int32(truncatingIfNeeded: edges.count)
                for child in children { edges.append(Edge(byte: child.byte, state: child.state)) }
            }
        }
        link(trie)
    }

    /// Sets the failures, level by level.
    private mutating func link(_ trie: SecretTrie) {
        var queue: [Int32] = [0]
        var position = 0
        while position < queue.count {
            let state = queue[position]
            position &+= 1
            for child in trie.children[Int(state)] {
                queue.append(child.state)
                let failure = state == 0 ? 0 : step(from: states[Int(state)].failure, child.byte)
                states[Int(child.state)].failure = failure
                if states[Int(child.state)].found == 0 {
                    states[Int(child.state)].found = states[Int(failure)].found
                }
            }
        }
    }

    /// The state after one more byte.
    @inline(__always)
    func step(from start: Int32, _ byte: UInt8) -> Int32 {
        let states = states.span
        var current = start
        while true {
            let state = states[Int(current)]
            if state.successors > Self.listLimit {
                let next = rows.span[Int(state.first) &+ Int(byte)]
                if next != 0 || current == 0 { return next }
            } else {
                var edge = Int(state.first)
                let end = edge &+ Int(state.successors)
                while edge < end {
                    let candidate = edges.span[edge]
                    if candidate.byte == byte { return candidate.state }
                    edge &+= 1
                }
            }
            current = state.failure
        }
    }

    /// The state from which a text goes on: one without successors is as good as its failure, and holds back less.
    @inline(__always)
    func settled(_ start: Int32) -> Int32 {
        var state = start
        while state != 0, states[Int(state)].successors == 0 { state = states[Int(state)].failure }
        return state
    }
}
