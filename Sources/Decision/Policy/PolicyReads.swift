// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Rego

/// What a decision reads of the input, and whether the planes know it at that time.
///
/// Follows the rules from the entry point on. A rule that compares `input.plane` or `input.operation.name` with constants is
/// followed for the phases only in which it can hold.
struct PolicyReads {
    /// The members of the facts that are read.
    private(set) var members: FactsDocument.Members = []
    /// Whether header fields of requests are read.
    private(set) var readsFields = false
    /// What is read although it is not known, by place.
    private(set) var mistakes: [(location: Location, message: String)] = []
    /// Whether there are rules at the entry point.
    let isDefined: Bool
    /// Everything that the entry point depends on.
    private(set) var dependencies = Dependencies()

    private let policy: AnalyzedPolicy
    private let schema: InputSchema
    private let usesFacts: Bool
    private let allowedBuiltins: Set<String>
    private static let randomBuiltins: Set<Text> = ["rand.intn", "uuid.rfc4122"]
    private var seen: Set<Visit> = []
    private var reported: Set<Location> = []

    private struct Visit: Hashable {
        var group: Int
        var phases: DecisionPhases
    }

    /// Paths below the input that local variables stand for.
    typealias Names = [Text: [Text]]

    init(_ policy: AnalyzedPolicy, entryPoint: [Text], _ settings: DecisionPolicy.Settings) {
        self.policy = policy
        allowedBuiltins = settings.allowedBuiltins
        usesFacts = settings.input == .facts
        schema = usesFacts ? .facts : .envoy
        dependencies.groups = Self.groups(at: entryPoint.map { .string($0) }, in: policy.tree)
        isDefined = !dependencies.groups.isEmpty
        for group in dependencies.groups { visit(group, settings.phases) }
        dependencies = policy.closure(of: dependencies)
        // Members that only unreachable rules read are there all the same.
        if !usesFacts { members = .all }
        mistakes.sort { ($0.location.file, $0.location.offset) < ($1.location.file, $1.location.offset) }
    }

    /// The groups that a path leads through, to or over.
    private static func groups(at path: some Collection<SyntaxValue>, in tree: RuleTree) -> Set<Int> {
        var found: Set<Int> = []
        var node = 0
        for key in path {
            guard let next = tree.nodes[node].children[key] else { return found }
            node = next
            if let group = tree.nodes[node].group { found.insert(group) }
        }
        var pending = [node]
        while let next = pending.popLast() {
            if let group = tree.nodes[next].group { found.insert(group) }
            pending += tree.nodes[next].order
        }
        return found
    }

    private mutating func visit(_ group: Int, _ phases: DecisionPhases) {
        guard policy.groups.indices.contains(group), seen.insert(Visit(group: group, phases: phases)).inserted else {
            return
        }
        let rules = policy.groups[group]
        if let value = rules.defaultValue { walk(value.body, [value.value], [:], phases) }
        for definition in rules.definitions {
            let heads = definition.tail + [definition.key, definition.value].compactMap { $0 }
            walk(definition.body, heads, [:], phases)
            for branch in definition.elseBranches { walk(branch.body, [branch.value], [:], phases) }
        }
    }

    private mutating func walk(_ body: Body, _ heads: [Term], _ outer: Names, _ phases: DecisionPhases) {
        var names = outer
        let exempt = Self.addNames(of: body, to: &names)
        let phases = phases.intersection(PhaseGuard(policy: policy).phases(of: body, names))
        // For members, a rule counts that no phase reaches: it may still be evaluated up to what stops it.
        for expression in body { walk(expression, names, exempt, phases) }
        for head in heads { walk(head, names, phases) }
    }

    private mutating func walk(_ expression: Expression, _ names: Names, _ exempt: Set<Text>, _ phases: DecisionPhases)
    {
        let replacesInput = expression.modifiers.contains { modifier in
            switch modifier.target.kind {
            case .variable(let name): name == "input"
            case .reference(let parts): parts.first?.isInput ?? false
            default: false
            }
        }
        for modifier in expression.modifiers { walk(modifier.value, names, phases) }
        // What is read below sees the other input.
        let phases = replacesInput ? [] : phases
        switch expression.kind {
        case .term(let term):
            if expression.isGenerated, let (variable, path) = Self.name(term), path.isEmpty, exempt.contains(variable) {
                return
            }
            walk(term, names, phases)
        case .every(_, _, let domain, let body):
            walk(domain, names, phases)
            walk(body, [], names, phases)
        case .negatedBody(let body): walk(body, [], names, phases)
        case .and(let operands), .or(let operands):
            for operand in operands { walk(operand.body, [], names, phases) }
        case .someIn(_, _, let domain): walk(domain, names, phases)
        case .someVariables: break
        }
    }

    private mutating func walk(_ term: Term, _ names: Names, _ phases: DecisionPhases) {
        switch term.kind {
        case .null, .boolean, .number, .string, .template: break
        case .variable: if term.isInput { read([], at: term.location, phases) }
        case .reference(let parts): walk(reference: parts, at: term.location, names, phases)
        case .array(let elements), .set(let elements):
            for element in elements { walk(element, names, phases) }
        case .object(let items):
            for item in items {
                walk(item.key, names, phases)
                walk(item.value, names, phases)
            }
        case .call(let function, let arguments):
            if case .reference(let parts) = function.kind { walk(reference: parts, at: term.location, names, phases) }
            if case .variable(GrantedBuiltin.name) = function.kind, arguments.first?.isInput ?? false { break }
            if case .variable(let name) = function.kind, Self.randomBuiltins.contains(name),
                !allowedBuiltins.contains(name.string)
            {
                report(
                    "\(name) gives each evaluation another result; allow it with policy.allow_builtins",
                    at: term.location)
            }
            for argument in arguments { walk(argument, names, phases) }
        case .arrayComprehension(let head, let body), .setComprehension(let head, let body):
            walk(body, [head], names, phases)
        case .objectComprehension(let key, let value, let body): walk(body, [key, value], names, phases)
        }
    }

