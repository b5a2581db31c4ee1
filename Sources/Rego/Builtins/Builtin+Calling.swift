// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension Builtin {
    /// Calls the builtin outside of an evaluation.
    package func callAsFunction(_ operands: [Value], _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        guard operands.count == arguments.count, !operands.isEmpty else {
            throw .type("\(name) takes \(arguments.count) operands")
        }
        return try operands.withUnsafeBufferPointer { buffer throws(BuiltinFailure) in
            guard let start = buffer.baseAddress else { return .undefined }
            return try evaluate(Arguments(start: start, count: buffer.count), context)
        }
    }
}
