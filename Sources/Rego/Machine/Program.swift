// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A compiled policy: instructions, constants and tables, immutable and shared by all evaluators.
public final class Program: @unchecked Sendable {
    let code: UnsafeMutableBufferPointer<Instruction>
    let constants: UnsafeMutableBufferPointer<Value>
    /// Where each instruction comes from.
    let locations: [Location]
    let units: UnsafeMutableBufferPointer<Unit>
    /// Paths of constants below `input` or `data`: where each begins and ends in `pathKeys`.
    let paths: UnsafeMutableBufferPointer<Path>
    let pathKeys: UnsafeMutableBufferPointer<Value>
    let selectors: UnsafeMutableBufferPointer<Selector>
    /// Where the lists of selectors begin in `candidates`.
    let lists: UnsafeMutableBufferPointer<Int32>
    /// Places of definitions to try; a list ends with -1.
    let candidates: UnsafeMutableBufferPointer<Int32>
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
    /// Whether evaluators note which places execution came by.
    public let notesPlaces: Bool
    /// The names of the sources, for messages.
    public let sources: [String]
    /// The strings of the policy; readers of inputs look them up.
    public let symbols: SymbolTable
    /// The memory of the constants.
    let heap: Heap

    /// A rule group or a query.
    struct Unit: BitwiseCopyable {
        var start: Int32
        var registers: Int32
        /// What has a result of its own: no function.
        var isFunction: Bool
        /// The node of the rule tree.
        var node: Int32
        var location: Location
    }

    struct Path: BitwiseCopyable {
        var start: Int32
        var end: Int32
    }

    /// How the definitions to try are chosen.
    struct Selector: BitwiseCopyable {
        /// The path below `input`; -1: the register `register`.
        var path: Int32
        var register: Int32
        /// An object from constants to numbers of lists, counted from `firstList`.
        var table: Value
        var firstList: Int32
        /// Where the list begins that is taken when no constant matches.
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

    /// What a program is made of.
    struct Parts {
        var code: [Instruction] = []
        var constants: [Value] = []
        var locations: [Location] = []
        var units: [Unit] = []
        var paths: [Path] = []
        var pathKeys: [Value] = []
        var selectors: [Selector] = []
        var lists: [Int32] = []
        var candidates: [Int32] = []
        var partials: [Partial] = []
        var overlays: [Overlay] = []
        var nodes: [Node] = []
        var builtins: [Builtin] = []
        var groupCount = 0
        var entryPointCount = 0
        var inputFreeGroups: [Int32] = []
        var notesPlaces = false
        var sources: [String] = []
        var symbols: SymbolTable
        var heap: Heap
    }

    init(_ parts: Parts) {
        code = .holding(parts.code)
        constants = .holding(parts.constants)
        locations = parts.locations
        units = .holding(parts.units)
        paths = .holding(parts.paths)
        pathKeys = .holding(parts.pathKeys)
        selectors = .holding(parts.selectors)
        lists = .holding(parts.lists)
        candidates = .holding(parts.candidates)
        partials = parts.partials
        overlays = parts.overlays
        nodes = parts.nodes
        builtins = parts.builtins
        groupCount = parts.groupCount
        entryPointCount = parts.entryPointCount
        inputFreeGroups = parts.inputFreeGroups
        notesPlaces = parts.notesPlaces
        sources = parts.sources
        symbols = parts.symbols
        heap = parts.heap
    }

    deinit {
        code.deallocate()
        constants.deallocate()
        units.deallocate()
        paths.deallocate()
        pathKeys.deallocate()
        selectors.deallocate()
        lists.deallocate()
        candidates.deallocate()
    }

}

extension UnsafeMutableBufferPointer where Element: BitwiseCopyable {
    /// Memory of its own with the elements of an array.
    fileprivate static func holding(_ elements: [Element]) -> Self {
        let memory = allocate(capacity: elements.count)
        _ = memory.initialize(from: elements)
        return memory
    }
}
