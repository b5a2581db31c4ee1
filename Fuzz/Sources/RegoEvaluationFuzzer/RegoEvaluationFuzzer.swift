// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import FuzzSupport

@testable import Rego

/// An input in JSON on the first line and a module behind it: whatever they are, evaluation ends within small limits, and
/// the engine answers what the slow evaluator answers.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard count <= 8192 else { return -1 }
    let lines = UnsafeBufferPointer(start: start, count: count).split(
        separator: 0x0A, maxSplits: 1, omittingEmptySubsequences: false)
    guard lines.count == 2 else { return -1 }
    let inputs = Heap()
    let source = PolicySource(name: "a.rego", bytes: Array(lines[1]))
    guard let input = try? JSONReader(heap: inputs).read(UnsafeBufferPointer(rebasing: lines[0])),
        let policy = try? Policy(compiling: [source]), let query = try? policy.query("x = data"),
        let program = try? policy.program(queries: [query])
    else { return -1 }
    var limits = Limits()
    limits.instructions = 20_000
    limits.heapBytes = 4 << 20
    limits.collectionElements = 10_000
    limits.stringBytes = 1 << 16
    let evaluator = Evaluator(version: PolicyVersion(program: program, data: .empty, limits: limits), limits: limits)
    let comparison = Comparison(policy: policy.analyzed, builtins: policy.builtins, stepLimit: 5_000)
    let engine = comparison.engine(query, position: 0, evaluator, input: input)
    let again = comparison.engine(query, position: 0, evaluator, input: input)
    let isRandom = policy.analyzed.requiredBuiltins.contains { name in
        policy.builtins[name]?.traits.contains(.nondeterministic) ?? false
    }
    if isRandom { return 0 }
    expect(engine.agrees(with: again), "the same evaluator answers the same")
    if case .tooMuch = engine { return 0 }
    let reference = comparison.reference(query, input: Tree(input), data: .object([]))
    if !engine.agrees(with: reference) { print("engine: \(engine)\nreference: \(reference)") }
    expect(engine.agrees(with: reference), "the engine answers what the slow evaluator answers")
    withExtendedLifetime(inputs) {}
    return 0
}
