// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Writes small WebAssembly modules, byte by byte.
struct ModuleWriter {
    /// A function type with `i32` only.
    private var types: [[UInt8]] = []
    private var imports: [[UInt8]] = []
    private var data: [[UInt8]] = []
    private var name = "_start"
    private var memory: [UInt8]? = [0, 1]
    private var table: [UInt8]?
    private var body: [UInt8] = []
    private var startsByItself = false

    /// The name of the interface's module.
    static let wasi = "wasi_snapshot_preview1"

    /// A module whose `_start` is these instructions; each import is its name, the number of parameters and of results.
    init(
        _ body: [UInt8], imports: [(name: String, parameters: Int, results: Int)] = [], from module: String = wasi,
        data: [(at: Int, bytes: [UInt8])] = [], memory: [UInt8]? = [0, 1], table: [UInt8]? = nil,
        exports name: String = "_start", startsByItself: Bool = false
    ) {
        self.body = body
        self.memory = memory
        self.table = table
        self.name = name
        self.startsByItself = startsByItself
        types = [[0x60, 0, 0]]
        for (index, wanted) in imports.enumerated() {
            let parameters = [UInt8](repeating: 0x7f, count: wanted.parameters)
            let results = [UInt8](repeating: 0x7f, count: wanted.results)
            types.append([0x60] + Self.counted(parameters) + Self.counted(results))
            self.imports.append(
                Self.counted(Array(module.utf8)) + Self.counted(Array(wanted.name.utf8)) + [0, UInt8(index + 1)])
        }
        self.data = data.map { [0, 0x41] + Self.signed($0.at) + [0x0b] + Self.counted($0.bytes) }
    }

    /// The module.
    var bytes: [UInt8] {
        var exports = [Self.counted(Array(name.utf8)) + [0] + Self.number(imports.count)]
        if memory != nil { exports.append(Self.counted(Array("memory".utf8)) + [2, 0]) }
        var bytes: [UInt8] = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]
        bytes += Self.section(1, types)
        if !imports.isEmpty { bytes += Self.section(2, imports) }
        bytes += Self.section(3, [[0]])
        if let table { bytes += Self.section(4, [[0x70] + table]) }
        if let memory { bytes += Self.section(5, [memory]) }
        bytes += Self.section(7, exports)
        if startsByItself { bytes += [8] + Self.counted(Self.number(imports.count)) }
        bytes += Self.section(10, [Self.counted([0] + body + [0x0b])])
        if !data.isEmpty { bytes += Self.section(11, data) }
        return bytes
    }

    /// An unsigned number.
    static func number(_ value: Int) -> [UInt8] {
        var rest = value
        var bytes: [UInt8] = []
        repeat {
            let low = UInt8(rest & 0x7f)
            rest >>= 7
            bytes.append(rest == 0 ? low : low | 0x80)
        } while rest != 0
        return bytes
    }

    /// A signed number that is not negative.
    static func signed(_ value: Int) -> [UInt8] {
        var bytes = number(value)
        if let last = bytes.last, last & 0x40 != 0 {
            bytes[bytes.count - 1] = last | 0x80
            bytes.append(0)
        }
        return bytes
    }

    private static func counted(_ bytes: [UInt8]) -> [UInt8] { number(bytes.count) + bytes }

    private static func section(_ id: UInt8, _ items: [[UInt8]]) -> [UInt8] {
        [id] + counted(number(items.count) + items.flatMap { $0 })
    }
}

/// Instructions.
enum Op {
    static func constant(_ value: Int) -> [UInt8] { [0x41] + ModuleWriter.signed(value) }
    static func call(_ index: UInt8, _ arguments: Int...) -> [UInt8] { arguments.flatMap(constant) + [0x10, index] }
    static func forever(_ body: [UInt8]) -> [UInt8] { [0x03, 0x40] + body + [0x0c, 0, 0x0b] }
    static func store(_ address: Int, _ value: [UInt8]) -> [UInt8] { constant(address) + value + [0x36, 2, 0] }
    static func load(_ address: Int) -> [UInt8] { constant(address) + [0x28, 2, 0] }
    static let drop: [UInt8] = [0x1a]
    static let unreachable: [UInt8] = [0x00]
}

/// The programs of the tests.
enum Modules {
    static let write = (name: "fd_write", parameters: 4, results: 1)
    static let exit = (name: "proc_exit", parameters: 1, results: 0)

