// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Rego

/// The policy engine alone; `dev/bench-rego` compares it with another engine.
enum RegoBenchmarks {
    static let all = [
        Benchmark(name: "rego/rbac/prepared", goal: 400, allocations: 0) { try decide(.prepared) },
        Benchmark(name: "rego/rbac/text", goal: 1_000, allocations: 0) { try decide(.text) },
        Benchmark(name: "rego/compile/2000-lines", goal: 50_000_000) {
            let source = PolicySource(name: "large.rego", text: large())
            let compile = { try Policy(compiling: [source]).program(entryPoints: [["large", "allow"]]) }
            _ = try compile()
            return { times in
                for _ in 0..<times { blackHole(try? compile()) }
            }
        },
    ]

    private enum Form { case prepared, text }

    private static func decide(_ form: Form) throws -> (Int) -> Void {
        let policy = try Policy(compiling: [PolicySource(name: "rbac.rego", text: rbac)])
        let program = try policy.program(entryPoints: [["authz", "allow"]])
        let evaluator = Evaluator(version: PolicyVersion(program: program, data: .empty))
        let heap = Heap()
        let reader = JSONReader(heap: heap, symbols: program.symbols)
        let text = Array(request.utf8)
        let input = try reader.read(text)
        guard try evaluator.evaluate(entryPoint: 0, input: input).isTrue else { throw Failure.denied }
        return { times in
            for _ in 0..<times {
                if form == .text { heap.reset() }
                if let input = form == .text ? try? reader.read(text) : input {
                    blackHole(try? evaluator.evaluate(entryPoint: 0, input: input))
                }
                evaluator.reset()
            }
        }
    }

    private enum Failure: Error { case denied }

    private static let request = """
        {"method": "POST", "path": ["docs", "42"], "user": {"name": "alice", "role": "editor", "suspended": false}}
        """

    private static let rbac = """
        package authz

        default allow := false

        allow if input.user.role == "admin"

        allow if {
            input.method == "GET"
            input.path[0] == "public"
        }

        allow if {
            input.method in {"GET", "POST"}
            input.user.role == "editor"
            input.path[0] == "docs"
            not input.user.suspended
        }
        """

    /// About 2,000 lines of rules of several kinds that call one another.
    private static func large() -> String {
        var text = "package large\n\ndefault allow := false\n\n"
        for number in 0..<166 {
            text += """
                allow if {
                    input.service == "service-\(number)"
                    input.method in {"GET", "HEAD", "PURGE-\(number)"}
                    every scope in input.scopes { startswith(scope, "scope-\(number)/") }
                    permitted_\(number)[input.user.name]
                    not blocked_\(number)(input.user.groups)
                }

                permitted_\(number) contains name if some name in data.teams[_].members["service-\(number)"]
                blocked_\(number)(groups) if { some group in groups; group == concat("-", ["blocked", "\(number)"]) }


                """
        }
        return text
    }
}
