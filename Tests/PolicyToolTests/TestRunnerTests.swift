// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import PolicyTool
import Testing

@Suite struct TestRunnerTests {
    @Test(
        "judges a test by its value",
        arguments: [
            ("test_x if true", "PASS"), ("test_x := 1", "PASS"), ("test_x := false", "FAIL"),
            ("test_x if 1 == 2", "FAIL"),
            ("todo_test_x if false", "SKIPPED"),
            ("p := 1 if true\np := 2 if true\ntest_x if p == 1", "ERROR"),
            (#"test_x if http.send({"method": "GET", "url": "u"}).a with http.send as {"a": 1}"#, "PASS"),
            (#"test_x if http.send({"method": "GET", "url": "u"}).a"#, "FAIL"),
            ("test_x if yett.granted({}) with yett.granted as true", "PASS"),
            ("deep.test_x if true", "PASS"),
        ])
    func results(rule: String, word: String) throws {
        #expect(try run("package a_test\n\n\(rule)\n").map(\.result.word) == [word])
    }

    @Test("tells the cases of a test apart, also those that are undefined")
    func cases() throws {
        let outcomes = try run(
            """
            package a_test

            test_cases[name] if {
            	some name, wanted in {"one": 1, "two": 3}
            	wanted == 1
            }
            """)
        #expect(outcomes.map(\.result.word) == ["FAIL"])
        #expect(outcomes.first?.cases.map(\.name) == ["one", "two"])
        #expect(outcomes.first?.cases.map(\.isPassed) == [true, false])
    }

    @Test("runs each of several tests of one name")
    func names() throws {
        let outcomes = try run("package a_test\n\ntest_x if true\n\ntest_x if false\n")
        #expect(outcomes.map(\.fullName) == ["data.a_test.test_x", "data.a_test.test_x#01"])
        #expect(outcomes.map(\.result.word) == ["PASS", "FAIL"])
    }

    @Test("chooses tests by a pattern")
    func pattern() throws {
        var options = TestRunner.Options()
        options.pattern = "test_(b|c)$"
        let source = "package a_test\n\ntest_a if true\n\ntest_b if true\n\ntest_bb if true\n"
        #expect(try run(source, options).map(\.name) == ["test_b"])
        options.pattern = "("
        #expect(throws: PolicyProblem.self) { try run(source, options) }
    }

    @Test("ends a test that takes too long")
    func timeout() throws {
        var options = TestRunner.Options()
        options.settings.timeout = 1_000_000
        let source =
            "package a_test\n\ntest_x if count([1 | some a in numbers.range(1, 3000); some b in numbers.range(1, 3000); a == b]) > 0\n"
        #expect(try run(source, options).map(\.result.word) == ["ERROR"])
    }

    @Test("shows what a failing test printed")
    func output() throws {
        let outcomes = try run("package a_test\n\ntest_x if {\n\tprint(\"x is\", input.x)\n\tfalse\n}\n")
        #expect(outcomes.first?.output == ["x is <undefined>"])
        let text = TestText.pretty(outcomes, verbose: false)
        #expect(text.contains("data.a_test.test_x: FAIL ("))
        #expect(text.contains("  x is <undefined>\n"))
        #expect(text.hasSuffix("FAIL: 1/1\n"))
        #expect(TestText.json(outcomes).contains(#""output": "eCBpcyA8dW5kZWZpbmVkPgo=""#))
    }

    @Test("reports the lines that tests reached")
    func coverage() throws {
        let files = try TemporaryFiles([
            "a.rego": "package a\n\nallow if {\n\tinput.x\n\tinput.y\n}\n\nallow if input.z == 3\n",
            "a_test.rego": "package a_test\n\ntest_a if not data.a.allow with input as {\"x\": true}\n",
        ])
        var options = TestRunner.Options()
        options.coverage = true
        let runner = try TestRunner(files: try LoadedFiles([files.path]), options: options)
        #expect(runner.run().map(\.result.word) == ["PASS"])
        let file = try #require(runner.coverage.files.first)
        #expect(file.covered.contains(4))
        #expect(file.covered.contains(5))
        #expect(file.notCovered.contains(3))
        #expect(runner.coverage.percentage < 100)
    }

    private func run(_ source: String, _ options: TestRunner.Options = TestRunner.Options()) throws -> [TestOutcome] {
        let files = try TemporaryFiles(["a_test.rego": source])
        return try TestRunner(files: try LoadedFiles([files.path]), options: options).run()
    }
}
