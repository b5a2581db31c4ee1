// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Writes policies that use every part of the language, with data and inputs in which they find something.
final class PolicyGenerator {
    /// What a term should be, so that more of the terms make sense.
    enum Kind: CaseIterable {
        case any, number, string, boolean, array, object, set
    }

    /// A rule that later rules may refer to.
    struct Rule {
        var package: String
        var name: String
        /// What stands there.
        var kind: Kind
        /// The number of arguments of a function.
        var arity: Int?
    }

    /// A rule's source, so that one that does not compile can be left out.
    struct Chunk {
        var package: String
        var text: String
    }

    static let packages = ["a", "a.b", "c"]

    var choices: Choices
    var rules: [Rule] = []
    var package = "a"
    var variables: [(name: String, kind: Kind)] = []
    /// The keywords that each package imports besides those of every module.
    private(set) var keywords: [String: [String]] = [:]
    /// Whether a term may bind variables by selecting.
    var selects = false
    private var counter = 0

    init(_ choices: Choices) {
        self.choices = choices
        for package in Self.packages {
            keywords[package] = ["and", "not", "or"].filter { _ in self.choices.holds(25) }
        }
    }

    func has(_ keyword: String) -> Bool { keywords[package]?.contains(keyword) ?? false }

    func fresh(_ prefix: String = "v") -> String {
        counter += 1
        return "\(prefix)\(counter)"
    }

    /// Calls a function whose variables are not seen outside.
    func scoped<Result>(selects: Bool, _ body: () -> Result) -> Result {
        let known = variables
        let before = self.selects
        self.selects = selects
        defer {
            variables = known
            self.selects = before
        }
        return body()
    }

    // MARK: Documents

    /// A JSON text.
    func document(_ depth: Int) -> String {
        switch choices.below(depth > 0 ? 14 : 9) {
        case 0...2: return choices.pick(["1", "0", "2", "3", "-1", "1.5", "1.0", "1e2"])
        case 3...5: return choices.pick(["\"a\"", "\"b\"", "\"c\"", "\"\"", "\"1\"", "\"é\"", "\"a/b\""])
        case 6: return "true"
        case 7: return choices.pick(["false", "null"])
        case 8: return choices.pick(["[]", "{}", "[1, 2]"])
        case 9...10:
            return "[" + (0..<choices.below(5)).map { _ in document(depth - 1) }.joined(separator: ", ") + "]"
        default: return objectDocument(["a", "b", "c", "1"], depth)
        }
    }

    private func objectDocument(_ names: [String], _ depth: Int) -> String {
        let present = names.filter { _ in !choices.holds(30) }
        return "{" + present.map { "\"\($0)\": \(document(depth - 1))" }.joined(separator: ", ") + "}"
    }

    /// The input.
    func input() -> String {
        choices.holds(5) ? document(2) : objectDocument(["a", "b", "c", "l", "n", "s"], 4)
    }

    /// The base documents: some stand beside rules.
    func data() -> String {
        let beside = objectDocument(["k", "m"], 2)
        let below = objectDocument(["k", "m"], 2)
        return """
            {"base": \(objectDocument(["a", "b", "c", "l", "n", "s"], 4)), "x": \(document(3)),
             "a": {"k": \(document(2)), "b": \(below)}, "c": \(beside)}
            """
    }

    // MARK: Rules

    /// The rules of a policy.
    func policy() -> [Chunk] {
        (0..<(2 + choices.below(8))).map { _ in rule() }
    }

    private func rule() -> Chunk {
        package = choices.pick(Self.packages)
        variables = []
        let name = fresh("p")
        let texts: [String]
        switch choices.below(11) {
        case 10: texts = tableRule(name)
        case 0...3: texts = completeRule(name)
        case 4...5: texts = setRule(name)
        case 6: texts = objectRule(name)
        case 7...8: texts = functionRule(name)
        default: texts = deepRule(name)
        }
        return Chunk(package: package, text: texts.joined(separator: "\n"))
    }

    private func definitions(_ most: Int = 3, _ write: () -> String) -> [String] {
        (0...choices.below(most)).map { _ in scoped(selects: false, write) }
    }

    /// A body and, behind it, the head that sees its variables.
    private func definition(_ head: () -> String) -> String {
        let inner = choices.holds(90) ? " if {\n\(body(1 + choices.below(3), 2))\n}" : ""
        return head() + inner
    }

