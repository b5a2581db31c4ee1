// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Protocols
import Testing
import YettConfiguration

@Suite("Files with OpenAPI documents") struct OpenAPIFileTests {
    private static func diagnostics(_ text: String) -> [String] {
        let (file, diagnostics) = OpenAPIFile.read(Array(text.utf8), file: "api.yaml")
        guard let file else { return diagnostics.map(\.description) }
        return OpenAPIDocument.read(file.value, base: "").mistakes.map { file.diagnostic(of: $0).description }
    }

    @Test(
        "Every mistake is told at its place",
        arguments: [
            ("openapi: 3.1.0\npaths:\n  /a:\n    get: {operationId: a}\n", []),
            (
                "openapi: 3.1.0\npaths:\n  /a:\n    get: {operationId: a}\n    put: {operationId: a}\n",
                ["api.yaml:5:11: error: the operationId is that of another operation, at paths /a get"]
            ),
            (
                "openapi: 3.0\npaths:\n  /{id}:\n    get:\n      parameters:\n        - {name: id, in: path}\n        - {name: q, in: form}\n",
                ["api.yaml:7:21: error: a parameter stands in path, query, header or cookie"]
            ),
            (
                "{\n \"openapi\": \"3.1.0\",\n \"paths\": {\n  \"a\": {}\n }\n}",
                ["api.yaml:4:3: error: a path begins with a slash"]
            ),
            (
                "openapi: 3.1.0\npaths: {}\npaths: {}\n",
                ["api.yaml:3:1: error: the key 'paths' occurs twice in this mapping; the first one is in line 2"]
            ),
            (
                "{\"openapi\": \"3.1.0\",\n \"paths\": {}, \"paths\": {}}",
                ["api.yaml:2:27: error: this is not JSON in the form that is read here: json_duplicate_name"]
            ),
            ("openapi: [", ["api.yaml:2:1: error: this is not YAML: did not find expected node content"]),
        ])
    func places(_ text: String, _ expected: [String]) {
        #expect(Self.diagnostics(text) == expected)
    }

    @Test func `A file that is deep, or grows by its aliases, is refused`() {
        let deep = "openapi: 3.1.0\nx: " + String(repeating: "[", count: 80) + String(repeating: "]", count: 80)
        #expect(Self.diagnostics(deep).count == 1)
        var bomb = "openapi: 3.1.0\na0: &a0 [1,1,1,1,1,1,1,1,1]\n"
        for level in 1..<9 {
            bomb += "a\(level): &a\(level) [" + (0..<9).map { _ in "*a\(level - 1)" }.joined(separator: ",") + "]\n"
        }
        #expect(!Self.diagnostics(bomb).isEmpty)
    }
}
