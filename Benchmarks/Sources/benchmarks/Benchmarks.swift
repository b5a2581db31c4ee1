// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Runs the micro-benchmarks whose name contains one of the arguments, or all of them.
@main
enum Benchmarks {
    static func main() throws {
        let wanted = CommandLine.arguments.dropFirst()
        let all =
            DecisionBenchmarks.all + PolicyBenchmarks.all + ParserBenchmarks.all + AuditBenchmarks.all
            + RegoBenchmarks.all + IdentityBenchmarks.all + ProvenanceBenchmarks.all + CredentialsBenchmarks.all
        let chosen = all.filter { benchmark in
            wanted.isEmpty || wanted.contains { benchmark.name.contains($0) }
        }
        print(
            "\(pad("benchmark", 34))\(pad("median ns", 12))\(pad("min", 12))\(pad("max", 12))\(pad("goal ns", 12))mallocs"
        )
        for benchmark in chosen {
            let result = try benchmark.measure()
            let isMet =
                result.median <= benchmark.goal && result.allocations <= benchmark.allocations ?? .infinity
            print(
                pad(benchmark.name, 34) + pad(text(result.median), 12) + pad(text(result.minimum), 12)
                    + pad(text(result.maximum), 12) + pad(text(benchmark.goal), 12)
                    + text(result.allocations) + (isMet ? "" : "  over"))
        }
    }

    private static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }

    private static func text(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}
