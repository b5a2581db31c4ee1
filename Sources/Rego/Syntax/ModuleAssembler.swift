// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Makes a module of its statements, and checks what the grammar alone does not.
struct ModuleAssembler {
    private(set) var mistakes: [Diagnostic] = []

    private let source: [UInt8]
    private let comments: [Comment]
    private let features: Module.Features
    /// Mistakes of rules, which are reported behind those of other statements.
    private var ruleMistakes: [Diagnostic] = []

    init(source: [UInt8], comments: [Comment], features: Module.Features) {
        self.source = source
        self.comments = comments
        self.features = features
    }

    /// Makes the module; nil when there is no package clause.
    mutating func assemble(
        _ statements: [SourceParser.Statement], annotations: [AnnotationReader.Block], file: Int32
    ) -> Module? {
        guard let first = statements.first else {
            note("empty module", at: Location(file: file, row: 0, column: 0))
            return nil
        }
        var module = Module(package: [], packageLocation: .none)
        if case .package(let path, let location) = first {
            module = Module(package: path, packageLocation: location)
        } else {
            note("package expected", at: first.location)
        }
        for statement in statements.dropFirst() {
            switch statement {
            case .package(_, let location):
                note("unexpected package", at: location)
            case .import(let clause):
                module.imports.append(clause)
            case .rule(let parsed):
                check(parsed)
                module.rules.append(parsed.rule)
            case .body(let body):
                guard let rule = makeRule(of: body) else { continue }
                module.rules.append(rule)
            }
        }
        mistakes += ruleMistakes
        guard mistakes.isEmpty else { return nil }
        module.comments = comments
        module.features = features
        var attachment = AnnotationAttachment(statements: statements)
        attachment.attach(annotations, to: &module)
        mistakes += attachment.mistakes
        return mistakes.isEmpty ? module : nil
    }

    private mutating func note(_ message: String, at location: Location) {
        mistakes.append(Diagnostic(.parse, message, at: location))
    }

    private mutating func noteRule(_ message: String, at location: Location) {
        ruleMistakes.append(Diagnostic(.parse, message, at: location))
    }

    // MARK: Declarations

    private mutating func check(_ parsed: ParsedRule) {
        let rule = parsed.rule
        let form = rule.head.arguments == nil ? "rule" : "function"
        checkName(of: rule)
        if parsed.hasBody, !parsed.hasIf {
            noteRule("`if` keyword is required before \(form) body", at: rule.location)
        }
        if parsed.isOldSet { noteOldSet(at: rule.location) }
        for (branch, hasIf) in zip(rule.elseBranches, parsed.elseHasIf) where !hasIf {
            noteRule("`if` keyword is required before \(form) body", at: branch.location)
        }
    }

    private mutating func checkName(of rule: Rule) {
        guard rule.head.reference.count == 1, let name = rule.head.reference.first,
            case .variable(let text) = name.kind,
            Keywords.contains(text)
        else { return }
        noteRule("\(text.string) keyword cannot be used for rule name", at: rule.location)
    }

    private mutating func noteOldSet(at location: Location) {
        noteRule("`contains` keyword is required for partial set rules", at: location)
    }

    // MARK: Rules without a body

    private mutating func makeRule(of body: Body) -> Rule? {
        guard let statement = body.first else { return nil }
        guard body.count == 1 else {
            note("multiple expressions cannot be used for rule head", at: statement.location)
            return nil
        }
        guard statement.modifiers.isEmpty else {
            note("expressions using with keyword cannot be used for rule head", at: statement.location)
            return nil
        }
        if statement.isNegated {
            note("negated expressions cannot be used for rule head", at: statement.location)
            return nil
        }
        let rule: Rule?
        switch statement.kind {
        case .someVariables, .someIn:
            note("'some' declarations cannot be used for rule head", at: statement.location)
            return nil
        case .term(let term):
            rule = makeRule(of: term, statement)
        default:
            note("expression cannot be used for rule head", at: statement.location)
            return nil
        }
        if let rule { checkName(of: rule) }
        return rule
    }

    private mutating func makeRule(of term: Term, _ statement: Expression) -> Rule? {
        switch term.kind {
        case .call(let function, let arguments):
            if case .variable(let name) = function.kind, name == "eq" || name == "assign", arguments.count == 2 {
                return makeRule(
                    left: arguments[0], value: arguments[1], isAssignment: name == "assign", at: statement.location)
            }
            return makeFact(function, arguments, statement)
        case .reference(let parts) where parts.count > 2:
            guard checkRoot(parts, at: statement.location) else { return nil }
            noteRule("rule must have value assignment and/or body declaration", at: term.location)
            return nil
        case .reference(let parts):
            guard checkRoot(parts, at: statement.location) else { return nil }
            noteOldSet(at: term.location)
            return nil
        case .variable("data"), .variable("input"):
            note("refs cannot be used for rule head", at: statement.location)
        default:
            note("\(term.typeName) cannot be used for rule name", at: statement.location)
        }
        return nil
    }

    private mutating func checkRoot(_ parts: [Term], at location: Location) -> Bool {
        guard let root = parts.first, case .variable = root.kind else {
            note("invalid rule head: \(SyntaxPrinter.text(ofReference: parts))", at: location)
            return false
        }
        return true
    }

    private mutating func makeRule(
        left: Term, value: Term, isAssignment: Bool, at location: Location
    ) -> Rule? {
        var head: Rule.Head
        switch left.kind {
        case .variable:
            head = Rule.Head(reference: [left], at: location)
        case .reference(let parts):
            guard checkRoot(parts, at: location) else { return nil }
            head = Rule.Head(reference: parts, at: location)
        case .call(let function, let arguments):
            let parts = function.referenceParts
            guard checkRoot(parts, at: location) else { return nil }
            head = Rule.Head(reference: parts, at: location)
            head.arguments = arguments.isEmpty ? nil : arguments
        default:
            note("\(left.typeName) cannot be used for rule name", at: location)
            return nil
        }
        head.value = value
        head.isAssignment = isAssignment
        return Rule(head: head, body: [], at: location)
    }

    /// `f(1)`, a function without a value and a body.
    private mutating func makeFact(_ function: Term, _ arguments: [Term], _ statement: Expression) -> Rule? {
        if isInfix(function) || BuiltinNames.contains(function) {
            note("rule name conflicts with built-in function", at: statement.location)
            return nil
        }
        guard !arguments.isEmpty else {
            note("rule argument list must take at least one argument", at: statement.location)
            return nil
        }
        let parts = function.referenceParts
        guard checkRoot(parts, at: statement.location) else { return nil }
        let head = Rule.Head(reference: parts, arguments: arguments, at: function.location)
        return Rule(head: head, body: [], at: function.location)
    }

    /// Whether a call was written with an operator.
    private func isInfix(_ function: Term) -> Bool {
        let offset = Int(function.location.offset)
        guard offset < source.count else { return false }
        return !source[offset].isWordStart || function.location.length == 2 && source[offset] == UInt8(ascii: "i")
    }
}
