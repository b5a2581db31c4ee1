// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Rego

/// One evaluation of a query, as `yett policy eval` does it.
public struct QueryEvaluation {
    /// What is evaluated, and with what.
    public struct Request {
        /// The query.
        public var query: String
        /// The modules and base documents.
        public var files: LoadedFiles
        /// The input, if there is one: its name for messages, its form and its text.
        public var input: (name: String, form: DocumentForm, bytes: [UInt8])?
        /// The package whose rules the query may name without their path, such as `app.authz`.
        public var package: String?
        /// What the query may name by an alias, such as `data.app.users as users`.
        public var imports: [String] = []
        /// Whether the lines that ran are reported.
        public var coverage = false
        /// How policies are compiled and evaluated.
        public var settings = ToolSettings()

        /// Describes an evaluation.
        public init(query: String, files: LoadedFiles) {
            self.query = query
            self.files = files
            settings.allowedBuiltins = ToolSettings.outsideBuiltins
        }
    }

    /// One answer.
    public struct Answer: Sendable {
        /// The statements of the query and their values.
        public var expressions: [(value: SyntaxValue, text: String, row: Int, column: Int)]
        /// The variables of the query and their values, by name.
        public var bindings: [(name: String, value: SyntaxValue)]
    }

    /// The answers; none when the query is undefined.
    public var answers: [Answer]
    /// What `print` wrote.
    public var notes: [String]
    /// The first error of a builtin that counted as undefined.
    public var builtinError: PolicyProblem?
    /// The lines that ran, where that was asked for.
    public var coverage: CoverageReport?

    /// Evaluates a query.
    public init(_ request: Request) throws(PolicyProblem) {
        let sources = GatePolicy.completed(request.files.modules)
        let policy = try Policy(tool: sources, settings: request.settings.policySettings())
        let query = try QueryEvaluation.compile(request, against: policy)
        let program: Program
        do throws(Diagnostics) {
            program = try policy.program(queries: [query.analyzed], notesPlaces: request.coverage)
        } catch {
            throw PolicyProblem(error, sources: sources)
        }
        let version = PolicyVersion(program: program, data: request.files.document(), computesDocuments: false)
        let evaluator = Evaluator(tool: version, settings: request.settings)
        let heap = Heap()
        var input = Value.undefined
        if let given = request.input { input = try given.form.read(given.bytes, name: given.name, in: heap) }
        let value: Value
        do throws(EvaluationError) {
            value = try evaluator.evaluate(query: 0, input: input)
        } catch {
            throw PolicyProblem(error)
        }
        answers = value.elements.map { Answer($0, of: query) }
        notes = evaluator.context.notes
        builtinError = evaluator.firstBuiltinError.map { PolicyProblem($0) }
        if request.coverage {
            coverage = CoverageReport(
                modules: policy.analyzed.modules, sources: sources, visited: evaluator.visitedPlaces)
        }
        withExtendedLifetime(heap) {}
    }

    private static func compile(_ request: Request, against policy: Policy) throws(PolicyProblem) -> CapturedQuery {
        let package = try request.package.map { (text) throws(PolicyProblem) in
            try PathText.parts(of: text, option: "--package")
        }
        var imports: [Import] = []
        for text in request.imports {
            do throws(Diagnostics) {
                imports += try Parser.parseModule(Array("package query\nimport \(text)".utf8), file: -1).imports
            } catch {
                throw PolicyProblem(
                    asked: "--import “\(text)” is no import",
                    remedy: "--import data.app.users, or --import 'data.app.users as u'")
            }
        }
        do throws(Diagnostics) {
            return try policy.capturingQuery(request.query, package: package.map { ["data"] + $0 }, imports: imports)
        } catch {
            throw PolicyProblem(error, query: request.query)
        }
    }
}

extension QueryEvaluation.Answer {
    init(_ answer: Value, of query: CapturedQuery) {
        let values = answer.elements
        func value(_ position: Int) -> SyntaxValue {
            values.indices.contains(position) ? values[position].syntaxValue : .null
        }
        expressions = query.statements.map { statement in
            (
                statement.position.map(value) ?? .boolean(true), statement.text, Int(statement.location.row),
                Int(statement.location.column)
            )
        }
        bindings = query.variables.map { ($0.name, value($0.position)) }
            .sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
    }
}

/// Paths below `data` as people write them.
public enum PathText {
    /// The parts of `data.app.allow`, `app.allow`, `app/allow` or `/app/allow`, without `data`.
    public static func parts(of text: String, option: String) throws(PolicyProblem) -> [Text] {
        let isSlashed = text.utf8.contains(UInt8(ascii: "/"))
        if isSlashed {
            return text.utf8.split(separator: UInt8(ascii: "/")).map { Text(bytes: Array($0)) }
        }
        let problem = PolicyProblem(asked: "\(option) “\(text)” is no path", remedy: "\(option) data.app.allow")
        do throws(Diagnostics) {
            let term = try Parser.parseTerm(Array(text.utf8), file: -1)
            var parts: [Text] = []
            switch term.kind {
            case .variable(let name): parts = [name]
            case .reference(let terms):
                for (position, part) in terms.enumerated() {
                    switch part.kind {
                    case .variable(let name) where position == 0: parts.append(name)
                    case .string(let name): parts.append(name)
                    default: throw Diagnostics([])
                    }
                }
            default: throw Diagnostics([])
            }
            if parts.first == "data" { parts.removeFirst() }
            return parts
        } catch {
            throw problem
        }
    }
}