    private func completeRule(_ name: String) -> [String] {
        let kind = choices.pick([Kind.boolean, .any, .number, .string, .array, .object, .set])
        var texts: [String] = []
        if choices.holds(30) { texts.append("default \(name) := \(scoped(selects: false) { constant(kind) })") }
        texts += definitions {
            let isConstant = choices.holds(50)
            let fixed = constant(kind)
            var text = definition { "\(name)" + (fixed == "true" ? "" : " := \(isConstant ? fixed : term(kind, 1))") }
            while choices.holds(25), text.hasSuffix("}") {
                variables = []
                text += scoped(selects: false) {
                    definition { " else := \(term(kind, 1))" }
                }
            }
            return text
        }
        rules.append(Rule(package: package, name: name, kind: kind))
        return texts
    }

    private func setRule(_ name: String) -> [String] {
        let texts = definitions { definition { "\(name) contains \(term(.any, 1))" } }
        rules.append(Rule(package: package, name: name, kind: .set))
        return texts
    }

    private func objectRule(_ name: String) -> [String] {
        let texts = definitions {
            let value = constant(.any)
            return definition { "\(name)[\(key())] := \(choices.holds(40) ? value : term(.any, 1))" }
        }
        rules.append(Rule(package: package, name: name, kind: .object))
        return texts
    }

    private func functionRule(_ name: String) -> [String] {
        let arity = 1 + choices.below(2)
        let kind = choices.pick([Kind.any, .boolean, .number, .string])
        var texts: [String] = []
        if choices.holds(20) {
            let wildcards = (0..<arity).map { _ in "_" }.joined(separator: ", ")
            texts.append("default \(name)(\(wildcards)) := \(constant(kind))")
        }
        texts += definitions {
            let arguments = (0..<arity).map { _ in argument() }.joined(separator: ", ")
            var text = definition { "\(name)(\(arguments))" + (choices.holds(20) ? "" : " := \(term(kind, 1))") }
            if choices.holds(20), text.hasSuffix("}") { text += definition { " else := \(term(kind, 1))" } }
            return text
        }
        rules.append(Rule(package: package, name: name, kind: kind, arity: arity))
        return texts
    }

    /// Rules whose heads are references.
    private func deepRule(_ name: String) -> [String] {
        let shape = choices.below(6)
        let texts = definitions {
            let value = constant(.any)
            return definition {
                let end = choices.holds(40) ? value : term(.any, 1)
                switch shape {
                case 0: return "\(name).x.\(choices.pick(["a", "b"])) := \(end)"
                case 1: return "\(name).x contains \(end)"
                case 2: return "\(name)[\(key())].y := \(end)"
                case 3: return "\(name)[\(key())] contains \(end)"
                case 4: return "\(name).x[\(key())][\(key())] := \(end)"
                default:
                    return choices.holds(50) ? "\(name).x[\(key())] := \(end)" : "\(name).z[\(key())].w contains \(end)"
                }
            }
        }
        rules.append(Rule(package: package, name: name, kind: .object))
        return texts
    }

    /// Many definitions that differ in the constants that they compare the same things with.
    private func tableRule(_ name: String) -> [String] {
        let isFunction = choices.holds(30)
        let isPartial = !isFunction && choices.holds(40)
        let head = isFunction ? "\(name)(x, y)" : name
        let paths = isFunction ? ["x", "y", "input.n"] : ["input.n", "input.s", "input.a.b", "input.l[0]"]
        let values = ["1", "1.0", "2", "\"a\"", "\"1\"", "true", "null", "[1]", "1e2", "3"]
        let texts = (0..<(2 + choices.below(6))).map { position in
            let tests = (0...choices.below(2)).map { _ -> String in
                let path = choices.pick(paths)
                switch choices.below(8) {
                case 0: return "\(path) in {\(choices.pick(values)), \(choices.pick(values))}"
                case 1: return "not \(path) == \(choices.pick(values))"
                case 2: return "\(choices.pick(values)) = \(path)"
                case 3: return "some \(fresh("w")); input.l[_] == \(choices.pick(values))"
                default: return "\(path) == \(choices.pick(values))"
                }
            }
            let value = choices.holds(60) ? "\(position)" : choices.pick(["true", "1"])
            let start = isPartial ? "\(head) contains \(value)" : "\(head) := \(value)"
            return "\(start) if { \(tests.joined(separator: "; ")) }"
                + (choices.holds(30) && !isPartial ? " else := 7" : "")
        }
        rules.append(
            Rule(package: package, name: name, kind: isPartial ? .set : .number, arity: isFunction ? 2 : nil))
        return texts
    }

    private func argument() -> String {
        switch choices.below(8) {
        case 0...4:
            let name = fresh()
            variables.append((name, .any))
            return name
        case 5: return pattern(1)
        case 6: return "_"
        default: return constant(.any)
        }
    }

    private func key() -> String {
        let known = variables.filter { $0.kind == .any || $0.kind == .string }
        if !known.isEmpty, choices.holds(60) { return choices.pick(known).name }
        return choices.pick(["\"a\"", "\"b\"", "input.s", "1", "\"c\""])
    }
}
