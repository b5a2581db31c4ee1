// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Rego
import Testing

@Suite struct SyntaxTreeTests {
    private func write(_ value: SyntaxValue) -> String {
        switch value {
        case .null: "null"
        case .boolean(let value): value ? "true" : "false"
        case .number(let digits): digits.string
        case .string(let text): String(decoding: SyntaxPrinter.quoted(text), as: UTF8.self)
        case .array(let items): "[" + items.map(write).joined(separator: ",") + "]"
        case .object(let members):
            "{" + members.map { "\"\($0.key.string)\":" + write($0.value) }.joined(separator: ",") + "}"
        }
    }

    @Test func `shows a module as OPA does`() throws {
        let source = "package a.b\nimport data.x as y\np contains k if { not f(k) } # c\n"
        let module = try Parser.parseModule(Array(source.utf8), file: 0)
        let text = write(SyntaxTree.value(of: module, fileName: "x.rego"))
        #expect(
            text == #"{"package":{"path":[{"type":"var","value":"data"},{"type":"string","value":"a"},"#
                + #"{"type":"string","value":"b"}]},"imports":[{"path":{"type":"ref","value":[{"type":"var","value":"data"},"#
                + #"{"type":"string","value":"x"}]},"alias":"y"}],"rules":[{"head":{"name":"p","ref":[{"type":"var","#
                + #""value":"p"}],"key":{"type":"var","value":"k"}},"body":[{"index":0,"negated":true,"terms":[{"type":"ref","#
                + #""value":[{"type":"var","value":"f"}]},{"type":"var","value":"k"}]}]}],"comments":[{"Text":"IGM=","#
                + #""Location":{"file":"x.rego","row":3,"col":30}}]}"#)
    }
}
