// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Rego

/// How commands compile and evaluate policies.
public struct ToolSettings: Sendable {
    /// Whether the first error of a builtin ends an evaluation.
    public var isStrict = false
    /// Whether unused imports, variables and arguments are mistakes.
    public var checksStrictly = false
    /// How many mistakes are listed at most.
    public var errorLimit = 10
    /// Builtins that may be called although they reach outside of the process.
    public var allowedBuiltins: Set<Text> = []
    /// The only builtins there are; nil: all.
    public var builtinNames: Set<Text>?
    /// What an evaluation may use.
    public var limits = Limits.tool

    /// The builtins that reach outside of the process.
    static let outsideBuiltins: Set<Text> = Set(
        BuiltinTable.standard.list.filter { $0.traits.contains(.reachesOutside) }.map(\.name))

    /// The defaults.
    public init() {}

    /// How long an evaluation may take, in nanoseconds.
    public var timeout: UInt64 {
        get { limits.nanoseconds }
        set { limits.nanoseconds = newValue }
    }

    /// The compiler's settings.
    func policySettings(adding builtins: [Builtin] = []) -> Policy.Settings {
        var settings = Policy.Settings()
        settings.isStrict = checksStrictly
        settings.keepsPrint = true
        settings.errorLimit = errorLimit
        settings.allowedBuiltins = allowedBuiltins
        var table = BuiltinTable()
        table.add(
            BuiltinTable.standard.list.filter { builtin in
                builtinNames.map { $0.contains(builtin.name) || builtin.name == "internal.print" } ?? true
            })
        table.add([GrantedStub.builtin])
        table.add(builtins)
        settings.builtins = table
        return settings
    }
}

extension Evaluator {
    /// An evaluator for a command, with the clocks of the machine.
    convenience init(tool version: PolicyVersion, settings: ToolSettings) {
        self.init(version: version, limits: settings.limits)
        isStrict = settings.isStrict
        context.clock = Clock.monotonic
        context.time = Clock.now()
    }
}

extension Policy {
    /// Compiles the modules of files.
    init(tool sources: [PolicySource], settings: Policy.Settings) throws(PolicyProblem) {
        do throws(Diagnostics) {
            try self.init(compiling: sources, settings: settings)
        } catch {
            throw PolicyProblem(error, sources: sources)
        }
    }
}
