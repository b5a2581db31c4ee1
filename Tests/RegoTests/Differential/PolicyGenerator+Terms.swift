// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension PolicyGenerator {
    /// A term without variables.
    func constant(_ kind: Kind) -> String {
        switch kind {
        case .any: return constant(choices.pick([.number, .string, .boolean, .array, .object, .set]))
        case .number:
            return choices.pick(["1", "0", "2", "3", "-1", "1.5", "1.0", "10", "1e2", "12345678901234567890"])
        case .string: return choices.pick(["\"a\"", "\"b\"", "\"c\"", "\"\"", "\"1\"", "\"é\"", "`a`"])
        case .boolean: return choices.pick(["true", "true", "false", "null"])
        case .array: return choices.pick(["[]", "[1]", "[1, 2]", "[\"a\", \"b\"]", "[[1], {2}]", "[\"a\", 1, null]"])
        case .object: return choices.pick(["{}", "{\"a\": 1}", "{\"a\": {\"b\": 2}}", "{1: \"a\", \"b\": [1]}"])
        case .set: return choices.pick(["set()", "{1}", "{1, 2, 3}", "{\"a\", \"b\"}", "{1.0, \"1\"}", "{[1], {1}}"])
        }
    }

    /// A term of roughly this kind.
    func term(_ kind: Kind, _ depth: Int) -> String {
        let known = variables.filter { kind == .any || $0.kind == kind || $0.kind == .any }
        if !known.isEmpty, choices.holds(45) { return choices.pick(known).name }
        guard depth > 0 else { return choices.holds(50) ? constant(kind) : reference() }
        switch choices.below(10) {
        case 0: return constant(kind)
        case 1...4: return reference()
        case 5: return call(kind, depth)
        default: return composed(kind == .any ? choices.pick(Kind.allCases) : kind, depth)
        }
    }

    private func composed(_ kind: Kind, _ depth: Int) -> String {
        let next = depth - 1
        switch kind {
        case .any: return reference()
        case .number:
            switch choices.below(6) {
            case 0...2:
                return "(\(term(.number, next)) \(choices.pick(["+", "-", "*", "/", "%"])) \(term(.number, next)))"
            case 3...4: return "count(\(term(choices.pick([.array, .object, .set, .string]), next)))"
            default: return "\(choices.pick(["sum", "max", "min", "product"]))(\(term(.array, next)))"
            }
        case .string:
            switch choices.below(6) {
            case 0: return "concat(\",\", \(term(.array, next)))"
            case 1: return "upper(\(term(.string, next)))"
            case 2: return "sprintf(\"%v-%s\", [\(term(.any, next)), \(term(.any, next))])"
            case 3: return "replace(\(term(.string, next)), \"a\", \(term(.string, next)))"
            default: return "$\"<{\(term(.any, next))}|{\(reference())}>\""
            }
        case .boolean:
            switch choices.below(4) {
            case 0...1: return "(\(term(.any, next)) \(comparison()) \(term(.any, next)))"
            case 2: return "(\(term(.any, next)) in \(term(.array, next)))"
            default: return "startswith(\(term(.string, next)), \(constant(.string)))"
            }
        case .array:
            switch choices.below(5) {
            case 0...1: return "[" + list(next) + "]"
            case 2: return "array.concat(\(term(.array, next)), \(term(.array, next)))"
            case 3: return "sort(\(term(choices.pick([.array, .set]), next)))"
            default:
                return scoped(selects: true) {
                    let inner = body(1 + choices.below(2), next)
                    selects = false
                    return "[\(term(.any, next)) | \(inline(inner))]"
                }
            }
        case .object:
            switch choices.below(4) {
            case 0: return "{\(term(.string, 0)): \(term(.any, next)), \"z\": \(term(.any, next))}"
            case 1: return "object.union(\(term(.object, next)), \(term(.object, next)))"
            case 2: return "object.remove(\(term(.object, next)), [\(constant(.string))])"
            default:
                return scoped(selects: true) {
                    let inner = body(1 + choices.below(2), next)
                    selects = false
                    return "{\(term(.any, 0)): \(term(.any, next)) | \(inline(inner))}"
                }
            }
        case .set:
            switch choices.below(5) {
            case 0: return "{\(term(.any, next)), \(term(.any, next))}"
            case 1...2: return "(\(term(.set, next)) \(choices.pick(["|", "&", "-"])) \(term(.set, next)))"
            default:
                return scoped(selects: true) {
                    let inner = body(1 + choices.below(2), next)
                    selects = false
                    return "{\(term(.any, next)) | \(inline(inner))}"
                }
            }
        }
    }

    private func list(_ depth: Int) -> String {
        (0..<choices.below(4)).map { _ in term(.any, depth) }.joined(separator: ", ")
    }

    /// A body in one line.
    func inline(_ body: String) -> String {
        body.split(separator: "\n").map { $0.drop { $0 == "\t" } }.joined(separator: "; ")
    }

    private func call(_ kind: Kind, _ depth: Int) -> String {
        let functions = rules.filter { $0.arity != nil && (kind == .any || $0.kind == kind || $0.kind == .any) }
        if !functions.isEmpty, choices.holds(70) {
            let function = choices.pick(functions)
            let arguments = (0..<(function.arity ?? 1)).map { _ in term(.any, depth - 1) }
            return "\(name(of: function))(\(arguments.joined(separator: ", ")))"
        }
        switch choices.below(5) {
        case 0: return "object.get(\(term(.object, depth - 1)), \(term(.string, 0)), \(term(.any, depth - 1)))"
        case 1: return "type_name(\(term(.any, depth - 1)))"
        case 2: return "to_number(\(term(.any, depth - 1)))"
        case 3: return "json.unmarshal(json.marshal(\(term(.any, depth - 1))))"
        default: return "abs(\(term(.number, depth - 1)))"
        }
    }

    func comparison() -> String {
        choices.pick(["==", "!=", "<", "<=", ">", ">="])
    }

    func name(of rule: Rule) -> String {
        rule.package == package && choices.holds(60) ? rule.name : "data.\(rule.package).\(rule.name)"
    }

    /// A reference into the input, the data or a rule, at times to all of its elements.
    func reference() -> String {
        let documents = rules.filter { $0.arity == nil }
        var text: String
        switch choices.below(10) {
        case 0...2: text = "input." + choices.pick(["a", "b", "c", "l", "n", "s"])
        case 3: text = "data.base." + choices.pick(["a", "b", "c", "l", "n", "s"])
        case 4: text = choices.pick(["input", "data.x", "data.base", "data.a.k", "data.a.b.k", "data.c.m"])
        case 5...7 where !documents.isEmpty: text = name(of: choices.pick(documents))
        case 8 where !variables.isEmpty:
            let known = variables.filter { $0.kind == .any }
            text = known.isEmpty ? "input.l" : choices.pick(known).name
        default: text = "input." + choices.pick(["l", "a"])
        }
        for _ in 0..<choices.pick([0, 1, 1, 2]) { text += operand() }
        return text
    }

    private func operand() -> String {
        switch choices.below(9) {
        case 0...1: return "." + choices.pick(["a", "b", "c"])
        case 2: return "[\(choices.pick(["0", "1", "\"1\"", "\"a\"", "true"]))]"
        case 3...4 where !variables.isEmpty: return "[\(choices.pick(variables).name)]"
        case 5...6 where selects: return "[_]"
        case 7 where selects:
            let name = fresh()
            variables.append((name, .any))
            return "[\(name)]"
        case 8 where selects && choices.holds(40): return "[\(pattern(1))]"
        default: return "[\(term(.string, 0))]"
        }
    }

    /// A pattern that binds new variables and compares with known ones.
    func pattern(_ depth: Int) -> String {
        switch choices.below(depth > 0 ? 8 : 4) {
        case 0...1:
            let name = fresh()
            variables.append((name, .any))
            return name
        case 2: return choices.holds(50) && !variables.isEmpty ? choices.pick(variables).name : "_"
        case 3: return constant(choices.pick([.number, .string, .boolean]))
        case 4...5: return "[" + (0...choices.below(2)).map { _ in pattern(depth - 1) }.joined(separator: ", ") + "]"
        default:
            let names = ["a", "b"].prefix(1 + choices.below(2))
            return "{" + names.map { "\"\($0)\": \(pattern(depth - 1))" }.joined(separator: ", ") + "}"
        }
    }
}
