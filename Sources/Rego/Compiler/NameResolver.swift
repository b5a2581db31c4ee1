// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Gives every name of one rule (or one branch of it) its meaning: references become absolute, variables unique.
///
/// Declarations disappear here: `x := y` becomes `eq`, `some x` nothing, `some k, v in xs` becomes `eq(v, xs[k])`.
struct NameResolver {
    /// Why declarations are refused in a body.
    enum Restriction {
        case and, or
    }

    let compilation: Compilation
    let globals: GlobalNames
    /// The variables that are visible.
    var scopes = LocalScopes()
    /// The names declared in the bodies around, which hide rules and imports even before their declaration.
    var hidden: [Set<Text>] = []
    /// The variables that nothing declares; one name is one variable in the whole rule.
    var undeclared: [Text: Text] = [:]
    /// The mistakes found in this rule.
    var mistakes = 0
    /// Whether the rule holds an interpolated string.
    var hasTemplates = false

    init(compilation: Compilation, globals: GlobalNames) {
        self.compilation = compilation
        self.globals = globals
    }

    /// Notes a mistake about variables.
    mutating func report(_ message: String, at location: Location) {
        mistakes &+= 1
        compilation.report(.locals, .compile, message, at: location)
    }

    /// Whether a name is declared in a body around this place.
    func isHidden(_ name: Text) -> Bool {
        for names in hidden.reversed() where names.contains(name) { return true }
        return false
    }

    /// What a variable's name stands for.
    mutating func meaning(of name: Text, at location: Location) -> Term {
        if let local = scopes.meet(name) { return .variable(local.name, at: location) }
        if Name.isRoot(name) { return .variable(name, at: location) }
        if !isHidden(name), let parts = globals.meaning(of: name, at: location) {
            return parts.count == 1 ? parts[0] : Term(.reference(parts), at: location)
        }
        let unique: Text
        if let known = undeclared[name] {
            unique = known
        } else {
            unique = compilation.freshName(for: name)
            undeclared[name] = unique
        }
        scopes.insert(name, unique, .seen, at: location)
        return .variable(unique, at: location)
    }

    /// Declares a variable in the innermost scope; nil with a mistake when the name has been in use there.
    mutating func declare(
        _ name: Text, _ occurrence: LocalScopes.Occurrence, at location: Location, expression: Location
    )
        -> Text?
    {
        if let present = scopes.innermostLocal(name) {
            switch present.occurrence {
            case .seen: report("var \(name.string) referenced above", at: location)
            case .assigned: report("var \(name.string) assigned above", at: location)
            case .declared: report("var \(name.string) declared above", at: location)
            case .argument: report("arg \(name.string) redeclared", at: location)
            }
            return nil
        }
        let unique = compilation.freshName(for: name)
        scopes.insert(name, unique, occurrence, at: expression)
        return unique
    }

    // MARK: Terms

    /// A term with its names resolved.
    mutating func term(_ term: Term) -> Term {
        switch term.kind {
        case .null, .boolean, .number, .string: return term
        case .variable(let name): return meaning(of: name, at: term.location)
        case .reference(let parts): return reference(parts, at: term.location)
        case .array(let elements): return Term(.array(terms(elements)), at: term.location)
        case .set(let elements): return Term(.set(terms(elements)), at: term.location)
        case .object(let items):
            var result: [ObjectItem] = []
            result.reserveCapacity(items.count)
            for item in items { result.append(ObjectItem(key: self.term(item.key), value: self.term(item.value))) }
            return Term(.object(result), at: term.location)
        case .call(let function, let arguments):
            let resolved = self.function(function, in: term, isNested: true)
            return Term(.call(function: resolved, arguments: terms(arguments)), at: term.location)
        case .arrayComprehension(let head, let body):
            let (body, heads) = closure(body, heads: [head])
            return Term(.arrayComprehension(head: heads[0], body: body), at: term.location)
        case .setComprehension(let head, let body):
            let (body, heads) = closure(body, heads: [head])
            return Term(.setComprehension(head: heads[0], body: body), at: term.location)
        case .objectComprehension(let key, let value, let body):
            let (body, heads) = closure(body, heads: [key, value])
            return Term(.objectComprehension(key: heads[0], value: heads[1], body: body), at: term.location)
        case .template(let template): return self.template(template, at: term.location)
        }
    }

