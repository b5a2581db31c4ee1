// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The names of builtins that no rule without a body may bear.
enum BuiltinNames {
    /// Whether a call's function is a builtin.
    static func contains(_ function: Term) -> Bool {
        var path: [UInt8] = []
        for (index, part) in function.referenceParts.enumerated() {
            guard case .variable(let name) = part.kind else {
                guard index > 0, case .string(let name) = part.kind else { return false }
                path += [UInt8(ascii: ".")] + name.bytes
                continue
            }
            path += name.bytes
        }
        return BuiltinTable.standard[Text(bytes: path)] != nil
    }
}
