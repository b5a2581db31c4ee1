// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AdminPlane
internal import Decision
internal import Rego
internal import Transport

/// Questions for documents of the policy that serves.
extension Gate {
    /// Evaluates a document.
    func evaluate(_ query: DocumentQuery, by caller: Operator) async throws -> DocumentAnswer {
        let snapshot = authorizer.snapshot
        guard let policy = snapshot.policy else {
            throw DocumentError(
                status: 500, code: "internal_error", message: snapshot.absence ?? "there is no policy")
        }
        let path = query.path ?? policy.settings.entryPoint
        let start = clock.monotonic()
        var answer = DocumentAnswer(path: path, result: nil)
        do {
            let result = try snapshot.evaluate(
                path: path, input: query.input, time: clock.wall() &* 1000, isStrict: query.isStrict
            ) { value, _ in
                try Self.text(of: value, isIndented: query.isIndented, limit: policy.settings.limits.resultBytes)
            }
            answer.result = result ?? nil
        } catch let error as EvaluationError {
            throw DocumentError.evaluation(error)
        } catch let error as JSONFailure {
            throw DocumentError.malformed("the input cannot be read: \(error)")
        }
        let end = clock.monotonic()
        answer.version = version
        answer.bundles = snapshot.bundles.map { ($0.name, $0.revision) }
        answer.metrics = [
            ("counter_server_query_cache_hit", 1), ("timer_rego_query_eval_ns", end - start),
            ("timer_server_handler_ns", end - start),
        ]
        if let decisions {
            let decision = UniqueID.text()
            answer.decision = decision
            var event = DecisionLogEvent(
                subject: .document(
                    path: path, input: query.input, result: answer.result, snapshot: snapshot,
                    by: caller.name),
                decision: decision, time: clock.wall())
            event.metrics = answer.metrics
            decisions.offer(event)
        }
        return answer
    }

    /// Answers a query.
    func answers(to query: String, _ parameters: DocumentQuery, by caller: Operator) async throws -> [UInt8]? {
        let snapshot = authorizer.snapshot
        guard snapshot.policy != nil else {
            throw DocumentError(
                status: 500, code: "internal_error", message: snapshot.absence ?? "there is no policy")
        }
        do {
            return try snapshot.answers(
                to: query, input: parameters.input, time: clock.wall() &* 1000, isStrict: parameters.isStrict)
        } catch let error as Diagnostics {
            throw DocumentError.query(error)
        } catch let error as EvaluationError {
            throw DocumentError.evaluation(error)
        } catch let error as JSONFailure {
            throw DocumentError.malformed("the input cannot be read: \(error)")
        } catch is BuiltinFailure {
            throw DocumentError(
                status: 500, code: "internal_error", message: "the result is too long (policy.limits.result)")
        }
    }

    /// The files of the policy that serves.
    func policies() async throws -> [PolicyText] {
        guard let policy = authorizer.snapshot.policy else { return [] }
        return policy.allSources.map { PolicyText(id: $0.name, bytes: $0.bytes) }
    }

    private static func text(of value: Value, isIndented: Bool, limit: Int) throws -> [UInt8]? {
        guard value.isDefined else { return nil }
        var options = JSONWriter.Options()
        options.byteLimit = limit
        if isIndented {
            options.indent = Array("  ".utf8)
            options.prefix = Array("  ".utf8)
        }
        var writer = JSONWriter(options)
        do throws(BuiltinFailure) {
            try writer.write(value)
        } catch {
            throw DocumentError(
                status: 500, code: "internal_error",
                message: "the result is longer than \(limit) bytes (policy.limits.result)")
        }
        return writer.bytes
    }
}
