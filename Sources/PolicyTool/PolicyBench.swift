// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Rego

/// How long a query takes, from an input that is prepared and from its JSON text.
public struct PolicyBench: Sendable {
    /// The evaluation alone.
    public let prepared: Measurement
    /// Reading the input and the evaluation; absent where there is no input.
    public let fromText: Measurement?

    /// Measures a query; throws where it is undefined or fails.
    public init(
        _ request: QueryEvaluation.Request, options: Measurement.Options = Measurement.Options()
    ) throws(PolicyProblem) {
        let policy = try Policy(
            tool: GatePolicy.completed(request.files.modules), settings: request.settings.policySettings())
        let (program, isEntryPoint) = try PolicyBench.program(request, policy)
        let version = PolicyVersion(program: program, data: request.files.document())
        let evaluator = Evaluator(tool: version, settings: request.settings)
        let heap = Heap()
        let reader = JSONReader(heap: heap, symbols: program.symbols, limits: .tool)
        var input = Value.undefined
        if let given = request.input {
            input = try given.form.read(given.bytes, name: given.name, in: heap)
            if given.form == .json, let read = try? reader.read(given.bytes) { input = read }
        }
        func evaluate(_ input: Value) throws(EvaluationError) -> Value {
            try isEntryPoint
                ? evaluator.evaluate(entryPoint: 0, input: input) : evaluator.evaluate(query: 0, input: input)
        }
        let value: Value
        do throws(EvaluationError) {
            value = try evaluate(input)
        } catch {
            throw PolicyProblem(error)
        }
        guard isEntryPoint ? value.isDefined : value.count > 0 else {
            throw PolicyProblem(
                asked: "the query is undefined, so there is nothing to measure",
                remedy: "look at it first: yett policy eval '\(request.query)'")
        }
        prepared = Measurement(options) {
            _ = try? evaluate(input)
            evaluator.reset()
        }
        guard let given = request.input, given.form == .json else {
            fromText = nil
            return
        }
        fromText = Measurement(options) {
            heap.reset()
            if let input = try? reader.read(given.bytes) { _ = try? evaluate(input) }
            evaluator.reset()
        }
    }

    /// Paths below `data` are entry points, as they are for the gate; everything else is a query.
    private static func program(
        _ request: QueryEvaluation.Request, _ policy: Policy
    ) throws(PolicyProblem) -> (Program, isEntryPoint: Bool) {
        let path =
            request.query.utf8.starts(with: "data.".utf8) ? try? PathText.parts(of: request.query, option: "") : nil
        do throws(Diagnostics) {
            if let path, !path.isEmpty { return (try policy.program(entryPoints: [path]), true) }
            return (try policy.program(queries: [try policy.query(request.query)]), false)
        } catch {
            throw PolicyProblem(error, query: request.query)
        }
    }

    /// The measurement as OPA's JSON shows it, with a second one under `FromText`.
    public var json: SyntaxValue {
        guard case .object(var members) = prepared.json else { return .null }
        if let fromText { members.append(SyntaxValue.Member(key: "FromText", value: fromText.json)) }
        return .object(members)
    }

    /// The measurements as tables.
    public var pretty: String {
        guard let fromText else { return prepared.pretty }
        return "from a prepared input:\n\(prepared.pretty)\nfrom JSON text:\n\(fromText.pretty)"
    }
}
