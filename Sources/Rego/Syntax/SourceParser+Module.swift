// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Modules, package clauses and imports.
extension SourceParser {
    /// A statement of a module, as it stands in the source.
    enum Statement {
        case package([Text], Location)
        case `import`(Import)
        case rule(ParsedRule)
        /// What may be a rule without a body.
        case body(Body)

        var location: Location {
            switch self {
            case .package(_, let location): location
            case .import(let clause): clause.location
            case .rule(let parsed): parsed.rule.location
            case .body(let body): body.first?.location ?? .none
            }
        }
    }

    /// Reads a whole module; nil when mistakes were noted.
    mutating func parseModule(readsAnnotations: Bool) -> Module? {
        var statements: [Statement] = []
        while kind != .end, parseStatement(into: &statements) { forgetTerms() }
        var annotations: [AnnotationReader.Block] = []
        if readsAnnotations {
            var reader = AnnotationReader(comments)
            annotations = reader.read()
            note(reader.mistakes)
        }
        guard errors.isEmpty else { return nil }
        var assembler = ModuleAssembler(source: source, comments: comments, features: features)
        let module = assembler.assemble(statements, annotations: annotations, file: file)
        if let module, module.rules.count > limits.rules {
            note("module has more than \(limits.rules) rules", at: module.packageLocation)
        }
        note(assembler.mistakes)
        return module
    }

    /// Reads a query's text.
    mutating func parseQueryText() -> Body {
        var body: Body = []
        while kind != .end {
            forgetTerms()
            if kind == .package || kind == .import, !(adjacentKind == .dot || adjacentKind == .leftBracket) {
                noteIllegal()
                break
            }
            guard let statements = parseQuery(stopsAfterStatement: true, end: .end) else { break }
            body += statements
        }
        return body
    }

    private mutating func parseStatement(into statements: inout [Statement]) -> Bool {
        let start = mark()
        if kind == .package {
            if let (path, location) = parsePackage() {
                statements.append(.package(path, location))
                return true
            }
            guard errors.isEmpty else { return false }
            goBack(to: start)
        }
        if kind == .import {
            if let clause = parseImport() {
                apply(clause)
                statements.append(.import(clause))
                return true
            }
            guard errors.isEmpty else { return false }
            goBack(to: start)
        }
        if let rules = parseRules() {
            statements += rules.map(Statement.rule)
            return true
        }
        guard errors.isEmpty else { return false }
        goBack(to: start)
        guard let body = parseQuery(stopsAfterStatement: true, end: .end) else { return false }
        statements.append(.body(body))
        return true
    }

    /// Steps over `package` or `import`; false when a reference begins with the word.
    private mutating func startClause() -> Bool {
        guard adjacentKind != .dot, adjacentKind != .leftBracket else { return false }
        advance()
        if kind.isKeyword { kind = .identifier }
        guard kind == .identifier else {
            noteIllegal()
            return false
        }
        return true
    }

    private mutating func parsePackage() -> (path: [Text], location: Location)? {
        let location = here
        guard startClause() else { return nil }
        guard let term = parseTerm() else { return nil }
        switch term.kind {
        case .variable(let name):
            return (["data", name], location)
        case .reference(let parts):
            guard let head = parts.first, case .variable(let name) = head.kind else {
                note("unexpected \(parts.first?.typeName ?? "") token: expecting var", at: term.location)
                return nil
            }
            var path: [Text] = ["data", name]
            for part in parts.dropFirst() {
                guard case .string(let key) = part.kind else {
                    note("unexpected \(part.typeName) token: expecting string", at: part.location)
                    return nil
                }
                path.append(key)
            }
            return (path, location)
        default:
            noteIllegal()
            return nil
        }
    }

    private mutating func parseImport() -> Import? {
        let location = here
        guard startClause() else { return nil }
        guard let term = parseTerm() else {
            note("expected path", at: here)
            return nil
        }
        var parts: [Term] = []
        switch term.kind {
        case .variable: parts = [term]
        case .reference(let all): parts = all
        default:
            note("expected path", at: here)
            return nil
        }
        for part in parts.dropFirst() {
            guard case .string = part.kind else {
                note("unexpected \(part.typeName) token: expecting string", at: part.location)
                return nil
            }
        }
        guard let head = parts.first, case .variable(let root) = head.kind,
            ["data", "input", "future", "rego"].contains(root)
        else {
            hint("if this is unexpected, try updating OPA")
            let head = parts.first.map(SyntaxPrinter.text(of:)) ?? ""
            note(
                "unexpected import path, must begin with one of: {data, future, input, rego}, got: \(head)",
                at: term.location)
            return nil
        }
        if kind == .as {
            advance()
            guard kind == .identifier, let alias = parseTerm(), case .variable(let name) = alias.kind else {
                noteIllegal("expected var")
                return nil
            }
            return Import(path: term, alias: name, at: location)
        }
        checkLastPart(of: parts, root: root)
        return Import(path: term, alias: nil, at: location)
    }

    private mutating func checkLastPart(of parts: [Term], root: Text) {
        guard root != "future", let last = parts.last else { return }
        let name: Text
        switch last.kind {
        case .variable(let text), .string(let text): name = text
        default: return
        }
        guard Keywords.contains(name) else { return }
        hint("import a different path or use an alias")
        note("unexpected import path, must not end with a keyword, got: \(name.string)", at: last.location)
    }

    /// Switches on what an import of `future` or `rego` asks for.
    private mutating func apply(_ clause: Import) {
        guard case .reference(let parts) = clause.path.kind, case .variable(let root) = parts[0].kind else {
            if case .variable(let root) = clause.path.kind {
                if root == "future" { note("invalid import, must be `future.keywords`", at: clause.path.location) }
                if root == "rego" {
                    note("invalid import `rego`, must be `rego.v1`", at: clause.path.location)
                }
            }
            return
        }
        let path = parts.dropFirst().map { part -> Text in
            if case .string(let text) = part.kind { text } else { "" }
        }
        if root == "rego" {
            switch path {
            case ["v1"]: break
            case ["v2"]: features = [.negatedBodies, .and, .or]
            default:
                let text = SyntaxPrinter.text(of: clause.path)
                note("invalid import `\(text)`, must be `rego.v1`", at: clause.path.location)
            }
            return
        }
        guard root == "future" else { return }
        guard path.first == "keywords" else {
            note("invalid import, must be `future.keywords`", at: clause.path.location)
            return
        }
        guard clause.alias == nil else {
            note("`future` imports cannot be aliased", at: clause.path.location)
            return
        }
        guard path.count == 2 else { return }
        switch path[1] {
        case "in", "every", "contains", "if": break
        case "not": features.insert(.negatedBodies)
        case "and": features.insert(.and)
        case "or": features.insert(.or)
        default:
            note("unexpected keyword, must be one of [and contains every if in not or]", at: clause.path.location)
        }
    }
}