    private mutating func walk(reference parts: [Term], at location: Location, _ names: Names, _ phases: DecisionPhases)
    {
        guard let head = parts.first else { return }
        if let path = Self.path(parts, names) {
            read(path, at: location, phases)
        } else if case .variable("data") = head.kind {
            for group in Self.groups(at: Self.keys(parts.dropFirst()).map { .string($0) }, in: policy.tree) {
                visit(group, phases)
            }
        } else {
            walk(head, names, phases)
        }
        for part in parts.dropFirst() { walk(part, names, phases) }
    }

    private mutating func read(_ path: [Text], at location: Location, _ phases: DecisionPhases) {
        if usesFacts {
            members.formUnion(
                path.first.map { key in FactsDocument.Members.names.first { $0.key == key }?.value ?? [] } ?? .all)
        }
        let fields: [Text] = usesFacts ? ["http", "headers"] : ["attributes", "request", "http", "headers"]
        if path.starts(with: fields) {
            let isPseudo = path.dropFirst(fields.count).first?.bytes.first == UInt8(ascii: ":")
            if !isPseudo { readsFields = true }
        } else if fields.starts(with: path) {
            readsFields = true
        }
        guard !phases.isEmpty, !path.isEmpty else { return }
        let name = (["input"] + path.map(\.string)).joined(separator: ".")
        switch schema.find(path) {
        case .unknown(let depth, let near):
            let hint = near.map { near in
                "; did you mean \((["input"] + path.prefix(depth).map(\.string) + [near]).joined(separator: "."))?"
            }
            report("there is no \(name)\(hint ?? "")", at: location)
        case .known(let known):
            // Where one form serves all planes, what is known to one of them may be asked for, and is undefined elsewhere.
            if !usesFacts, !phases.isDisjoint(with: known) { return }
            guard let phase = phases.subtracting(known).first else { return }
            var message = "\(name) is not known to the \(phase.plane.rawValue) plane for \(phase.words)"
            if let other = phases.intersection(known).first, usesFacts {
                message += "; limit the rule: input.operation.name == \"\(other.operation.rawValue)\""
            }
            report(message, at: location)
        }
    }

    private mutating func report(_ message: String, at location: Location) {
        if reported.insert(location).inserted { mistakes.append((location, message)) }
    }

    // MARK: Names of paths

    /// Enters variables that stand for a path below the input.
    ///
    /// - Returns: The variables that only hand the input to `yett.granted`.
    private static func addNames(of body: Body, to names: inout Names) -> Set<Text> {
        var granted: Set<Text> = []
        for expression in body where expression.modifiers.isEmpty && !expression.isNegated {
            guard case .term(let term) = expression.kind else { continue }
            if let (variable, path) = name(term, names) { names[variable] = path }
            if case .call(let function, let arguments) = term.kind, case .variable(GrantedBuiltin.name) = function.kind,
                case .variable(let argument)? = arguments.first?.kind
            {
                granted.insert(argument)
            }
        }
        for expression in body where expression.isNegated {
            guard case .term(let term) = expression.kind, case .call(let function, let arguments) = term.kind,
                case .variable(GrantedBuiltin.name) = function.kind,
                case .variable(let argument)? = arguments.first?.kind
            else { continue }
            granted.insert(argument)
        }
        return granted
    }

    /// The variable that a statement binds to a path below the input.
    private static func name(_ term: Term, _ names: Names = [:]) -> (variable: Text, path: [Text])? {
        guard case .call(let function, let arguments) = term.kind, arguments.count == 2,
            case .variable("eq") = function.kind
        else { return nil }
        for (left, right) in [(arguments[0], arguments[1]), (arguments[1], arguments[0])] {
            guard case .variable(let variable) = left.kind, !left.isRoot else { continue }
            if right.isInput { return (variable, []) }
            // Behind a key that is not known before, the variable stands for something below the path.
            if case .reference(let parts) = right.kind, let path = path(parts, names), isWhole(parts) {
                return (variable, path)
            }
        }
        return nil
    }

    /// The part of a reference below the input that is known before the evaluation.
    static func path(_ parts: [Term], _ names: Names) -> [Text]? {
        guard let head = parts.first else { return nil }
        if head.isInput { return keys(parts.dropFirst()) }
        guard case .variable(let variable) = head.kind, let path = names[variable] else { return nil }
        return path + keys(parts.dropFirst())
    }

    /// Whether all keys of a reference are known before the evaluation.
    static func isWhole(_ parts: [Term]) -> Bool { keys(parts.dropFirst()).count == parts.count - 1 }

    private static func keys(_ parts: ArraySlice<Term>) -> [Text] {
        var keys: [Text] = []
        for part in parts {
            guard case .string(let key) = part.kind else { break }
            keys.append(key)
        }
        return keys
    }
}

extension Term {
    var isInput: Bool { if case .variable("input") = kind { true } else { false } }

    fileprivate var isRoot: Bool { if case .variable("data") = kind { true } else { isInput } }
}
