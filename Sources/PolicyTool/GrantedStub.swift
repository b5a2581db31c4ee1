// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Rego

/// `yett.granted` where there is no gate.
enum GrantedStub {
    static let name: Text = "yett.granted"

    /// The builtin for evaluation and tests, which replace it by `with`.
    static let builtin = Builtin(name, [.any], .boolean) { _, _ throws(BuiltinFailure) in
        throw .value("only the gate knows its grants; write `with yett.granted as true`")
    }

    /// The builtin that answers what a record says.
    static let recorded = Builtin(name, [.any], .boolean) { _, context throws(BuiltinFailure) in
        guard let answer = context.caches[RecordedAnswer.key] as? RecordedAnswer else {
            throw .value("there is no record")
        }
        return .boolean(answer.isGranted)
    }
}

/// What the record under judgement says of grants.
final class RecordedAnswer {
    static let key = "yett.granted"

    var isGranted = false
}
