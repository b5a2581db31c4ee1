// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension BuiltinSignature {
    /// What the compiler needs to know of a declared builtin.
    public init(_ builtin: Builtin) {
        self.init(
            arguments: builtin.arguments, result: builtin.result, isRelation: builtin.traits.contains(.relation),
            isNondeterministic: builtin.traits.contains(.nondeterministic),
            isDeprecated: builtin.traits.contains(.deprecated), infix: builtin.infix?.string)
    }

    /// What only the compiler sees: it replaces these calls.
    static let compilerOnly: [Text: BuiltinSignature] = [
        Name.print: BuiltinSignature(arguments: [], variadic: .any, result: nil),
        Name.internalPrint: BuiltinSignature(arguments: [.list(.set(.any))], result: nil),
        Name.metadataChain: BuiltinSignature(arguments: [], result: .list(.any)),
        Name.metadataRule: BuiltinSignature(arguments: [], result: .any),
    ]
}

extension CompilerOptions {
    /// Describes how a policy is compiled with the builtins of a table.
    public init(
        builtins: BuiltinTable, isStrict: Bool = false, keepsPrint: Bool = false, refusedBuiltins: [Text: String] = [:],
        errorLimit: Int = 10
    ) {
        self.init(
            isStrict: isStrict, keepsPrint: keepsPrint, refusedBuiltins: refusedBuiltins, errorLimit: errorLimit
        ) { name in
            BuiltinSignature.compilerOnly[name] ?? builtins[name].map { BuiltinSignature($0) }
        }
    }
}
