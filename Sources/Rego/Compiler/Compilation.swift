// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What one run of the compiler shares between its passes.
final class Compilation {
    /// The parts of the compiler in the order in which their mistakes hide each other.
    enum Stage: Int, CaseIterable {
        case references, keywords, imports, locals, templates, voidCalls, prints, metadata, modifiers, conflicts
        case functions, headSafety, bodySafety, recursion, types, unsafeBuiltins, deprecatedBuiltins
    }

    /// How it compiles.
    let options: CompilerOptions
    /// The variables that the source names, in the order in which they were met.
    private(set) var sourceList: [(name: Text, source: Text)] = []
    /// The position in that list of each name that was made here, by the name's number; -1 for those of the compiler.
    private var positions: [Int32] = []
    private let firstLocal: Int
    /// The number of the next generated name.
    private(set) var nextLocal: Int
    private var mistakes: [[Diagnostic]] = Array(repeating: [], count: Stage.allCases.count)
    private var signatures: [Text: BuiltinSignature?] = [:]

    init(options: CompilerOptions, nextLocal: Int = 0) {
        self.options = options
        self.nextLocal = nextLocal
        firstLocal = nextLocal
    }

    /// A name that nothing else bears.
    func freshName(for source: Text? = nil) -> Text {
        var bytes = Name.localPrefix.bytes
        bytes.append(contentsOf: String(nextLocal).utf8)
        bytes.append(UInt8(ascii: "_"))
        bytes.append(UInt8(ascii: "_"))
        nextLocal &+= 1
        let name = Text(bytes: bytes)
        positions.append(source == nil ? -1 : Int32(truncatingIfNeeded: sourceList.count))
        if let source { sourceList.append((name, source)) }
        return name
    }

    /// The name that the source gave to a variable; nil for one that the compiler made.
    func sourceName(of name: Text) -> Text? {
        guard Name.isLocal(name) else { return nil }
        var number = 0
        for byte in name.bytes.dropFirst(Name.localPrefix.bytes.count) {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { break }
            number = number &* 10 &+ Int(byte &- UInt8(ascii: "0"))
        }
        let index = number &- firstLocal
        guard positions.indices.contains(index), positions[index] >= 0 else { return nil }
        return sourceList[Int(positions[index])].source
    }

    /// A variable that nothing else is.
    func freshVariable(at location: Location) -> Term {
        .variable(freshName(), at: location)
    }

    /// What a message calls a variable; nil for one that the compiler made.
    func displayName(_ name: Text) -> String? {
        guard let source = sourceName(of: name) else { return nil }
        return Name.isWildcard(source) ? "_" : source.string
    }

    /// What is known of a builtin.
    func signature(of name: Text) -> BuiltinSignature? {
        if let known = signatures[name] { return known }
        let found = options.signature(name)
        signatures[name] = .some(found)
        return found
    }

    /// Notes a mistake.
    func report(_ stage: Stage, _ code: Diagnostic.Code, _ message: String, at location: Location) {
        mistakes[stage.rawValue].append(Diagnostic(code, message, at: location))
    }

    /// Throws the mistakes of the first part that found any, among those up to a given one.
    func throwMistakes(through last: Stage = .deprecatedBuiltins) throws(Diagnostics) {
        guard let first = mistakes[...last.rawValue].first(where: { !$0.isEmpty }) else { return }
        var seen: Set<Diagnostic> = []
        let sorted = first.enumerated().sorted { left, right in
            let (one, other) = (left.element.location, right.element.location)
            if one.file != other.file { return one.file < other.file }
            if one.row != other.row { return one.row < other.row }
            if one.column != other.column { return one.column < other.column }
            return left.offset < right.offset
        }
        let list = sorted.map(\.element).filter { seen.insert($0).inserted }
        throw Diagnostics(Array(list.prefix(max(1, options.errorLimit))))
    }
}
