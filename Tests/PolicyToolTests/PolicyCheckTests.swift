// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import PolicyTool
import Testing

@Suite struct PolicyCheckTests {
    @Test(
        "names mistakes as opa does",
        arguments: [
            ("package a\n\np if x == 1\n", "1 error occurred: a.rego:3: rego_unsafe_var_error: var x is unsafe"),
            ("package a\n\np {\n", "1 error occurred: a.rego:"),
            (
                "package a\n\np if x == 1\nq if y == 1\n",
                "2 errors occurred:\na.rego:3: rego_unsafe_var_error: var x is unsafe\na.rego:4: rego_unsafe_var_error: var y is unsafe"
            ),
            (
                "package a\n\np := http.send({\"method\": \"GET\", \"url\": \"u\"})\n",
                "1 error occurred: a.rego:3: rego_type_error: unsafe"
            ),
        ])
    func mistakes(source: String, expected: String) throws {
        let files = try TemporaryFiles(["a.rego": source])
        let found = message(in: files) { try check(files) }
        #expect(found?.hasPrefix(expected) == true, "\(found ?? "no mistake")")
    }

    @Test("lets tests replace what a policy must not call")
    func mocks() throws {
        let files = try TemporaryFiles([
            "a_test.rego":
                "package a_test\n\ntest_a if http.send({\"method\": \"GET\", \"url\": \"u\"}).a with http.send as {\"a\": 1}\n"
        ])
        try check(files)
    }

    @Test("knows only the builtins of a capabilities file")
    func capabilities() throws {
        let files = try TemporaryFiles([
            "a.rego": "package a\n\np := count([])\n\nq := upper(\"a\")\n",
            "capabilities.json": #"{"builtins": [{"name": "count"}, {"name": "eq"}]}"#,
            "none.json": "{}",
        ])
        var settings = ToolSettings()
        settings.builtinNames = try Capabilities.builtinNames(ofFile: files.path + "/capabilities.json")
        #expect(
            message(in: files) { try check(files, settings) }
                == "1 error occurred: a.rego:5: rego_type_error: undefined function upper")
        #expect(
            message(in: files) { _ = try Capabilities.builtinNames(ofFile: files.path + "/none.json") }
                == "1 error occurred during loading: none.json: no list “builtins”")
    }

    @Test("lays sources out and shows the difference")
    func format() throws {
        let files = try TemporaryFiles(["a.rego": "package a\np if {\n  input.x\n}\n", "b.rego": "package b\n"])
        let formatted = try FormattedFile.files(at: [files.path])
        #expect(formatted.map(\.isCanonical) == [false, true])
        #expect(
            formatted.first?.difference.replacingOccurrences(of: files.path + "/", with: "") == """
                --- a.rego
                +++ a.rego
                @@ -1,4 +1,5 @@
                 package a
                +
                 p if {
                -  input.x
                +\tinput.x
                 }

                """)
        try formatted.first?.write()
        #expect(try files.text("a.rego") == "package a\n\np if {\n\tinput.x\n}\n")
    }

    private func check(_ files: TemporaryFiles, _ settings: ToolSettings = ToolSettings()) throws {
        var options = LoadedFiles.Options()
        options.readsData = false
        try PolicyCheck.run(files: try LoadedFiles([files.path], options: options), settings: settings)
    }
}
