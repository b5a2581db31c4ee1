// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import PolicyBundle

@Suite struct BundleReaderTests {
    private func read(_ files: [(String, String)]) throws -> BundleContent {
        try BundleReader().read(files: files.map { BundleFile($0.0, $0.1) })
    }

    @Test func `reads modules, data and manifest`() throws {
        let content = try read([
            (".manifest", #"{"revision":"r7","roots":["app","roles"],"rego_version":1,"metadata":{"b":1,"a":2}}"#),
            ("app/authz.rego", "package app.authz\nallow := true\n"), ("data.json", #"{"roles":{"x":[1,2.50]}}"#),
            ("app/data.json", #"{"limit":1}"#), ("roles/y/data.json", "[true]"), ("README.md", "notes"),
        ])
        #expect(content.manifest.revision == "r7")
        #expect(content.manifest.roots.list == ["app", "roles"])
        #expect(content.manifest.regoVersion == 1)
        #expect(content.manifest.metadata == Array(#"{"a":2,"b":1}"#.utf8))
        #expect(content.modules.map(\.path) == ["app/authz.rego"])
        #expect(
            String(decoding: content.data, as: UTF8.self) == #"{"app":{"limit":1},"roles":{"x":[1,2.50],"y":[true]}}"#)
        #expect(!content.isDelta)
    }

    @Test func `an empty bundle owns everything and holds nothing`() throws {
        let content = try read([])
        #expect(content.data == Array("{}".utf8))
        #expect(content.manifest.roots == .everything)
        #expect(content.modules.isEmpty)
    }

    @Test(
        arguments: [
            [("data.json", #"{"a":{"b":1}}"#), ("a/data.json", #"{"b":1}"#)],
            [("data.json", #"{"a":1}"#), ("a/data.json", #"{"b":1}"#)],
            [("data.json", #"{"a":1}"#), ("a/b/data.json", "1")], [("a/data.json", "1"), ("a/b/data.json", "1")],
            [("data.json", "1")], [("data.json", "[]")], [("data.json", "{")], [("data.json", "")],
        ])
    func `refuses data that does not fit together`(files: [(String, String)]) {
        #expect(throws: BundleFailure.self) { try read(files) }
    }

    @Test func `merges objects of several files`() throws {
        let content = try read([("data.json", #"{"a":{"b":{"c":1}}}"#), ("a/b/data.json", #"{"d":2}"#)])
        #expect(content.data == Array(#"{"a":{"b":{"c":1,"d":2}}}"#.utf8))
    }

    @Test(
        arguments: [
            "[]", "1", #"{"revision":1}"#, #"{"roots":"a"}"#, #"{"roots":[1]}"#, #"{"roots":["a","a/b"]}"#,
            #"{"roots":["","a"]}"#, #"{"roots":["a","/a/"]}"#, #"{"rego_version":2}"#, #"{"rego_version":"1"}"#,
            #"{"file_rego_versions":{"a":7}}"#, #"{"metadata":[]}"#, "{",
        ])
    func `refuses manifests that make no sense`(text: String) {
        #expect(throws: BundleFailure.self) { try read([(".manifest", text)]) }
    }

    @Test(
        arguments: [
            (#"["a"]"#, [("data.json", #"{"a":{"b":1}}"#)], true), (#"["a"]"#, [("data.json", #"{"b":1}"#)], false),
            (#"["a/b"]"#, [("data.json", #"{"a":{"b":1}}"#)], true),
            (#"["a/b"]"#, [("data.json", #"{"a":{"c":1}}"#)], false),
            (#"["a/b"]"#, [("data.json", #"{"a":1}"#)], false),
            (#"["a/b"]"#, [("data.json", #"{"a":{}}"#)], true), (#"["a"]"#, [("m.rego", "package a.b")], true),
            (#"["a/b"]"#, [("m.rego", "package a")], false), (#"["ab"]"#, [("m.rego", "package abc")], false),
            (#"[""]"#, [("m.rego", "package abc")], true), (#"[]"#, [("m.rego", "package abc")], false),
            (#"[]"#, [("data.json", "{}")], true),
        ])
    func `keeps bundles to their roots`(roots: String, files: [(String, String)], isAllowed: Bool) throws {
        let all = [(".manifest", #"{"roots":\#(roots)}"#)] + files
        if isAllowed {
            _ = try read(all)
        } else {
            let failure = #expect(throws: BundleFailure.self) { try read(all) }
            guard case .roots = failure else {
                Issue.record("refused for another reason: \(String(describing: failure))")
                return
            }
        }
    }

    @Test func `no two bundles own the same part`() throws {
        let roots = try [["a", "b/c"], ["b/d"], ["b"]].map { try BundleRoots($0) }
        try BundleRoots.checkDisjoint([("one", roots[0]), ("two", roots[1])])
        for (one, other) in [(0, 2), (1, 2), (0, 0)] {
            #expect(throws: BundleFailure.roots("the bundles 'one' and 'other' own the same part of data")) {
                try BundleRoots.checkDisjoint([("one", roots[one]), ("other", roots[other])])
            }
        }
        #expect(throws: BundleFailure.self) {
            try BundleRoots.checkDisjoint([("one", .everything), ("other", roots[1])])
        }
    }

    @Test func `names the line of a module that does not parse`() {
        let failure = #expect(throws: BundleFailure.self) { try read([("m.rego", "package a\n\nallow {")]) }
        #expect(failure?.description.hasPrefix("bundle module: m.rego:3") == true)
    }

    @Test func `reads data in YAML beside JSON`() throws {
        let content = try read([
            ("data.yaml", "a:\n  b: [1, yes, x]\n"), ("c/data.yml", "d: 2.50\n"), ("data.json", #"{"e":null}"#),
        ])
        #expect(
            String(decoding: content.data, as: UTF8.self) == #"{"a":{"b":[1,true,"x"]},"c":{"d":2.5},"e":null}"#)
        for text in ["a: [", "- 1", "a: &x [*x]", "\t", "a: 1\na: 2\n\u{1}"] {
            #expect(throws: BundleFailure.self) { try read([("data.yaml", text)]) }
        }
    }
}
