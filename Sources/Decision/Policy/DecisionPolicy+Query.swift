// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Rego

extension DecisionPolicy {
    /// Compiles and evaluates a query, as OPA's API does. It is code of an operator's; the limits of the policy hold.
    ///
    /// - Parameters:
    ///   - input: The input as JSON; absent for none.
    ///   - time: Now, in nanoseconds since 1970.
    ///   - judge: Answers `yett.granted` for the facts of a document.
    /// - Returns: A JSON array with the variables of each answer; absent when the query is undefined.
    /// - Throws: `Diagnostics`, `EvaluationError`, `JSONFailure`, `BuiltinFailure`.
    func answers(
        to query: String, input: [UInt8]?, time: Int64, isStrict: Bool, judge: @escaping (Facts) -> Verdict
    ) throws -> [UInt8]? {
        let captured = try policy.capturingQuery(query)
        let program = try policy.program(queries: [captured.analyzed])
        let version = PolicyVersion(program: program, data: data, limits: settings.limits, computesDocuments: false)
        let worker = EvaluatorPool.Worker(version: version, settings: settings)
        let evaluator = worker.evaluator
        let heap = evaluator.context.heap
        evaluator.context.time = time
        evaluator.isStrict = isStrict
        worker.request.begin(judge: judge)
        defer { worker.request.end() }
        let document = try input.map { try JSONReader(heap: heap, limits: settings.limits).read($0) } ?? .undefined
        // A statement that is false is no answer, as in OPA.
        let answers = try evaluator.evaluate(query: 0, input: document).elements.filter { answer in
            let values = answer.elements
            return captured.statements.allSatisfy { statement in
                guard let position = statement.position, values.indices.contains(position) else { return true }
                return values[position].tag != .false
            }
        }
        guard !answers.isEmpty else { return nil }
        let list = heap.emptyArray(capacity: answers.count)
        for answer in answers {
            let values = answer.elements
            let object = heap.emptyObject()
            for variable in captured.variables where values.indices.contains(variable.position) {
                heap.insert(heap.string(variable.name), values[variable.position], into: object)
            }
            heap.append(object, to: list)
        }
        var options = JSONWriter.Options()
        options.byteLimit = settings.limits.resultBytes
        var writer = JSONWriter(options)
        try writer.write(list)
        return writer.bytes
    }
}
