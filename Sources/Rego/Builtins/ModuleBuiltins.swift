// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// `rego.parse_module`.
enum ModuleBuiltins {
    static let all: [Builtin] = [
        Builtin("rego.parse_module", [.string, .string], .map(.string, .any), evaluate: parse)
    ]

    private static func parse(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        let name = try arguments.string(0).string
        let source = Array(try arguments.utf8(1))
        try context.checkString(source.count)
        try context.charge(source.count)
        do throws(Diagnostics) {
            let module = try Parser.parseModule(source, file: 0)
            return context.heap.value(SyntaxTree.value(of: module, fileName: name))
        } catch {
            let lines = error.list.map { mistake in
                "\(name):\(mistake.location.row): \(mistake.code.rawValue): \(mistake.message)"
            }
            throw .value(
                lines.count == 1
                    ? "1 error occurred: \(lines[0])"
                    : "\(lines.count) errors occurred:\n" + lines.joined(separator: "\n"))
        }
    }
}
