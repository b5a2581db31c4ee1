// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// `trace`, which notes a message.
enum TraceBuiltins {
    /// Notes beyond these are dropped.
    private static let noteLimit = 1000

    static let all: [Builtin] = [
        Builtin("trace", [.string], .boolean) { arguments, context throws(BuiltinFailure) in
            let message = try arguments.string(0)
            try context.checkString(message.byteCount)
            if context.notes.count < noteLimit { context.notes.append(message.string) }
            return .boolean(true)
        }
    ]
}
