// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import PolicyBundle

@Suite struct DataChangeTests {
    private func delta(_ patch: String, roots: String = #"[""]"#) throws -> BundleContent {
        try BundleReader().read(files: [
            BundleFile("patch.json", patch), BundleFile(".manifest", #"{"revision":"r2","roots":\#(roots)}"#),
        ])
    }

    private func apply(_ changes: String, to data: String) throws -> String {
        let content = try delta(#"{"data":[\#(changes)]}"#)
        #expect(content.isDelta)
        return String(decoding: try DataChange.apply(content.changes ?? [], to: Array(data.utf8)), as: UTF8.self)
    }

    @Test(
        arguments: [
            (#"{"op":"upsert","path":"/a/b","value":1}"#, "{}", #"{"a":{"b":1}}"#),
            (#"{"op":"upsert","path":"/a","value":{"c":[]}}"#, #"{"a":1,"b":2}"#, #"{"a":{"c":[]},"b":2}"#),
            (#"{"op":"replace","path":"/a/b","value":null}"#, #"{"a":{"b":1,"c":2}}"#, #"{"a":{"b":null,"c":2}}"#),
            (#"{"op":"remove","path":"/a/b"}"#, #"{"a":{"b":1,"c":2}}"#, #"{"a":{"c":2}}"#),
            (#"{"op":"upsert","path":"/a~1b/c~0d","value":1}"#, "{}", #"{"a/b":{"c~d":1}}"#),
            (#"{"op":"upsert","path":"/a/1","value":9}"#, #"{"a":[1,2,3]}"#, #"{"a":[1,9,3]}"#),
            (#"{"op":"upsert","path":"/a/-","value":9}"#, #"{"a":[1]}"#, #"{"a":[1,9]}"#),
            (#"{"op":"remove","path":"/a/0"}"#, #"{"a":[1,2]}"#, #"{"a":[2]}"#),
            (#"{"op":"replace","path":"/","value":{"x":1}}"#, #"{"a":1}"#, #"{"x":1}"#),
            (
                #"{"op":"upsert","path":"/a","value":1},{"op":"remove","path":"/a"},"#
                    + #"{"op":"upsert","path":"/b","value":2}"#,
                "{}", #"{"b":2}"#
            ),
        ])
    func `changes data`(changes: String, data: String, expected: String) throws {
        #expect(try apply(changes, to: data) == expected)
    }

    @Test(
        arguments: [
            #"{"op":"replace","path":"/x","value":1}"#, #"{"op":"remove","path":"/x"}"#,
            #"{"op":"remove","path":"/a/x"}"#, #"{"op":"upsert","path":"/b/c","value":1}"#,
            #"{"op":"upsert","path":"/l/7","value":1}"#, #"{"op":"upsert","path":"/l/-1","value":1}"#,
            #"{"op":"upsert","path":"/l/x","value":1}"#, #"{"op":"replace","path":"/","value":1}"#,
            #"{"op":"remove","path":"/"}"#,
        ])
    func `refuses changes that cannot be made`(change: String) {
        #expect(throws: BundleFailure.self) { try apply(change, to: #"{"a":{},"b":1,"l":[1]}"#) }
    }

    @Test(
        arguments: [
            "[]", "{}", #"{"data":{}}"#, #"{"data":[{"op":"add","path":"/a","value":1}]}"#,
            #"{"data":[{"op":"upsert","path":"/a"}]}"#, #"{"data":[{"op":"upsert","value":1}]}"#,
            #"{"data":[{"op":"upsert","path":"a","value":1}]}"#, #"{"data":[{"op":"upsert","path":"/a~2","value":1}]}"#,
            #"{"data":[{"op":"upsert","path":"/a~","value":1}]}"#, #"{"data":[1]}"#,
        ])
    func `refuses what is no list of changes`(patch: String) {
        #expect(throws: BundleFailure.self) { try delta(patch) }
    }

    @Test func `keeps changes to the roots and apart from snapshots`() throws {
        let patch = #"{"data":[{"op":"upsert","path":"/a/b","value":1}]}"#
        #expect(try delta(patch, roots: #"["a"]"#).changes?.count == 1)
        for roots in [#"["b"]"#, #"["a/b/c"]"#, "[]"] {
            #expect(throws: BundleFailure.self) { try delta(patch, roots: roots) }
        }
        #expect(throws: BundleFailure.self) {
            try BundleReader().read(files: [BundleFile("patch.json", patch), BundleFile("data.json", "{}")])
        }
    }

    @Test func `a delta changes the bundle in use`() throws {
        let base = try BundleReader().read(files: [
            BundleFile(".manifest", #"{"revision":"r1","roots":["a","b"]}"#),
            BundleFile("data.json", #"{"a":{"x":1}}"#),
            BundleFile("m.rego", "package a.m"),
        ])
        let patch = #"{"data":[{"op":"upsert","path":"/a/y","value":2}]}"#
        let changed = try base.applying(delta(patch, roots: #"["b","a"]"#))
        #expect(changed.data == Array(#"{"a":{"x":1,"y":2}}"#.utf8))
        #expect(changed.manifest.revision == "r2")
        #expect(changed.modules == base.modules)
        #expect(!changed.isDelta)
        #expect(throws: BundleFailure.self) { try base.applying(delta(patch, roots: #"["a"]"#)) }
        #expect(throws: BundleFailure.self) { try base.applying(base) }
        #expect(throws: BundleFailure.self) {
            try base.applying(delta(#"{"data":[{"op":"remove","path":"/a/z"}]}"#, roots: #"["a","b"]"#))
        }
    }
}
