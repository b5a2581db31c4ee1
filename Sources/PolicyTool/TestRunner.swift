// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Rego

/// Runs the rules whose names begin with `test_`.
public struct TestRunner {
    /// What is run, and how.
    public struct Options: Sendable {
        /// Only tests whose full name (`data.app_test.test_allow`) this pattern is found in.
        public var pattern: String?
        /// Whether the lines that ran are reported.
        public var coverage = false
        /// How often each test is run.
        public var count = 1
        /// How policies are compiled and evaluated.
        public var settings = ToolSettings()

        /// The defaults: five seconds a test, and builtins that reach outside may be replaced by `with`.
        public init() {
            settings.limits.nanoseconds = 5_000_000_000
            settings.allowedBuiltins = ToolSettings.outsideBuiltins
        }
    }

    /// The builtin that tests with cases are made to call.
    private static let reporter: Text = "internal.test_case"

    private let options: Options
    private let sources: [PolicySource]
    private let tests: [TestRule]
    private let policy: Policy
    private let evaluator: Evaluator

    /// Compiles modules with their tests.
    public init(files: LoadedFiles, options: Options = Options()) throws(PolicyProblem) {
        self.options = options
        sources = GatePolicy.completed(files.modules)
        var modules: [Module]
        do throws(Diagnostics) {
            modules = try Policy.parse(sources, errorLimit: options.settings.errorLimit)
        } catch {
            throw PolicyProblem(error, sources: sources)
        }
        var found: [TestRule] = []
        var known: [[Text]: Int] = [:]
        for index in modules.indices {
            found += modules[index].prepareTests(reporter: TestRunner.reporter, known: &known)
        }
        if let pattern = options.pattern {
            let matcher = try NameMatcher(pattern)
            found = found.filter { matcher.matches($0.fullName) }
        }
        tests = found
        do throws(Diagnostics) {
            policy = try Policy(
                modules: modules, sources: sources.map(\.name),
                settings: options.settings.policySettings(adding: [TestRunner.caseReporter]))
            let program = try policy.program(
                entryPoints: found.map { $0.package + $0.path }, notesPlaces: options.coverage)
            let version = PolicyVersion(program: program, data: files.document(), computesDocuments: false)
            evaluator = Evaluator(tool: version, settings: options.settings)
        } catch {
            throw PolicyProblem(error, sources: sources)
        }
    }

    /// Runs the tests in the order of files and lines.
    public func run() -> [TestOutcome] {
        var outcomes: [TestOutcome] = []
        for _ in 0..<max(1, options.count) {
            for (number, test) in tests.enumerated() { outcomes.append(run(test, number)) }
        }
        return outcomes
    }

    /// The lines that ran in all tests so far.
    public var coverage: CoverageReport {
        CoverageReport(modules: policy.analyzed.modules, sources: sources, visited: evaluator.visitedPlaces)
    }

    /// Measures the tests one by one.
    public func bench(_ options: Measurement.Options) -> [(test: TestOutcome, measurement: Measurement?)] {
        var results: [(test: TestOutcome, measurement: Measurement?)] = []
        for (number, test) in tests.enumerated() {
            let outcome = run(test, number)
            guard outcome.result == .passed else {
                results.append((outcome, nil))
                continue
            }
            let evaluator = evaluator
            let measurement = Measurement(options) {
                _ = try? evaluator.evaluate(entryPoint: number, input: .undefined)
                evaluator.reset()
            }
            results.append((outcome, measurement))
        }
        return results
    }

    private func run(_ test: TestRule, _ number: Int) -> TestOutcome {
        let file = sources.indices.contains(Int(test.location.file)) ? sources[Int(test.location.file)].name : ""
        var outcome = TestOutcome(
            name: test.name, package: "data." + PackageText.text(test.package),
            place: SourcePlace(file: file, row: Int(test.location.row), column: Int(test.location.column)))
        guard !test.isSkipped else {
            outcome.result = .skipped
            return outcome
        }
        let cases = TestCases()
        evaluator.reset()
        evaluator.context.notes = []
        evaluator.context.caches[TestCases.key] = cases
        evaluator.context.time = Clock.now()
        let start = Clock.monotonic()
        do throws(EvaluationError) {
            let value = try evaluator.evaluate(entryPoint: number, input: .undefined)
            outcome.duration = Clock.monotonic() &- start
            if cases.names.isEmpty {
                outcome.result = value.isDefined && !value.isFalse ? .passed : .failed
            } else {
                outcome.cases = cases.names.map { name in
                    (name.map(\.plainText).joined(separator: "/"), holds(value, name))
                }
                outcome.result = outcome.cases.allSatisfy(\.isPassed) ? .passed : .failed
            }
        } catch {
            outcome.duration = Clock.monotonic() &- start
            outcome.result = .error(PolicyProblem(error))
        }
        outcome.output = evaluator.context.notes
        return outcome
    }

    private func holds(_ value: Value, _ path: [SyntaxValue]) -> Bool {
        let heap = evaluator.context.heap
        var value = value
        for key in path { value = value.member(heap.value(key)) }
        return value.isDefined && !value.isFalse
    }

    /// Notes which case a test is about to try.
    private static let caseReporter = Builtin(reporter, [.anyArray], .boolean) { arguments, context in
        if let cases = context.caches[TestCases.key] as? TestCases {
            cases.add(arguments[0].elements.map(\.syntaxValue))
        }
        return .boolean(true)
    }
}

/// The cases that a test tried, in their order.
private final class TestCases {
    static let key = "test_cases"
    private static let limit = 100_000

    private(set) var names: [[SyntaxValue]] = []
    private var seen: Set<[SyntaxValue]> = []

    func add(_ name: [SyntaxValue]) {
        if names.count < TestCases.limit, seen.insert(name).inserted { names.append(name) }
    }
}

extension SyntaxValue {
    /// A string without its quotation marks.
    fileprivate var plainText: String {
        if case .string(let text) = self { text.string } else { jsonText(indent: nil) }
    }
}

extension TestRule {
    /// `data.app_test.test_allow`.
    fileprivate var fullName: String {
        "data." + PackageText.text(package) + "." + name
    }
}

/// Packages as messages show them.
enum PackageText {
    /// The parts with dots between them, in brackets where they are no names.
    static func text(_ parts: [Text]) -> String {
        guard let first = parts.first else { return "" }
        let head = Term(.variable(first), at: .none)
        let rest = parts.dropFirst().map { Term(.string($0), at: .none) }
        return rest.isEmpty ? first.string : SyntaxPrinter.text(ofReference: [head] + rest)
    }
}