    /// Terms with their names resolved.
    mutating func terms(_ terms: [Term]) -> [Term] {
        var result: [Term] = []
        result.reserveCapacity(terms.count)
        for term in terms { result.append(self.term(term)) }
        return result
    }

    private mutating func reference(_ parts: [Term], at location: Location) -> Term {
        guard let first = parts.first else { return Term(.reference(parts), at: location) }
        var result: [Term] = []
        result.reserveCapacity(parts.count &+ 3)
        let head = term(first)
        if first.variableName != nil, case .reference(let prefix) = head.kind {
            result.append(contentsOf: prefix)
        } else {
            result.append(head)
        }
        for part in parts.dropFirst() { result.append(part.isScalar ? part : term(part)) }
        return Term(.reference(result), at: location)
    }

    private mutating func template(_ template: TemplateString, at location: Location) -> Term {
        hasTemplates = true
        var parts: [TemplateString.Part] = []
        for part in template.parts {
            switch part {
            case .text: parts.append(part)
            case .expression(let expression):
                scopes.push()
                parts.append(.expression(plain(expression)))
                scopes.pop()
            }
        }
        return Term(.template(TemplateString(parts: parts, isRaw: template.isRaw)), at: location)
    }

    private mutating func closure(_ body: Body, heads: [Term]) -> (Body, [Term]) {
        scopes.push()
        hidden.append(Self.declared(in: body))
        let resolved = self.body(body, usedBy: heads)
        let resolvedHeads = terms(heads)
        hidden.removeLast()
        scopes.pop()
        return (resolved, resolvedHeads)
    }

    /// The function of a call: a builtin's full name as a variable, or a reference below `data`.
    mutating func function(_ function: Term, in call: Term, isNested: Bool) -> Term {
        let parts: [Term]
        switch function.kind {
        case .variable: parts = [function]
        case .reference(let list): parts = list
        default: return function
        }
        guard let head = parts.first?.variableName else { return function }
        if let local = scopes.find(head), local.occurrence != .seen {
            let name = TermPrinter { $0.string }.text(function)
            if isNested {
                report("called function \(name) shadowed", at: call.location)
            } else {
                compilation.report(.functions, .type, "undefined function \(name)", at: call.location)
            }
            return .variable(Self.flatten(parts), at: function.location)
        }
        if head == Name.data { return function }
        if !isHidden(head), let prefix = globals.meaning(of: head, at: function.location) {
            let path = prefix + parts.dropFirst()
            if path.first?.variableName == Name.data { return Term(.reference(path), at: function.location) }
            return .variable(Self.flatten(path), at: function.location)
        }
        return .variable(Self.flatten(parts), at: function.location)
    }

    /// `[io, "jwt", "decode"]` as `io.jwt.decode`.
    static func flatten(_ parts: [Term]) -> Text {
        if parts.count == 1, let name = parts[0].variableName { return name }
        return Text(TermPrinter { $0.string }.reference(parts))
    }

    /// The names that a body declares, outside of comprehensions.
    static func declared(in body: Body) -> Set<Text> {
        var result: Set<Text> = []
        collectDeclared(in: body, &result)
        return result
    }

    private static func collectDeclared(in body: Body, _ result: inout Set<Text>) {
        for expression in body {
            switch expression.kind {
            case .term:
                guard let (left, _) = expression.operands(of: Name.assign) else { break }
                left.forEachVariable([]) { result.insert($0) }
            case .someVariables(let variables):
                for case let name? in variables.map(\.variableName) { result.insert(name) }
            case .someIn(let key, let value, _):
                key?.forEachVariable([]) { result.insert($0) }
                value.forEachVariable([]) { result.insert($0) }
            case .every(_, _, _, let body), .negatedBody(let body): collectDeclared(in: body, &result)
            case .and(let operands), .or(let operands):
                for operand in operands { collectDeclared(in: operand.body, &result) }
            }
        }
    }
}
