// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import PolicyTool
import Rego
import Testing

@Suite struct LoadedFilesTests {
    @Test("puts data below the path of its directory and merges files")
    func merging() throws {
        let files = try TemporaryFiles([
            "data.json": #"{"a": {"x": 1}}"#, "a/data.yaml": "w: [1, 2]", "a/b/other.json": #"{"z": "é"}"#,
            "m.rego": "package m", "note.txt": "no data", ".hidden.json": "broken",
        ])
        let loaded = try LoadedFiles([files.path])
        #expect(text(loaded) == #"{"a":{"b":{"z":"é"},"w":[1,2],"x":1}}"#)
        #expect(loaded.modules.map(\.name) == ["\(files.path)/m.rego"])
        #expect(loaded.dataFiles.map(\.keys) == [["a", "b"], ["a"], []])
    }

    @Test("puts a file where its prefix says")
    func prefix() throws {
        let files = try TemporaryFiles(["x.json": "[1]", "y.yml": "k: v"])
        let loaded = try LoadedFiles(["users.list:\(files.path)/x.json", "data.users:\(files.path)/y.yml"])
        #expect(text(loaded) == #"{"users":{"k":"v","list":[1]}}"#)
    }

    @Test("leaves out what is to be ignored")
    func ignoring() throws {
        let files = try TemporaryFiles([
            "a.rego": "package a", "a_test.rego": "package a_test", "vendor/b.rego": "package b",
        ])
        var options = LoadedFiles.Options()
        options.ignored = ["*_test.rego", "vendor"]
        #expect(try LoadedFiles([files.path], options: options).modules.map(\.name) == ["\(files.path)/a.rego"])
    }

    @Test(
        "says which file is wrong and why",
        arguments: [
            (["a.json": #"{"k": 1}"#, "b.json": #"{"k": 2}"#], "", "b.json: merge error"),
            (["a.json": #"{"k": 1"#], "", "a.json:1:8: unexpected end of JSON input"),
            (["a.json": "{\n  \"k\": x}"], "", "a.json:2:8: invalid character 'x' looking for beginning of value"),
            (["a.json": "[1]"], "", "a.json: the top level must be an object, it is of type array"),
            (["a.yaml": "a: [1"], "", "a.yaml: yaml: "),
            (["a.txt": ""], "/a.txt", "a.txt: not a policy (.rego) and not data (.json, .yaml)"),
            ([:], "/none", "none: No such file or directory"),
        ] as [([String: String], String, String)])
    func mistakes(content: [String: String], path: String, expected: String) throws {
        let files = try TemporaryFiles(content)
        let found = message(in: files) { _ = try LoadedFiles([files.path + path]) }
        #expect(found?.hasPrefix("1 error occurred during loading: \(expected)") == true, "\(found ?? "no error")")
    }

    @Test("takes equal values of two files for one")
    func equal() throws {
        let files = try TemporaryFiles(["a.json": #"{"k": {"v": 1}}"#, "b.json": #"{"k": {"v": 1, "w": 2}}"#])
        #expect(text(try LoadedFiles([files.path])) == #"{"k":{"v":1,"w":2}}"#)
    }

    private func text(_ files: LoadedFiles) -> String {
        String(decoding: JSONWriter.bytes(files.root), as: UTF8.self)
    }
}
