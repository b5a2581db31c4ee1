// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A compiled policy: instructions, constants and tables, immutable and shared by all evaluators.
public final class Program: @unchecked Sendable {
    let code: UnsafeMutableBufferPointer<Instruction>
    let constants: UnsafeMutableBufferPointer<Value>
    /// Where each instruction comes from.
    let locations: [Location]
    let units: UnsafeMutableBufferPointer<Unit>
    let paths: [Path]
    let selectors: [Selector]
    let candidates: [Int32]
    let partials: [Partial]
    let overlays: [Overlay]
    let nodes: [Node]
    let builtins: [Builtin]
    /// The number of rule groups; units beyond are queries.
    let groupCount: Int
    /// The number of entry points, whose units stand before those of queries.
    let entryPointCount: Int
    /// The groups whose document depends on nothing but the base documents.
    let inputFreeGroups: [Int32]
    /// The names of the sources, for messages.
    public let sources: [String]
    /// The strings of the policy; readers of inputs look them up.
    public let symbols: SymbolTable
    /// The memory of the constants.
    let heap: Heap

    /// A rule group or a query.
    struct Unit {
        var start: Int32
        var registers: Int32
        /// What has a result of its own: no function.
        var isFunction: Bool
        /// The node of the rule tree.
        var node: Int32
        var location: Location
    }

    /// A path of constants below `input` or `data`.
    struct Path {
        var keys: [Value]
    }

    /// How the definitions to try are chosen.
    struct Selector {
        /// The path below `input`; -1: the register `register`.
        var path: Int32
        var register: Int32
        /// An object from constants to numbers of lists.
        var table: Value
        /// Start of each list in `candidates`; a list ends with -1.
        var lists: [Int32]
        /// The list when no constant matches.
        var otherwise: Int32
    }

    /// What a definition adds to a partial document.
    struct Partial {
        var tail: [Int32]
        /// The element of a set at the end of the tail; else nil.
        var key: Int32?
        /// The value at the end of the tail.
        var value: Int32
    }

    /// What a `with` puts in place of something.
    struct Overlay {
        var replacements: [Replacement]
        /// The groups whose documents are to be computed anew.
        var groups: [Int32]
    }

    enum Replacement {
        case input(path: [Int32], value: Int32)
        case data(path: [Int32], node: Int32?, value: Int32)
        /// A callable: builtins by number, then functions after all builtins.
        case callable(Int32, by: Int32)
        case value(callable: Int32, Int32)
    }

    /// A place of the rule tree.
    struct Node {
        var parent: Int32
        var key: Value
        var group: Int32
        var isFunction: Bool
        /// An object from keys to numbers of nodes.
        var children: Value
    }

    init(
        code: [Instruction], constants: [Value], locations: [Location], units: [Unit], paths: [Path],
        selectors: [Selector], candidates: [Int32], partials: [Partial], overlays: [Overlay], nodes: [Node],
        builtins: [Builtin], groupCount: Int, entryPointCount: Int, inputFreeGroups: [Int32], sources: [String], symbols: SymbolTable,
        heap: Heap
    ) {
        self.code = .allocate(capacity: code.count)
        _ = self.code.initialize(from: code)
        self.constants = .allocate(capacity: constants.count)
        _ = self.constants.initialize(from: constants)
        self.locations = locations
        self.units = .allocate(capacity: units.count)
        _ = self.units.initialize(from: units)
        self.paths = paths
        self.selectors = selectors
        self.candidates = candidates
        self.partials = partials
        self.overlays = overlays
        self.nodes = nodes
        self.builtins = builtins
        self.groupCount = groupCount
        self.entryPointCount = entryPointCount
        self.inputFreeGroups = inputFreeGroups
        self.sources = sources
        self.symbols = symbols
        self.heap = heap
    }

    deinit {
        code.deallocate()
        constants.deallocate()
        units.deallocate()
    }

}
