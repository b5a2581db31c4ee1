// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// `semver.*`.
enum VersionBuiltins {
    static let all: [Builtin] = [
        Builtin("semver.compare", [.string, .string], .number, evaluate: compare),
        Builtin("semver.is_valid", [.any], .boolean) { arguments, _ in
            .boolean(arguments[0].isString && SemanticVersion(arguments[0].utf8) != nil)
        },
    ]

    private static func compare(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        let left = try arguments.string(0)
        let right = try arguments.string(1)
        try context.charge((left.byteCount &+ right.byteCount) / 64 &+ 1)
        let order = try version(left, operand: 1).compare(to: version(right, operand: 2))
        return .integer(Int64(order))
    }

    private static func version(_ value: Value, operand: Int) throws(BuiltinFailure) -> SemanticVersion {
        guard let version = SemanticVersion(value.utf8) else {
            throw .value("operand \(operand): string \(RegoPrinter.string(value)) is not a valid SemVer")
        }
        return version
    }
}
