// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import PolicyBundle
import PolicyTool
import Testing

@Suite struct BundleTests {
    static let content = [
        "app/a.rego": "# METADATA\n# title: T\npackage app\n\nallow if data.k.v == input.x\n",
        "k/data.json": #"{"v": 1}"#,
    ]

    @Test("makes a bundle that gives the same answers, and the same bytes each time")
    func build() throws {
        let files = try TemporaryFiles(Self.content)
        var options = BundleBuild.Options()
        options.isBundle = true
        options.revision = "r1"
        options.entryPoints = ["app/allow"]
        let bundle = try BundleBuild([files.path], options: options)
        #expect(bundle.files.map(\.path) == [".manifest", "data.json", "app/a.rego"])
        #expect(bundle.archive == (try BundleBuild([files.path], options: options)).archive)
        try bundle.write(to: files.path + "/b.tar.gz")
        var loaded = LoadedFiles()
        let content = try loaded.add(bundle: files.path + "/b.tar.gz")
        #expect(content.manifest.revision == "r1")
        var request = QueryEvaluation.Request(query: "data.app.allow", files: loaded)
        request.input = ("in", .json, Array(#"{"x": 1}"#.utf8))
        #expect(try QueryEvaluation(request).text(.pretty) == "true\n")
    }

    @Test("signs a directory, and finds what was changed afterwards")
    func sign() throws {
        let files = try TemporaryFiles(Self.content)
        let signer = try BundleKeys.signer(key: "secret", algorithm: "HS256", identifier: "default", scope: "read")
        try BundleSigning.sign(directory: files.path, to: files.path, signer: signer)
        let verification = try BundleKeys.verification(
            key: "secret", algorithm: "HS256", identifier: "default", scope: "read")
        func add() throws {
            var loaded = LoadedFiles()
            try loaded.add(bundle: files.path, verification: verification)
        }
        try add()
        try files.write("package app\n", to: "app/a.rego")
        #expect(message(in: files, add)?.hasSuffix("the file 'app/a.rego' is not the one that was signed") == true)
    }

    @Test(
        "refuses to make a bundle of what is wrong",
        arguments: [
            ("package a\n\np if q", [], "a.rego:3: rego_unsafe_var_error: var q is unsafe"),
            ("package a", ["a/b"], "--entrypoint “a/b”: there is no rule or package data.a.b"),
        ])
    func mistakes(source: String, entryPoints: [String], expected: String) throws {
        let files = try TemporaryFiles(["a.rego": source])
        var options = BundleBuild.Options()
        options.entryPoints = entryPoints
        #expect(
            message(in: files) { _ = try BundleBuild([files.path], options: options) }
                == "1 error occurred: \(expected)")
    }

    @Test("shows packages, data and metadata")
    func inspect() throws {
        let files = try TemporaryFiles(Self.content)
        let inspection = try PolicyInspection(files.path)
        #expect(inspection.namespaces.map(\.name) == ["data.app", "data.k"])
        #expect(inspection.annotations.map(\.scope) == ["package"])
        #expect(inspection.pretty(withAnnotations: true).contains("  title: T\n"))
        let json = inspection.json(withAnnotations: false).jsonText(indent: nil)
        #expect(json.contains(#""manifest":{"revision":"","roots":[""]}"#))
        #expect(json.contains(#""builtins":[{"name":"eq","decl":{"args":[{"type":"any"},{"type":"any"}],"#))
    }
}
