// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A source file of a policy.
public struct PolicySource: Hashable, Sendable {
    /// What messages call it.
    public var name: String
    /// Its bytes.
    public var bytes: [UInt8]

    /// Describes a source file.
    public init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }

    /// Describes a source text.
    public init(name: String, text: String) {
        self.init(name: name, bytes: Array(text.utf8))
    }
}

/// Modules that were compiled together: what programs for entry points and queries are made from.
///
/// ```swift
/// let policy = try Policy(compiling: [PolicySource(name: "authz.rego", text: text)])
/// let program = try policy.program(entryPoints: [["authz", "allow"]])
/// let evaluator = Evaluator(version: PolicyVersion(program: program, data: .empty))
/// let allowed = try evaluator.evaluate(entryPoint: 0, input: input)
/// ```
public struct Policy: Sendable {
    /// What the compiler found.
    public let analyzed: AnalyzedPolicy
    let compiler: Compiler
    let builtins: BuiltinTable

    /// What a policy is compiled with.
    public struct Settings: Sendable {
        /// Whether unused imports, variables and arguments are refused.
        public var isStrict = false
        /// Whether calls of `print` are kept.
        public var keepsPrint = false
        /// The builtins there are.
        public var builtins = BuiltinTable.standard
        /// Builtins that reach outside of the process and are allowed all the same.
        public var allowedBuiltins: Set<Text> = []
        /// How many mistakes are reported at most.
        public var errorLimit = 10

        /// The defaults.
        public init() {}
    }

    /// Compiles source files.
    ///
    /// - Throws: all mistakes found, ten at most; those of parsing if there are any.
    public init(compiling sources: [PolicySource], settings: Settings = Settings()) throws(Diagnostics) {
        let modules = try Policy.parse(sources, errorLimit: settings.errorLimit)
        try self.init(modules: modules, sources: sources.map(\.name), settings: settings)
    }

    /// Compiles modules; the file numbers of their places are positions in `sources`, which names them.
    public init(modules: [Module], sources: [String], settings: Settings = Settings()) throws(Diagnostics) {
        builtins = settings.builtins
        compiler = Compiler(options: CompilerOptions(settings))
        analyzed = try compiler.analyze(modules, sources: sources)
    }

    /// Reads source files.
    ///
    /// - Throws: all mistakes found, so many at most.
    public static func parse(_ sources: [PolicySource], errorLimit: Int = 10) throws(Diagnostics) -> [Module] {
        var modules: [Module] = []
        var mistakes: [Diagnostic] = []
        for (file, source) in sources.enumerated() {
            do throws(Diagnostics) {
                modules.append(try Parser.parseModule(source.bytes, file: Int32(file)))
            } catch {
                mistakes.append(contentsOf: error.list)
            }
        }
        guard mistakes.isEmpty else { throw Diagnostics(Array(mistakes.prefix(max(1, errorLimit)))) }
        return modules
    }

    /// Compiles a query against the modules.
    ///
    /// - Parameters:
    ///   - package: the package whose rules the query may name without their path: `["data", "authz"]`.
    ///   - imports: what the query may name by an alias.
    public func query(
        _ text: String, package: [Text]? = nil, imports: [Import] = []
    ) throws(Diagnostics) -> AnalyzedQuery {
        let body = try Parser.parseBody(Array(text.utf8), file: -1)
        return try compiler.analyzeQuery(body, policy: analyzed, package: package, imports: imports)
    }

    /// Generates code for paths below `data` and for queries; evaluators name them by their positions.
    ///
    /// - Parameter notesPlaces: whether evaluators note which places execution came by, see `Evaluator.visitedPlaces`.
    public func program(
        entryPoints: [[Text]] = [], queries: [AnalyzedQuery] = [], notesPlaces: Bool = false
    ) throws(Diagnostics) -> Program {
        try CodeGenerator.program(
            policy: analyzed, entryPoints: entryPoints.map { $0.map { .string($0) } }, queries: queries,
            builtins: builtins, notesPlaces: notesPlaces)
    }
}

extension CompilerOptions {
    /// The compiler's view of settings.
    init(_ settings: Policy.Settings) {
        let table = settings.builtins
        var refused: [Text: String] = [:]
        for builtin in table.list
        where builtin.traits.contains(.reachesOutside) && !settings.allowedBuiltins.contains(builtin.name) {
            refused[builtin.name] = "policy.allow_builtins"
        }
        self.init(
            isStrict: settings.isStrict, keepsPrint: settings.keepsPrint, refusedBuiltins: refused,
            errorLimit: settings.errorLimit
        ) { name in
            BuiltinSignature.compilerOnly[name] ?? table[name].map { BuiltinSignature($0) }
        }
    }
}
