// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Rego

/// Evaluates `data.test.p` of a module, once or with one input after the other.
final class LimitProbe {
    let evaluator: Evaluator
    private let inputs = Heap()

    init(
        _ rules: String, data: String = "{}", limits: Limits = Limits(), isStrict: Bool = false,
        keepsPrint: Bool = false
    ) throws {
        var settings = Policy.Settings()
        settings.keepsPrint = keepsPrint
        let text = rules.hasPrefix("package") ? rules : "package test\n\n\(rules)\n"
        let policy = try Policy(compiling: [PolicySource(name: "test.rego", text: text)], settings: settings)
        let program = try policy.program(entryPoints: [["test", "p"]])
        let heap = Heap()
        let root = try JSONReader(heap: heap, limits: .wide).read(Array(data.utf8))
        let version = PolicyVersion(program: program, data: DataDocument(root: root, in: heap), limits: limits)
        evaluator = Evaluator(version: version, limits: limits)
        evaluator.isStrict = isStrict
    }

    /// The value as Rego writes it, `undefined`, or an error's code and limit.
    func callAsFunction(_ input: String? = nil) throws -> String {
        let document = try input.map { try JSONReader(heap: inputs, limits: .wide).read(Array($0.utf8)) }
        evaluator.reset()
        do throws(EvaluationError) {
            let value = try evaluator.evaluate(entryPoint: 0, input: document ?? .undefined)
            return value.isUndefined ? "undefined" : RegoPrinter.string(value)
        } catch {
            return error.limit.map { "\(error.code): \($0.rawValue)" } ?? error.code
        }
    }

    /// A clock that runs, for the limit of time.
    static let clock: @Sendable () -> UInt64 = {
        let start = ContinuousClock.now
        return {
            let (seconds, attoseconds) = (ContinuousClock.now - start).components
            return UInt64(seconds) &* 1_000_000_000 &+ UInt64(attoseconds / 1_000_000_000)
        }
    }()
}
