// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A query whose answers hold the values of its statements too, as `opa eval` shows them.
public struct CapturedQuery: Sendable {
    /// A statement of the query.
    public struct Statement: Sendable {
        /// Its source.
        public var text: String
        /// Where it stands in the query.
        public var location: Location
        /// The position of its value in an answer; nil for a statement that can only hold.
        public var position: Int?
    }

    /// What is evaluated.
    public var analyzed: AnalyzedQuery
    /// The statements of the query.
    public var statements: [Statement]
    /// The variables of the query and the positions of their values in an answer.
    public var variables: [(name: String, position: Int)]
}

extension Policy {
    /// Compiles a query whose answers hold the values of its statements.
    ///
    /// - Parameters:
    ///   - package: the package whose rules the query may name without their path: `["data", "authz"]`.
    ///   - imports: what the query may name by an alias.
    public func capturingQuery(
        _ text: String, package: [Text]? = nil, imports: [Import] = []
    ) throws(Diagnostics) -> CapturedQuery {
        let source = Array(text.utf8)
        let written = try Parser.parseBody(source, file: -1)
        let filters = written.count > 1 || written.contains { $0.iterates }
        var body: Body = []
        var checks: Body = []
        var captures: [(statement: Int, name: Text)] = []
        for (number, statement) in written.enumerated() {
            guard let term = capturable(statement) else {
                body.append(statement)
                continue
            }
            let name = Text("__captured\(number)__")
            let variable = Term(.variable(name), at: statement.location)
            captures.append((number, name))
            var captured = statement
            captured.kind = .term(
                .init(
                    .call(function: Term(.variable("eq"), at: statement.location), arguments: [term, variable]),
                    at: statement.location))
            body.append(captured)
            if filters { checks.append(Expression(.term(variable), at: statement.location, isGenerated: true)) }
        }
        let analyzed: AnalyzedQuery
        do throws(Diagnostics) {
            analyzed = try compiler.analyzeQuery(
                body + checks, policy: self.analyzed, package: package, imports: imports)
        } catch {
            // What is unsafe because of another mistake is none of its own.
            throw Diagnostics(error.list.filter { !$0.message.hasPrefix("var __captured") })
        }
        var positions: [Text: Int] = [:]
        for (position, variable) in analyzed.variables.enumerated() { positions[variable.source] = position }
        var statements = written.map { statement in
            CapturedQuery.Statement(text: source.text(at: statement.location), location: statement.location)
        }
        for capture in captures { statements[capture.statement].position = positions[capture.name] }
        let captured = Set(captures.map(\.name))
        let variables = analyzed.variables.enumerated().filter { !captured.contains($0.element.source) }
        return CapturedQuery(
            analyzed: analyzed, statements: statements,
            variables: variables.map { (name: $0.element.source.string, position: $0.offset) })
    }

    /// The term whose value is the value of a statement; nil for one that binds, declares or negates.
    private func capturable(_ statement: Expression) -> Term? {
        guard !statement.isNegated, case .term(let term) = statement.kind else { return nil }
        guard case .call(let function, let arguments) = term.kind, let name = function.dottedName else { return term }
        if name == "eq" || name == "assign" || name == "print" { return nil }
        if let builtin = builtins[name], builtin.arguments.count != arguments.count { return nil }
        return term
    }
}

extension [UInt8] {
    /// The text at a place.
    fileprivate func text(at location: Location) -> String {
        let start = Int(clamping: location.offset)
        guard start >= 0, start <= count else { return "" }
        let end = Swift.min(count, start + Swift.max(0, Int(location.length)))
        return String(decoding: self[start..<end], as: UTF8.self)
    }
}

extension Term {
    /// The name of a builtin: a variable, or a reference of names.
    fileprivate var dottedName: Text? {
        switch kind {
        case .variable(let name): return name
        case .reference(let parts):
            var bytes: [UInt8] = []
            for part in parts {
                switch part.kind {
                case .variable(let name), .string(let name):
                    bytes += (bytes.isEmpty ? [] : [UInt8(ascii: ".")]) + name.bytes
                default: return nil
                }
            }
            return Text(bytes: bytes)
        default: return nil
        }
    }
}

extension Expression {
    /// Whether it may hold in several ways by itself: an operand of a reference is a variable, or it calls `walk`.
    fileprivate var iterates: Bool {
        switch kind {
        case .term(let term): term.iterates
        case .someIn(let key, let value, let domain): (key?.iterates ?? false) || value.iterates || domain.iterates
        default: false
        }
    }
}

extension Term {
    fileprivate var iterates: Bool {
        switch kind {
        case .reference(let parts):
            parts.dropFirst().contains { part in
                if case .variable = part.kind { true } else { part.iterates }
            } || (parts.first?.iterates ?? false)
        case .call(let function, let arguments):
            function.dottedName == "walk" || arguments.contains { $0.iterates }
        case .array(let terms), .set(let terms): terms.contains { $0.iterates }
        case .object(let items): items.contains { $0.key.iterates || $0.value.iterates }
        default: false
        }
    }
}
