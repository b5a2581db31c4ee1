// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Synchronization
import Testing

@testable import Rego

/// Every limit is reached by something, and has its name in the error.
@Suite struct EachLimitTests {
    private static let ranges = "numbers.range(1, 3000)"

    @Test func `instructions`() throws {
        let probe = try LimitProbe("p if { some x in \(Self.ranges); some y in \(Self.ranges); x + y == -1 }")
        #expect(try probe() == "eval_limit_error: instructions")
    }

    @Test func `as many instructions as are allowed, and not one more`() throws {
        var limits = Limits()
        limits.instructions = 0
        let rule = "p if { every x in input { x > 0 } }"
        let input = "[1, 2, 3, 4, 5, 6, 7, 8, 9]"
        while try LimitProbe(rule, limits: limits)(input) != "true" {
            limits.instructions += 1
            try #require(limits.instructions < 100)
        }
        #expect(limits.instructions >= 9)
        limits.instructions -= 1
        #expect(try LimitProbe(rule, limits: limits)(input) == "eval_limit_error: instructions")
    }

    @Test func `time`() throws {
        let probe = try LimitProbe("p if { some x in \(Self.ranges); some y in input; x == y }")
        let now = Mutex(UInt64(0))
        probe.evaluator.context.clock = {
            now.withLock { now in
                now += 30_000_000
                return now
            }
        }
        #expect(try probe("[-1, -2, -3, -4, -5]") == "eval_limit_error: time")
        #expect(try probe("[3000]") == "true")
    }

    @Test func `memory`() throws {
        var limits = Limits()
        limits.heapBytes = 1 << 20
        let probe = try LimitProbe("p := count([[x, x] | some x in numbers.range(1, input)])", limits: limits)
        #expect(try probe("100000") == "eval_limit_error: memory")
        #expect(try probe("100") == "100")
    }

    @Test func `depth of calls`() throws {
        let chain = (1...200).map { "r\($0) := r\($0 - 1) + 1" }.joined(separator: "\n")
        #expect(try LimitProbe("r0 := input\np := r100\n\(chain)")("1") == "101")
        #expect(try LimitProbe("r0 := input\np := r200\n\(chain)")("1") == "eval_limit_error: call_depth")
        let functions = (1...200).map { "f\($0)(x) := f\($0 - 1)(x) + 1" }.joined(separator: "\n")
        #expect(try LimitProbe("f0(x) := x\np := f200(input)\n\(functions)")("1") == "eval_limit_error: call_depth")
    }

    @Test(arguments: [
        ("numbers.range(1, 1000001)", "collection"), ("numbers.range(1, input.large)", "collection"),
        ("net.cidr_expand(\"0.0.0.0/0\")", "collection"), ("split(input.text, \"\")", "collection"),
        ("sprintf(\"%1000000d%1000000d%1000000d%1000000d%1000000d\", [1, 2, 3, 4, 5])", "string"),
        ("concat(\"\", [input.text | some _ in numbers.range(1, 90000)])", "string"),
        ("replace(input.text, \"\", input.text)", "string"),
        ("bits.lsh(input.one, 1000000000)", "number"), ("bits.lsh(1, 65600)", "number"),
        ("product([10000000000000000000 | some _ in numbers.range(1, 10000)])", "instructions"),
        ("1e9999 * 1e9999", "number"), ("to_number(input.digits)", "number"),
        ("json.unmarshal(\"1e11002\")", "number"), ("json.unmarshal(input.digits)", "number"),
        ("regex.match(input.pattern, \"\")", "pattern"), ("regex.match(\"\\\\pL{1000}\", input.text)", "pattern"),
        ("glob.match(input.pattern, [], \"\")", "pattern"),
        ("json.unmarshal(input.deep)", "depth"), ("yaml.unmarshal(input.deep)", "depth"),
        (
            "json.unmarshal(concat(\"\", [\"[\", concat(\",\", [\"1\" | some _ in numbers.range(1, 100001)]), \"]\"]))",
            "input"
        ),
        ("json.unmarshal(sprintf(\"%1000000d%100000d\", [1, 2]))", "input"),
    ])
    func `what builtins make`(_ expression: String, limit: String) throws {
        let zeros = String(repeating: "7", count: 1001)
        let pattern = String(repeating: "a", count: 4097)
        let text = String(repeating: "x", count: 5000)
        let deep = String(repeating: "[", count: 200) + String(repeating: "]", count: 200)
        let input = """
            {"large": 100000000000, "one": 1, "digits": "\(zeros)", "pattern": "\(pattern)", "text": "\(text)",
             "deep": "\(deep)"}
            """
        for isStrict in [false, true] {
            var limits = Limits()
            if expression.hasPrefix("split") { limits.collectionElements = 1000 }
            let probe = try LimitProbe("p := \(expression)", limits: limits, isStrict: isStrict)
            let found = try probe(input)
            #expect(found == "eval_limit_error: \(limit)")
        }
    }

    @Test(arguments: [
        (String(repeating: " ", count: 101), Limit.input), ("[" + String(repeating: "1,", count: 20) + "1]", .input),
        ("[[[[[1]]]]]", .depth), ("{\"a\":{\"a\":{\"a\":{\"a\":1}}}}", .depth), ("12345678901234567890", .number),
        ("1e112", .number), ("1e-112", .number), ("0.12345678901", .number), ("1e99999999999999999999", .number),
    ])
    func `inputs`(_ text: String, limit: Limit) throws {
        var limits = Limits()
        limits.inputBytes = 100
        limits.inputNodes = 20
        limits.inputDepth = 3
        limits.numberDigits = 10
        limits.numberExponent = 100
        var found: Limit?
        do throws(JSONFailure) {
            _ = try JSONReader(heap: Heap(), limits: limits).read(Array(text.utf8))
        } catch {
            if case .limit(let limit) = error { found = limit }
        }
        #expect(found == limit)
    }

    @Test func `results`() throws {
        let probe = try LimitProbe("p := numbers.range(1, 1000)")
        let value = try probe.evaluator.evaluate(entryPoint: 0, input: .undefined)
        var options = JSONWriter.Options()
        options.byteLimit = 1000
        var writer = JSONWriter(options)
        var found: Limit?
        do throws(BuiltinFailure) {
            try writer.write(value)
        } catch {
            if case .limit(let limit) = error { found = limit }
        }
        #expect(found == .result)
    }

    @Test func `sources`() {
        func mistake(_ source: String) -> String? {
            do throws(Diagnostics) {
                _ = try Policy(compiling: [PolicySource(name: "a", text: source)])
                return nil
            } catch {
                return error.list.first?.message
            }
        }
        let rules = (0...10_000).map { "r\($0) := 1" }.joined(separator: "\n")
        #expect(mistake("package a\n\(rules)") == "module has more than 10000 rules")
        #expect(
            mistake("package a\n#" + String(repeating: " ", count: 1 << 20)) == "source is larger than 1048576 bytes")
        let nested = String(repeating: "[", count: 5000) + String(repeating: "]", count: 5000)
        #expect(mistake("package a\np := \(nested)") == "max parsing recursion depth exceeded")
        #expect(mistake("package a\np := 1e\(String(repeating: "9", count: 20))") == "number too big")
    }
}