    /// Writes these bytes to a stream, once or for ever.
    static func writes(_ text: [UInt8], to stream: Int = 1, forever: Bool = false) -> [UInt8] {
        let body = Op.call(0, stream, 0, 1, 12) + Op.drop
        let vector: [UInt8] = [16, 0, 0, 0] + withUnsafeBytes(of: UInt32(text.count).littleEndian) { Array($0) }
        return ModuleWriter(
            forever ? Op.forever(body) : body, imports: [write], data: [(0, vector), (16, text)]
        ).bytes
    }

    static let hello = writes(Array("hello\n".utf8))

    /// Ends with an exit code.
    static func exits(_ code: Int) -> [UInt8] {
        ModuleWriter(Op.call(0, code), imports: [exit]).bytes
    }

    static let spins = ModuleWriter(Op.forever([])).bytes
    static let spinsAtOnce = ModuleWriter(Op.forever([]), startsByItself: true).bytes
    static let unreachable = ModuleWriter(Op.unreachable).bytes
    /// Takes a megabyte as long as there is one, then gives up.
    static let grows = ModuleWriter([0x03, 0x40] + Op.constant(16) + [0x40, 0, 0x41, 0x7f, 0x47, 0x0d, 0, 0x0b, 0x00])
        .bytes
    /// Takes memory as long as there is some, and never gives up.
    static let growsForEver = ModuleWriter(Op.forever(Op.constant(16) + [0x40, 0] + Op.drop)).bytes
    static let recurses = ModuleWriter([0x10, 0, 0x10, 0]).bytes
    static let hugeTable = ModuleWriter([], table: [0] + ModuleWriter.number(20_000_000)).bytes
    static let hugeMemory = ModuleWriter([], memory: [0] + ModuleWriter.number(65_536)).bytes
    static let divides = ModuleWriter(Op.constant(1) + Op.constant(0) + [0x6d] + Op.drop).bytes
    static let strays = ModuleWriter(Op.load(1 << 30) + Op.drop).bytes
    static let asksForMore = ModuleWriter(
        [], imports: [(name: "secret", parameters: 0, results: 0)], from: "env"
    ).bytes
    static let hasNoStart = ModuleWriter([], exports: "main").bytes

    /// Copies standard input to standard output.
    static let copies = ModuleWriter(
        [0x03, 0x40]
            + Op.store(0, Op.constant(64)) + Op.store(4, Op.constant(1000))
            + Op.call(0, 0, 0, 1, 20) + Op.drop + Op.store(4, Op.load(20))
            + Op.call(1, 1, 0, 1, 24) + Op.drop + Op.load(20) + [0x0d, 0, 0x0b],
        imports: [(name: "fd_read", parameters: 4, results: 1), write]
    ).bytes

    /// Sleeps ten seconds in one call of the interface, which no epoch interrupts.
    static let sleeps = ModuleWriter(
        Op.call(0, 0, 100, 1, 200) + Op.drop, imports: [(name: "poll_oneoff", parameters: 4, results: 1)],
        data: [(16, [1]), (24, [0x00, 0xe4, 0x0b, 0x54, 0x02])]
    ).bytes

    /// Ends with the number of its arguments.
    static let countsArguments = ModuleWriter(
        Op.call(0, 0, 4) + Op.drop + Op.load(0) + [0x10, 1],
        imports: [(name: "args_sizes_get", parameters: 2, results: 1), exit]
    ).bytes

    /// Ends with the number of its environment variables.
    static let countsVariables = ModuleWriter(
        Op.call(0, 0, 4) + Op.drop + Op.load(0) + [0x10, 1],
        imports: [(name: "environ_sizes_get", parameters: 2, results: 1), exit]
    ).bytes

    /// Ends with what `fd_prestat_get` says about the first descriptor after the three: 8 when there is none.
    static let looksForDirectory = ModuleWriter(
        Op.call(0, 3, 0) + [0x10, 1], imports: [(name: "fd_prestat_get", parameters: 2, results: 1), exit]
    ).bytes

    /// Ends with what `sock_accept` says about each descriptor: never 0.
    static let accepts = ModuleWriter(
        Op.call(0, 3, 0, 0) + [0x10, 1], imports: [(name: "sock_accept", parameters: 3, results: 1), exit]
    ).bytes
}
