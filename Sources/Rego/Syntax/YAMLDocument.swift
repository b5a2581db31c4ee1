// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Yams

/// The YAML of a metadata block.
enum YAMLDocument {
    /// Why a text is no such block.
    struct Failure: Error {
        var message: String
        /// The line of the block that is to blame, from 1.
        var line: Int?
    }

    /// Bytes of a block.
    static let byteLimit = 1 << 16
    /// Values that refer to others; few enough that they cannot multiply the text far.
    static let aliasLimit = 12
    /// Levels of values in values.
    static let depthLimit = 64

    /// Reads the members of a mapping.
    static func read(_ text: [UInt8]) throws(Failure) -> [SyntaxValue.Member] {
        guard text.count <= byteLimit else { throw Failure(message: "metadata block is too large", line: nil) }
        guard text.count(where: { $0 == UInt8(ascii: "*") }) <= aliasLimit || !hasAnchors(text) else {
            throw Failure(message: "yaml: document contains excessive aliasing", line: nil)
        }
        guard nesting(of: text) <= depthLimit else {
            throw Failure(message: "yaml: exceeded max depth", line: nil)
        }
        let root: Node?
        do {
            root = try Yams.compose(yaml: String(decoding: text, as: UTF8.self), .default, .default)
        } catch let error as YamlError {
            throw failure(error)
        } catch {
            throw Failure(message: "yaml: \(error)", line: nil)
        }
        guard let root else { return [] }
        guard case .object(let members) = try value(root, depth: 0) else {
            if case .null = try value(root, depth: 0) { return [] }
            throw Failure(message: "yaml: unmarshal errors:\n  line 1: cannot unmarshal into annotation", line: 1)
        }
        return members
    }

    private static func hasAnchors(_ text: [UInt8]) -> Bool {
        text.contains(UInt8(ascii: "&"))
    }

    /// An upper bound of the levels that a text can have.
    private static func nesting(of text: [UInt8]) -> Int {
        var open = 0
        var deepest = 0
        var indentation = 0
        var isLineStart = true
        for byte in text {
            switch byte {
            case UInt8(ascii: "\n"):
                isLineStart = true
                indentation = 0
            case UInt8(ascii: " ") where isLineStart, UInt8(ascii: "-") where isLineStart,
                UInt8(ascii: "?") where isLineStart:
                indentation += 1
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                open += 1
                isLineStart = false
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                open = max(0, open - 1)
                isLineStart = false
            default:
                isLineStart = false
            }
            deepest = max(deepest, open + indentation / 2)
        }
        return deepest
    }

    private static func failure(_ error: YamlError) -> Failure {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            Failure(message: "yaml: line \(mark.line): \(problem)", line: mark.line)
        default:
            Failure(message: "yaml: \(error)", line: nil)
        }
    }

    private static func value(_ node: Node, depth: Int) throws(Failure) -> SyntaxValue {
        guard depth < depthLimit else { throw Failure(message: "yaml: exceeded max depth", line: nil) }
        switch node {
        case .scalar(let scalar):
            guard scalar.style == .plain || scalar.style == .any else {
                return .string(Text(scalar.string))
            }
            return YAMLScalar.value(scalar.string)
        case .sequence(let sequence):
            var items: [SyntaxValue] = []
            for item in sequence { items.append(try value(item, depth: depth + 1)) }
            return .array(items)
        case .mapping(let mapping):
            var members: [SyntaxValue.Member] = []
            for (key, item) in mapping {
                guard case .string(let name) = try value(key, depth: depth + 1) else {
                    throw Failure(message: "invalid map key type(s)", line: key.mark?.line)
                }
                members.append(SyntaxValue.Member(key: name, value: try value(item, depth: depth + 1)))
            }
            return .object(members)
        case .alias:
            throw Failure(message: "yaml: unknown alias", line: nil)
        }
    }
}

/// What a plain scalar of YAML's core schema stands for.
enum YAMLScalar {
    /// Reads null, booleans and numbers; anything else is a string.
    static func value(_ text: String) -> SyntaxValue {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .boolean(true)
        case "false", "False", "FALSE": return .boolean(false)
        default: break
        }
        let bytes = Array(text.utf8)
        if let number = number(bytes) { return .number(Text(bytes: number)) }
        return .string(Text(bytes: bytes))
    }

    private static func number(_ bytes: [UInt8]) -> [UInt8]? {
        guard bytes.count <= 100 else { return nil }
        var rest = bytes[...]
        var result: [UInt8] = []
        if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") {
            if rest.removeFirst() == UInt8(ascii: "-") { result.append(UInt8(ascii: "-")) }
        }
        if rest.first == UInt8(ascii: "0"), rest.count > 2 {
            let digits = String(decoding: rest.dropFirst(2), as: UTF8.self)
            let mark = rest.dropFirst().first
            let radix = mark == UInt8(ascii: "x") ? 16 : mark == UInt8(ascii: "o") ? 8 : 0
            if radix > 0 { return UInt64(digits, radix: radix).map { result + Array(String($0).utf8) } }
        }
        var whole = Array(rest.prefix(while: \.isDigit))
        rest = rest.dropFirst(whole.count)
        var fraction: [UInt8] = []
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            fraction = Array(rest.prefix(while: \.isDigit))
            rest = rest.dropFirst(fraction.count)
        }
        guard !whole.isEmpty || !fraction.isEmpty else { return nil }
        while whole.count > 1, whole.first == UInt8(ascii: "0") { whole.removeFirst() }
        result += whole.isEmpty ? [UInt8(ascii: "0")] : whole
        if !fraction.isEmpty { result += [UInt8(ascii: ".")] + fraction }
        guard let mark = rest.first else { return result }
        guard mark | 0x20 == UInt8(ascii: "e") else { return nil }
        result.append(mark)
        rest.removeFirst()
        if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { result.append(rest.removeFirst()) }
        guard !rest.isEmpty, rest.allSatisfy(\.isDigit) else { return nil }
        return result + rest
    }
}
