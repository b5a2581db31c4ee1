// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Rego
internal import Synchronization

/// The evaluators of one policy version that nobody uses at the moment; in practice one for each event loop.
final class EvaluatorPool: Sendable {
    /// An evaluator and what its policy's builtins know of the request under decision.
    ///
    /// Used by one thread at a time: whoever took it from the pool.
    final class Worker: @unchecked Sendable {
        let evaluator: Evaluator
        let request = GrantedRequest()

        init(version: PolicyVersion, settings: DecisionPolicy.Settings) {
            evaluator = Evaluator(version: version, limits: settings.limits)
            evaluator.isStrict = settings.onBuiltinError == .strict
            evaluator.context.clock = settings.clock
            evaluator.context.owner = request
        }
    }

    private let version: PolicyVersion
    private let settings: DecisionPolicy.Settings
    private let idle = Mutex<[Worker]>([])

    init(version: PolicyVersion, settings: DecisionPolicy.Settings) {
        self.version = version
        self.settings = settings
    }

    /// Takes an idle evaluator, or makes one.
    func take() -> Worker {
        idle.withLock { $0.popLast() } ?? Worker(version: version, settings: settings)
    }

    /// Gives an evaluator back; nothing of its last evaluation may be used afterwards.
    func give(_ worker: Worker) {
        worker.request.end()
        worker.evaluator.reset()
        idle.withLock { $0.append(worker) }
    }
}
