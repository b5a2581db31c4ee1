// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Rego

@Suite struct RuleGroupTests {
    private func group(_ policy: AnalyzedPolicy, _ path: Text...) -> RuleGroup? {
        policy.group(at: path.map { .string($0) }).map { policy.groups[$0] }
    }

    @Test func `groups complete rules, functions, sets and objects by their paths`() throws {
        let policy = try CompilerProbe().policy(
            """
            package t
            default a := 1
            a := 2 if input.x
            f(x) := x
            f(_) := 1 if input.y
            s contains 1
            o[k] := v if some k, v in input
            r.q := 1
            """)
        #expect(group(policy, "t", "a")?.kind == .complete)
        #expect(group(policy, "t", "a")?.defaultValue != nil)
        #expect(group(policy, "t", "a")?.definitions.count == 1)
        #expect(group(policy, "t", "f")?.kind == .function(arity: 1))
        #expect(group(policy, "t", "f")?.definitions.count == 2)
        #expect(group(policy, "t", "s")?.isSet == true)
        #expect(group(policy, "t", "o")?.kind == .partial)
        #expect(group(policy, "t", "o")?.isSet == false)
        #expect(group(policy, "t", "r", "q")?.kind == .complete)
        #expect(group(policy, "t", "r") == nil)
    }

    @Test func `folds rules below a head with variables into its group`() throws {
        let source = "package t\np.q[r].s := 1 if some r in input\np.q.a.b := 2"
        let policy = try CompilerProbe().policy(source)
        #expect(group(policy, "t", "p", "q")?.definitions.map(\.tail.count) == [2, 2])
        #expect(group(policy, "t", "p", "q", "a", "b") == nil)
        // A function has no place in a document that is enumerated.
        #expect(throws: Diagnostics.self) { try CompilerProbe().policy(source + "\np.q.f(x) := x") }
    }

    @Test func `keeps the definitions in the order of the modules`() throws {
        let policy = try CompilerProbe().policy("package t\np := 2 if input.b", "package t\np := 1 if input.a\np := 3")
        #expect(group(policy, "t", "p")?.definitions.map(\.module) == [0, 1, 1])
    }

    @Test func `gives branches their own variables and the arguments of the rule`() throws {
        let policy = try CompilerProbe().policy("package t\nf(x) := y if { y := x + 1 } else := z if { z := x }")
        let definition = try #require(group(policy, "t", "f")?.definitions.first)
        let branch = try #require(definition.elseBranches.first)
        #expect(
            SyntaxPrinter.text(of: branch.body).hasSuffix(
                SyntaxPrinter.text(of: definition.arguments?[0] ?? branch.value)))
        #expect(SyntaxPrinter.text(of: branch.value) != SyntaxPrinter.text(of: definition.value))
    }

    @Test func `knows what each document refers to`() throws {
        let policy = try CompilerProbe().policy(
            """
            package t
            p if { q[input.user.name]; count(data.base[input.k]) > 1 }
            q contains 1 if { time.now_ns() > 1 }
            w if { p with input.a as 1 with count as f }
            f(_) := 1
            """)
        func index(_ name: Text) throws -> Int { try #require(policy.group(at: [.string("t"), .string(name)])) }
        let p = policy.dependencies[try index("p")]
        #expect(p.groups == [try index("q")])
        #expect(
            p.inputPaths == [
                .init(keys: [.string("user"), .string("name")], isPrefix: false),
                .init(keys: [.string("k")], isPrefix: false),
            ])
        #expect(p.dataPaths.contains(.init(keys: [.string("base")], isPrefix: true)))
        #expect(p.isDeterministic)
        #expect(!policy.closure(of: p).isDeterministic)
        let w = policy.dependencies[try index("w")]
        #expect(w.replacedInput == [.init(keys: [.string("a")], isPrefix: false)])
        #expect(w.replacedBuiltins == ["count"])
        #expect(w.groups == [try index("p"), try index("f")])
    }

    @Test func `compiles queries against a policy`() throws {
        let probe = CompilerProbe()
        let policy = try probe.policy("package t\np := 1")
        let query = try probe.query("x = data.t.p; y := x + 1; some _, z in [y]; [w | w = 1] = v", policy)
        #expect(query.variables.map(\.source) == ["x", "y", "z", "v"])
        #expect(query.dependencies.groups == [0])
        #expect(throws: Diagnostics.self) { try probe.query("x > 1", policy) }
        #expect(throws: Diagnostics.self) { try probe.query("nothing(1)", policy) }
    }
}
